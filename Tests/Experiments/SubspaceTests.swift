import Experiments
import Interventions
import Testing
import Transformers

/// What `subspace` removes and sets, against the single edits that say the same.
@Suite struct SubspaceTests {
    @Test func `all directions set to their mean are the mean, removed are zero, and set to the base's are the base's`()
        throws
    {
        let (models, pairs, context) = (try TinyStudy.models(), try TinyStudy.pairs(), MemoryContext())
        let width = models.base.shape.width
        let spectrum = try DifferenceSpectrum(
            models, pairs, halves: Halves(all: pairs.count), site: .residualPost, layer: 1, positions: .response,
            isCentred: false, keep: width, in: context)
        // The mean of the tuned model's activations, read one by one.
        var sums = [Double](repeating: 0, count: width)
        var rows = 0
        let capture = Capture(site: .residualPost, layers: [1], positions: .response)
        try Walk(models, threads: 1).read([capture], over: pairs) { reading in
            for row in reading.rows.indices {
                for index in 0..<width { sums[index] += Double(reading.tuned[row * width + index]) }
            }
            rows += reading.rows.count
        }
        let mean = sums.map { $0 / Double(rows) }
        #expect(zip(spectrum.directions.tunedMean, mean).allSatisfy { abs($0 - $1) < 1e-5 })

        let sweep = try SubspaceSweep(
            models, pairs, along: spectrum.directions, ranks: [2, width], bases: [.random], negligible: 0.1,
            in: MemoryContext())
        func single(_ change: Change) throws -> (margin: [Double], divergence: [Double]) {
            let edit = Edit(site: .residualPost, layer: 1, positions: .response, change: change)
            let found = try Walk(models, threads: 2).run(
                [
                    Route(clean: .tuned, layers: models.layers),
                    Route(recipient: .tuned, layers: models.layers, edit: edit),
                ],
                over: pairs, measuresDivergence: true
            ).byRoute
            return (
                zip(found[1], found[0]).map { $0.margin - $1.margin },
                zip(found[1], found[0]).map { ($0.divergence ?? .nan) - ($1.divergence ?? .nan) }
            )
        }
        for (kind, change) in [
            (SubspaceSweep.Kind.averaged, Change.set(mean.map(Float.init))), (.removed, .setToZero),
            (.donated(.baseToTuned), .replace(donor: .base)),
        ] {
            let row = try #require(sweep.rows(kind, .random).last)
            try #require(row.rank == width)
            let expected = try single(change)
            for (found, expected) in zip(row.byPair.margin, expected.margin) { #expect(abs(found - expected) < 2e-3) }
            for (found, expected) in zip(row.byPair.divergence, expected.divergence) {
                #expect(abs(found - expected) < 2e-3)
            }
        }
        let full = try #require(sweep.full(.baseToTuned))
        #expect(full.ofFull?.estimate == 1 && full.energy == 1)
        let few = try #require(sweep.rows(.donated(.baseToTuned), .random).first)
        let share = few.byPair.margin.reduce(0, +) / full.byPair.margin.reduce(0, +)
        #expect(abs(try #require(few.ofFull).estimate - share) < 1e-12)
    }
}
