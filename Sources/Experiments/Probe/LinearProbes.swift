import Interventions
import Numerics
import Statistics
import Transformers

/// What linear probes read off each layer's activations, which is not what the activations do.
public struct LinearProbes: Sendable {
    /// Whose activations are read.
    public enum Activations: String, CaseIterable, Sendable {
        /// The base's.
        case base
        /// The tuned model's.
        case tuned
        /// Tuned minus base.
        case difference
    }

    /// How well the probe of one layer does.
    public struct Layer: Sendable {
        /// The layer, from 0.
        public let layer: Int
        /// Whose activations are read.
        public let activations: Activations
        /// R² for the gain, else the share of responses classified correctly.
        public let score: Double
        /// Of the score, over prompts.
        public let interval: Interval?
        /// The score with labels permuted at random.
        public let shuffled: Double
        /// The score of lengths alone.
        public let lengthOnly: Double
    }

    private let models: ModelPair
    private let capture: Capture
    private let activations: [Activations]
    private let isGain: Bool
    private let takesLast: Bool
    private let folds: Int
    private let shuffles: Int

    /// Probes at a site; nothing runs yet.
    /// - Parameters:
    ///   - isGain: whether the pair's gain is read rather than which response was chosen.
    ///   - takesLast: whether a response's last token is read rather than the mean over its tokens.
    public init(
        _ models: ModelPair, site: Site, layers: [Int], positions: Positions, activations: [Activations], isGain: Bool,
        takesLast: Bool, folds: Int, shuffles: Int
    ) {
        self.models = models
        capture = Capture(site: site, layers: layers, positions: positions)
        self.activations = activations
        self.isGain = isGain
        self.takesLast = takesLast
        self.folds = folds
        self.shuffles = shuffles
    }

    private var layers: [Int] { capture.layers }

    /// One probe for each layer of each model.
    private var probes: [(activations: Activations, layer: Int)] {
        activations.flatMap { activations in layers.map { (activations, $0) } }
    }

    /// What a probe that knows nothing scores: R² of 0, or half of the responses.
    public var chance: Double { isGain ? 0 : 0.5 }

    /// Fits and judges one probe for each layer of each model.
    /// - Throws: ``ExperimentError/emptySelection(_:pair:)``, `PatchError`, what keeps parts from being kept, and `RegressionError`,
    ///   such as for gains that are all the same.
    public func scores(_ pairs: [PackedPair], in context: some RunContext) throws -> [Layer] {
        let (features, gains) = try context.both(
            { try self.features(pairs, context) },
            { () throws -> [Double] in
                guard isGain else { return [] }
                let margins = try context.cleanMargins(models, over: pairs)
                return margins.margins(ofRoute: 1).minus(margins.margins(ofRoute: 0))
            })
        let trial = ProbeTrial(pairs: pairs, gains: gains, folds: folds, shuffles: shuffles, seed: context.seed)
        let lengthOnly = try trial.lengthOnly()
        let results = Workers(count: context.threads).map(features.count) { place in
            Result { try trial.score(features[place]) }
        }
        return try zip(probes, results).map { probe, result in
            let found = try result.get()
            return Layer(
                layer: probe.layer, activations: probe.activations, score: found.score, interval: found.interval,
                shuffled: found.shuffled,
                lengthOnly: lengthOnly)
        }
    }

    /// Pooled activations of both responses, `[probe]`: rows are pairs, chosen minus rejected, for the gain, else the responses.
    ///
    /// What is kept of a unit is what the probes are fitted on and no more: one row per pair and probe for the gain, else two.
    private func features(_ pairs: [PackedPair], _ context: some RunContext) throws -> [DoubleMatrix] {
        let (sides, count) = (isGain ? 1 : 2, probes.count)
        let work = Work(
            name: "features", noun: "pairs read", over: pairs,
            read: { range, bytes in
                KeptDoubles.numbers(bytes).flatMap { $0.count % (count * range.count * sides) == 0 ? $0 : nil }
                    .map { (numbers: $0, rows: range.count * sides) }
            },
            write: { KeptDoubles.bytes($0.numbers) },
            cost: context.cost(of: capture, in: models, over: pairs),
            run: { range, _ in
                (
                    numbers: try read(Array(pairs[range]), first: range.lowerBound, context),
                    rows: range.count * sides
                )
            })
        return try context.fold(work, into: probes.map { _ in [[Double]]() }) { rows, part in
            let width = part.numbers.count / (count * part.rows)
            for number in 0..<count * part.rows {
                rows[number / part.rows].append(Array(part.numbers[number * width..<(number + 1) * width]))
            }
        }.map { DoubleMatrix(rows: $0) }
    }

    /// One unit's rows, a probe after another.
    private func read(_ group: [PackedPair], first: Int, _ context: some RunContext) throws -> [Double] {
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        var pooled = probes.map { _ in [[[Double]?]](repeating: [nil, nil], count: group.count) }
        try context.walk(models).read([capture], over: group) { reading in
            guard let layer = place[reading.layer] else { return }
            for (side, isChosen) in [(0, true), (1, false)] {
                // What a prompt holds is the same for both responses.
                let rows = reading.rows.indices.filter {
                    reading.rows[$0].isChosen == isChosen || reading.rows[$0].isChosen == nil
                }
                let kept = takesLast ? rows.suffix(1) : rows[...]
                guard !kept.isEmpty else { continue }
                for (place, activations) in activations.enumerated() {
                    pooled[place * layers.count + layer][reading.pair][side] = (0..<reading.width).map { column in
                        kept.reduce(0) { $0 + activations.value(reading, $1 * reading.width + column) }
                            / Double(kept.count)
                    }
                }
            }
        }
        return try pooled.flatMap { probe in
            try probe.enumerated().flatMap { pair, sides in
                guard let chosen = sides[0], let rejected = sides[1] else {
                    throw ExperimentError.emptySelection(capture.positions, pair: first + pair)
                }
                return isGain ? zip(chosen, rejected).map { $0 - $1 } : chosen + rejected
            }
        }
    }
}

extension LinearProbes.Activations {
    fileprivate func value(_ reading: Reading, _ index: Int) -> Double {
        switch self {
        case .base: Double(reading.base[index])
        case .tuned: Double(reading.tuned[index])
        case .difference: Double(reading.tuned[index]) - Double(reading.base[index])
        }
    }
}
