import Interventions
import Transformers

/// Reads what tells the models' activations apart at a site, layer by layer, as sums that need no activation kept.
struct DifferenceReader {
    let models: ModelPair
    let site: Site
    let positions: Positions

    /// The moments at one layer over all positions of all pairs.
    ///
    /// Two matrices of width² come from a walk as short as a score's, so there are at most eight units: for a width of 2048 each
    /// keeps 67 MB.
    /// - Parameters:
    ///   - name: tells these sums from others of the experiment.
    ///   - noun: what is counted while they are read.
    func moments(
        layer: Int, over pairs: [PackedPair], name: String, noun: String, _ context: some RunContext
    ) throws -> DifferenceMoments {
        let width = width(layer)
        let work = Work(
            name: name, noun: noun, over: pairs, most: 8,
            read: { _, bytes in
                KeptDoubles.numbers(bytes).flatMap(DifferenceMoments.init).flatMap { $0.width == width ? $0 : nil }
            },
            write: { KeptDoubles.bytes($0.numbers) },
            cost: context.cost(of: capture([layer]), in: models, over: pairs)
        ) { range, progress in
            var moments = DifferenceMoments(width: width)
            try walk([layer], Array(pairs[range]), context, progress: progress) { moments.add($0) }
            return moments
        }
        return try checked(context.fold(work, into: DifferenceMoments(width: width)) { $0.add($1) })
    }

    /// The moments at each layer over all positions of all pairs, in one walk.
    func moments(
        layers: [Int], over pairs: [PackedPair], _ context: some RunContext
    ) throws -> [(layer: Int, moments: DifferenceMoments)] {
        var byLayer: [Int: DifferenceMoments] = [:]
        try walk(layers, pairs, context) { reading in
            byLayer[reading.layer, default: DifferenceMoments(width: reading.width)].add(reading)
        }
        return try layers.map { ($0, try checked(byLayer[$0])) }
    }

    /// The mean difference at each layer over all positions of all pairs, `[layer: [width]]`.
    func means(layers: [Int], over pairs: [PackedPair], _ context: some RunContext) throws -> [Int: [Double]] {
        let widths = layers.map(width)
        let starts = widths.indices.map { widths[..<$0].reduce(1, +) }
        let places = Dictionary(uniqueKeysWithValues: zip(layers, layers.indices))
        // How many positions, then the sums of one layer after another.
        let none = [Double](repeating: 0, count: widths.reduce(1, +))
        let work = Work(
            name: "direction", noun: "pairs for the direction", over: pairs, most: 64,
            read: { _, bytes in KeptDoubles.numbers(bytes, count: none.count) }, write: KeptDoubles.bytes,
            cost: context.cost(of: capture(layers), in: models, over: pairs)
        ) { range, progress in
            var sums = none
            try walk(layers, Array(pairs[range]), context, progress: progress) { reading in
                guard let place = places[reading.layer] else { return }
                if place == 0 { sums[0] += Double(reading.rows.count) }
                for (index, value) in reading.tuned.enumerated() {
                    sums[starts[place] + index % reading.width] += Double(value) - Double(reading.base[index])
                }
            }
            return sums
        }
        let sums = try context.fold(work, into: none) { total, part in total = zip(total, part).map(+) }
        guard sums[0] > 0 else { throw ExperimentError.emptySelection(positions, pair: nil) }
        return places.mapValues { place in
            sums[starts[place]..<starts[place] + widths[place]].map { $0 / sums[0] }
        }
    }

    /// A zero difference at each layer, used in place of the means where only the work is counted.
    func zeros(layers: [Int]) -> [Int: [Double]] {
        Dictionary(
            uniqueKeysWithValues: layers.map {
                ($0, Array(repeating: 0, count: width($0)))
            })
    }

    private func walk(
        _ layers: [Int], _ pairs: [PackedPair], _ context: some RunContext, progress: (Int) -> Void = { _ in },
        body: (Reading) -> Void
    ) throws {
        try context.walk(models).read([capture(layers)], over: pairs, progress: progress, body: body)
    }

    private func width(_ layer: Int) -> Int { models.base.shape(of: site, layer: layer)?.width ?? 0 }

    func capture(_ layers: [Int]) -> Capture { Capture(site: site, layers: layers, positions: positions) }

    private func checked(_ moments: DifferenceMoments?) throws(ExperimentError) -> DifferenceMoments {
        guard let moments, moments.count > 0 else { throw .emptySelection(positions, pair: nil) }
        return moments
    }
}
