import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

/// KL(tuned ‖ run), and the control that takes its direction from the base's own activations.
@Suite struct DivergenceTests {
    @Test func `the tuned model's last state under its own head does not diverge from it, and no run is closer`() throws
    {
        let models = try TinyPair.models("tuned")
        let pairs = try TinyPair.pairs()
        let ends = PatchSweep.ends(.tunedToBase, layers: models.layers)
        let routes = TinyPair.everyKind(models) + [ends.head]
        let found = try Walk(models, threads: 2).run(routes, over: pairs, measuresDivergence: true).byRoute
        #expect(found[1].allSatisfy { $0.divergence == 0 })
        #expect(found[routes.count - 1].allSatisfy { $0.divergence == 0 })
        #expect(found.joined().allSatisfy { ($0.divergence ?? -1) > -1e-9 })
        #expect(found[0].allSatisfy { ($0.divergence ?? 0) > 0.01 })
    }

    @Test func `threads, memory and pairs that walk beside change no bit of it`() throws {
        let models = try TinyPair.models("tuned")
        var random = RandomRoutes(seed: 21, models)
        let pairs = random.pairs(6)
        let routes = random.draw(20, alone: true)
        func run(_ threads: Int, _ memory: Int, _ pairs: [PackedPair]) throws -> [[ResponseLogProbabilities]] {
            try Walk(models, threads: threads, memory: memory).run(routes, over: pairs, measuresDivergence: true)
                .byRoute
        }
        let one = try run(1, 1 << 40, pairs)
        #expect(try run(3, 1 << 40, pairs) == one)
        #expect(try run(2, 1, pairs) == one)
        for (place, pair) in pairs.enumerated() {
            let alone = try run(2, 1 << 40, [pair])
            TinyPair.expectSame(alone.map { $0[0] }, one.map { $0[place] })
        }
    }

    @Test
    func `its change is as long as the patch's own, and runs along a difference of two of the base's activations`()
        throws
    {
        let models = try TinyPair.models("tuned")
        let prompt = [5, 17, 3, 42, 8, 61]
        let walk = Walk(models, threads: 1)
        func logits(_ change: Change?) throws -> [Double] {
            var route = Route(clean: .base, layers: models.layers)
            if let change {
                route.edits = [Edit(site: .finalNorm, layer: models.layers - 1, positions: .lastPrompt, change: change)]
            }
            return try walk.logits(of: route, prompt: prompt, continuation: []).map(Double.init)
        }
        let clean = try logits(nil)
        func less(_ left: [Double], _ right: [Double]) -> [Double] { zip(left, right).map { $0 - $1 } }
        func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        // What a change of the final norm's output was, from what it did to the logits: least squares.
        let width = models.base.shape.width
        let unembedding = DoubleMatrix(
            columns: try (0..<width).map { index in
                var unit = [Float](repeating: 0, count: width)
                unit[index] = 1
                return less(try logits(.add(unit)), clean)
            })
        func change(_ change: Change) throws -> [Double] {
            try LinearAlgebra.solve(
                unembedding.transposedTimes(unembedding), unembedding.transposedTimes(less(try logits(change), clean)))
        }
        let patch = try change(.replace(donor: .tuned))
        var states: [[Double]] = []
        let pair = PackedPair(id: 0, cluster: 0, prompt: prompt, chosen: [0], rejected: [])
        try walk.read([Capture(site: .finalNorm, layers: [], positions: .all)], over: [pair]) { reading in
            states = reading.rows.indices.map { row in
                reading.base[row * width..<(row + 1) * width].map(Double.init)
            }
        }
        #expect(states.count == prompt.count + 1)
        for seed in UInt64(0)..<4 {
            let found = try change(.push(donor: .tuned, .baseDifference, seed: seed))
            #expect(abs((dot(found, found) / dot(patch, patch)).squareRoot() - 1) < 1e-3)
            let alike = states.flatMap { left in
                states.map { right -> Double in
                    let difference = less(left, right)
                    let length = (dot(difference, difference) * dot(found, found)).squareRoot()
                    return length == 0 ? 0 : dot(difference, found) / length
                }
            }
            #expect((alike.max() ?? 0) > 0.9999)
        }
    }

    @Test(arguments: [Site.residualPost, .feedForwardOutput, .value, .embedding, .finalNorm])
    func `a text's donors are those of a pair with that text, whatever walks beside`(_ site: Site) throws {
        let models = try TinyPair.models("tuned")
        let text = [7, 70, 30, 12, 55, 9, 41]
        let prompt = [5, 17, 3, 42]
        let layer = site == .embedding ? 0 : site == .finalNorm ? models.layers - 1 : 1
        func route(_ donor: Source, _ change: Change) -> Route {
            Route(
                recipient: donor.other, layers: models.layers,
                edit: Edit(site: site, layer: layer, positions: .all, change: change))
        }
        let pair = PackedPair(id: 0, cluster: 0, prompt: prompt, chosen: [8, 61, 2], rejected: [])
        // The same donors by way of another pair: prompt from prompt, response from response.
        let other = PackedPair(
            id: 1, cluster: 1, prompt: Array(text[..<4]), chosen: Array(text[4...]), rejected: [])
        var random = RandomRoutes(seed: 23, models)
        let beside = random.pairs(3)
        for donor in Source.allCases {
            let named = try Walk(models, threads: 1).run(
                [route(donor, .replace(donor: donor, from: .text(text)))], over: [pair] + beside
            ).byRoute[0][0]
            let alone = try Walk(models, threads: 2).run(
                [route(donor, .replace(donor: donor, from: .text(text)))], over: [pair]
            ).byRoute[0]
            let paired = try Walk(models, threads: 1).run(
                [route(donor, .replace(donor: donor, from: .otherPair))], over: [pair, other]
            ).byRoute[0][0]
            TinyPair.expectSame(alone, [named])
            #expect(abs(named.chosen - paired.chosen) < 1e-4)
        }
    }

    @Test(arguments: [Site.residualPost, .feedForwardOutput, .value, .embedding, .finalNorm])
    func `a difference of base activations depends on the seed alone`(
        _ site: Site
    ) throws {
        let models = try TinyPair.models("tuned")
        var random = RandomRoutes(seed: 22, models)
        let pairs = random.pairs(4)
        let layer = site == .embedding ? 0 : site == .finalNorm ? models.layers - 1 : 1
        func routes(_ seed: UInt64) -> [Route] {
            Source.allCases.map { donor in
                Route(
                    recipient: donor.other, layers: models.layers,
                    edit: Edit(
                        site: site, layer: layer, positions: .response,
                        change: .push(donor: donor, .baseDifference, seed: seed)))
            }
        }
        func run(_ seed: UInt64, _ pairs: [PackedPair], threads: Int = 2) throws -> [[ResponseLogProbabilities]] {
            try Walk(models, threads: threads).run(routes(seed), over: pairs).byRoute
        }
        let found = try run(3, pairs)
        #expect(try run(3, pairs, threads: 1) == found)
        #expect(try run(4, pairs) != found)
        for (place, pair) in pairs.enumerated() {
            TinyPair.expectSame(try run(3, [pair]).map { $0[0] }, found.map { $0[place] })
        }
    }
}
