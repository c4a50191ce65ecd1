import Experiments
import Interventions
import Testing

/// Experiments on two models and some pairs, as a program without notebooks would run them.
@Suite struct ExperimentTests {
    @Test func `a sweep finds its identities, and what the tokens change sums to the gain`() throws {
        let (models, pairs, context) = (try TinyStudy.models(), try TinyStudy.pairs(), MemoryContext())
        var request = PatchRequest(layers: Array(0..<models.layers))
        request.controls = [.itself]
        let effects = try PatchResult(request, models, pairs, halves: Halves(all: pairs.count), in: context).effects
        #expect(effects.selfPatch == 0)
        #expect(effects.donorsHead == 0)
        #expect(effects.sums.count == 2 && effects.sums.allSatisfy { abs($0.missing) < 1e-9 })
        let tuned = ModelRun(models, Route(clean: .tuned, layers: models.layers))
        for (number, pair) in pairs.enumerated() {
            let changes = try TokenChanges(pair, under: tuned, in: context)
            let gain =
                changes.chosen.reduce(0) { $0 + $1.difference } - changes.rejected.reduce(0) { $0 + $1.difference }
            #expect(abs(gain - effects.measures.gain[number]) < 1e-4)
        }
    }

    @Test func `the lens on the last layer is the model, and scores agree with it`() throws {
        let (models, pairs, context) = (try TinyStudy.models(), try TinyStudy.pairs(), MemoryContext())
        let lens = try LogitLens(models, pairs, layers: [0, models.layers - 1], in: context)
        #expect(try #require(lens.difference) < 1e-4)
        let scores = try PairScores(models, pairs, isPerToken: false, in: context)
        for (score, gain) in zip(scores.pairs, try #require(lens.last).gains) { #expect(abs(score.gain - gain) < 1e-4) }
        #expect(try LogitLens(models, pairs, layers: [0], in: context).difference == nil)
    }

    @Test func `what an earlier run kept gives the same distances`() throws {
        let (models, pairs, context) = (try TinyStudy.models(), try TinyStudy.pairs(), MemoryContext())
        let distances = ActivationDistances(
            models, site: .residualPost, layers: [0, 2], positions: .response, measure: .projection, pool: .mean)
        let first = try distances.layers(of: pairs, fit: [0, 1], in: context)
        let kept = context.kept
        let second = try distances.layers(of: pairs, fit: [0, 1], in: context)
        #expect(first.map(\.byPair) == second.map(\.byPair))
        #expect(kept == ["direction 0", "distances 0"] && context.kept == kept)
    }

    @Test func `positions that select nothing are named with their pair`() throws {
        let far = Positions.explicit([400])
        let distances = ActivationDistances(
            try TinyStudy.models(), site: .residualPost, layers: [0], positions: far, measure: .l2, pool: .mean)
        #expect(throws: ExperimentError.emptySelection(far, pair: 0)) {
            try distances.layers(of: TinyStudy.pairs(), fit: [], in: MemoryContext())
        }
    }
}

/// Work in units: what is kept is not computed again, and the fold is in the order of the units.
@Suite struct WorkTests {
    /// Squares of 0, 1, 2, one per unit; `computed` is told of each that is computed.
    private static func squares(_ computed: @escaping (Int) -> Void) -> Work<Int> {
        Work(
            name: "square", noun: "numbers", counts: [1, 1, 1], read: { $1.first.map { Int($0) } },
            write: { [UInt8($0)] },
            run: { unit, _ in
                computed(unit)
                return unit * unit
            })
    }

    @Test func `units that are kept are not computed again, and unreadable ones are`() throws {
        let context = MemoryContext()
        context.keep("square 1", [9], step: nil)
        context.keep("square 2", [], step: nil)
        var computed: [Int] = []
        let folded = try context.fold(Self.squares { computed.append($0) }, into: [Int]()) { $0.append($1) }
        #expect(folded == [0, 9, 4])
        #expect(computed == [0, 2])
        #expect(context.kept == ["square 0", "square 1", "square 2"])
    }
}
