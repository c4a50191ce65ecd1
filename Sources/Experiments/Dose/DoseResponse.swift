import Interventions
import Statistics

import Transformers

/// What a share α of tuning's change does to the base, for several α.
public struct DoseResponse: Sendable {
    /// What the share is taken of.
    public enum Substance: Sendable {
        /// `W_base + α (W_tuned − W_base)`
        case weights
        /// `h + α v`, v the mean of h_T − h_B over the fit pairs at a site and positions.
        case meanDifference(site: Site, positions: Positions)
    }

    /// Where the change is made.
    public enum Part: Sendable, Equatable {
        /// The whole model.
        case whole
        /// These layers.
        case layers([Int])

        var layers: [Int]? { if case .layers(let layers) = self { layers } else { nil } }

        func layers(of models: ModelPair) -> [Int] { layers ?? Array(0..<models.layers) }
    }

    /// One dose in one part.
    public struct Row: Sendable {
        /// Where the change is made.
        public let part: Part
        /// α.
        public let scale: Double
        /// The margin of each pair, in nats, `[pair]`.
        public let margins: [Double]
        /// The mean over pairs, and its interval over prompts, of whether the margin is above 0.
        public let accuracy: (mean: Double, interval: Interval?)
        /// The same of KL(tuned ‖ run), in nats.
        public let divergence: (mean: Double, interval: Interval?)
        /// Of the margin minus the base's.
        public let effect: EffectStatistics.Row
        /// Of the effect minus α times the effect of the whole dose; nil at 0 and at 1, where it is nothing by definition.
        public let departure: EffectStatistics.Row?
    }

    /// Doses within parts, rising.
    public let rows: [Row]
    /// The parts, in the order asked for.
    public let parts: [Part]
    /// The number of each pair that was run, among all pairs given: all of them, or those that did not choose a direction.
    public let numbers: [Int]

    /// Runs doses.
    /// - Parameters:
    ///   - scales: α; 0 and 1 are always added.
    ///   - halves: directions are found on the fit pairs, and run on the confirm pairs; doses of weights run on all.
    ///   - negligible: effects within ± this count as nothing.
    /// - Throws: ``ExperimentError``, `PatchError`, and what keeps parts from being kept.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], of substance: Substance = .weights, scales: [Double], parts: [Part],
        halves: Halves, negligible: Double, in context: some RunContext
    ) throws {
        self.parts = parts
        let scales = Set(scales + [0, 1]).sorted()
        let runs: [[[ResponseLogProbabilities]]]
        switch substance {
        case .weights:
            numbers = Array(pairs.indices)
            runs = try Self.weights(models, pairs, scales, parts, context)
        case .meanDifference(let site, let positions):
            numbers = halves.confirm
            let run = pairs.at(halves.confirm)
            let reader = DifferenceReader(models: models, site: site, positions: positions)
            let layers = Set(parts.flatMap { $0.layers(of: models) }).sorted()
            let margins = try context.after(
                { try reader.means(layers: layers, over: pairs.at(halves.fit), context) },
                standIn: { reader.zeros(layers: layers) }
            ) { means in
                let routes = parts.flatMap { part in
                    scales.map { scale in
                        var route = Route(clean: .base, layers: models.layers)
                        guard scale != 0 else { return route }
                        route.edits = part.layers(of: models).map { layer in
                            Edit(
                                site: site, layer: layer, positions: positions,
                                change: .add((means[layer] ?? []).map { Float(scale * $0) }))
                        }
                        return route
                    }
                }
                return try context.margins(
                    of: routes, in: models, over: run, name: "dose", measuresDivergence: true)
            }
            runs = parts.indices.map { part in
                Array(margins.byRoute[part * scales.count..<(part + 1) * scales.count])
            }
        }
        let statistics = EffectStatistics(
            clusters: pairs.at(numbers).map(\.cluster), negligible: negligible, seed: context.seed)
        rows = zip(parts, runs).flatMap { Self.rows($0, scales, $1, statistics) }
    }

    /// Runs with a share of the change of the weights, `[part][scale][pair]`.
    private static func weights(
        _ models: ModelPair, _ pairs: [PackedPair], _ scales: [Double], _ parts: [Part], _ context: some RunContext
    ) throws -> [[[ResponseLogProbabilities]]] {
        let doses = parts.indices.flatMap { part in scales.map { (part: part, scale: $0) } }
        func isClean(_ part: Int, _ scale: Double) -> Bool { scale == 0 || (scale == 1 && parts[part] == .whole) }
        let (clean, scaled) = try context.both(
            {
                try context.margins(
                    of: Route.clean(layers: models.layers), in: models, over: pairs, name: "clean",
                    measuresDivergence: true
                ).byRoute
            },
            {
                try context.each(doses.filter { !isClean($0.part, $0.scale) }) { dose in
                    let scaled = try ModelPair(
                        base: models.mixture(share: Float(dose.scale), layers: parts[dose.part].layers),
                        tuned: models.tuned)
                    return try context.margins(
                        of: [Route(clean: .base, layers: models.layers)], in: scaled, over: pairs,
                        name: "dose \(dose.part) at \(dose.scale)", measuresDivergence: true
                    ).byRoute[0]
                }
            })
        var next = scaled.makeIterator()
        return parts.indices.map { part in
            scales.map { scale in
                isClean(part, scale) ? clean[scale == 0 ? 0 : 1] : next.next() ?? []
            }
        }
    }

    private static func rows(
        _ part: Part, _ scales: [Double], _ runs: [[ResponseLogProbabilities]], _ statistics: EffectStatistics
    ) -> [Row] {
        let margins = runs.map { $0.map(\.margin) }
        let none = scales.firstIndex(of: 0) ?? 0
        let whole = scales.firstIndex(of: 1) ?? 0
        let effects = margins.map { $0.minus(margins[none]) }
        let moved = scales.indices.filter { scales[$0] != 0 && scales[$0] != 1 }
        let gain = effects[whole]
        let departures = moved.map { place in effects[place].minus(effects[whole].map { scales[place] * $0 }) }
        let found = statistics.rows(
            effects + departures, gain: gain,
            families: [Array(effects.indices), departures.indices.map { effects.count + $0 }])
        let measures = margins.map { $0.map { $0 > 0 ? 1.0 : 0 } } + runs.map { $0.map { $0.divergence ?? .nan } }
        let intervals = ClusterBootstrap(seed: statistics.seed).means(
            of: ClusteredValues(measures, clusters: statistics.clusters))
        return scales.indices.map { place in
            Row(
                part: part, scale: scales[place], margins: margins[place],
                accuracy: (measures[place].mean, intervals[place]),
                divergence: (measures[scales.count + place].mean, intervals[scales.count + place]),
                effect: found[place],
                departure: moved.firstIndex(of: place).map { found[effects.count + $0] })
        }
    }

    /// The doses of a part, rising.
    public func rows(of part: Part) -> [Row] { rows.filter { $0.part == part } }

    /// The stretch of doses around 0 and 1 on which no departure of a part differs from nothing at 5 %, over all doses at once.
    public func straight(_ part: Part) -> (lower: Double, upper: Double) {
        let rows = rows(of: part)
        func isStraight(_ row: Row) -> Bool { (row.departure?.p ?? 1) >= 0.05 }
        let below = rows.filter { $0.scale <= 0 }.reversed().prefix(while: isStraight).last
        let above = rows.filter { $0.scale >= 1 }.prefix(while: isStraight).last
        return (below?.scale ?? 0, above?.scale ?? 1)
    }

    /// Whether no departure between 0 and 1 differs from nothing at 5 %.
    public func isStraightBetween(_ part: Part) -> Bool {
        rows(of: part).allSatisfy { $0.scale < 0 || $0.scale > 1 || ($0.departure?.p ?? 1) >= 0.05 }
    }
}
