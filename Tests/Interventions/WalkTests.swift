import Checkpoints
import Interventions
import JSON
import Synchronization
import TestSupport
import Testing
import Transformers

/// Fixtures: `scripts/fixtures/llamas.py`; every expected margin comes from plain PyTorch hooks, one forward each.
@Suite struct WalkTests {
    @Test(arguments: ["tuned", "adapter"], TinyPair.positions)
    func `patched log-probabilities agree with plain PyTorch hooks`(_ other: String, _ positions: Positions) throws {
        let models = try TinyPair.models(other)
        let pairs = try TinyPair.pairs()
        let expected = try TinyPair.expected(other, positions)
        var routes = Source.allCases.map { Route(clean: $0, layers: models.layers) }
        let places = Source.allCases.flatMap { donor in (0..<models.layers).map { (donor, $0) } }
        for (donor, layer) in places { routes.append(TinyPair.patch(models, donor, layer, positions)) }
        let margins = try Walk(models, threads: 2).run(routes, over: pairs)
        for pair in pairs.indices {
            for (route, name) in ["base", "tuned"].enumerated() {
                TinyPair.expectClose(margins.byRoute[route][pair], expected[pair][name])
            }
            for (index, (donor, layer)) in places.enumerated() {
                let direction = donor == .tuned ? "tuned_to_base" : "base_to_tuned"
                TinyPair.expectClose(margins.byRoute[2 + index][pair], expected[pair][direction]?.array?[layer])
            }
        }
    }

    @Test(arguments: TinyPair.positions)
    func `a self-patch changes nothing, bit for bit`(_ positions: Positions) throws {
        let models = try TinyPair.models("tuned")
        let routes =
            [Route(clean: .base, layers: 3)]
            + (0..<3).map { layer in
                Route(
                    recipient: .base, layers: 3,
                    edit: Edit(
                        site: .residualPost, layer: layer, positions: positions,
                        change: .replace(donor: .base, isShared: false)))
            }
        let margins = try Walk(models, threads: 1).run(routes, over: TinyPair.pairs())
        for route in routes.indices { TinyPair.expectSame(margins.byRoute[route], margins.byRoute[0]) }
    }

    @Test func `a hybrid is an all-position patch: donor up to the layer, recipient after`() throws {
        let models = try TinyPair.models("tuned")
        var hybrid = Route(clean: .tuned, layers: 3)
        hybrid.blocks = [.tuned, .tuned, .base]
        hybrid.head = .base
        let patch = TinyPair.patch(models, .tuned, 1, .all)
        let margins = try Walk(models, threads: 2).run([hybrid, patch], over: TinyPair.pairs())
        #expect(margins.byRoute[0] == margins.byRoute[1])
    }

    @Test func `patching the last layer under the tuned head gives the tuned model`() throws {
        let models = try TinyPair.models("tuned")
        var last = TinyPair.patch(models, .tuned, 2, .all)
        last.head = .tuned
        let margins = try Walk(models, threads: 2).run([last, Route(clean: .tuned, layers: 3)], over: TinyPair.pairs())
        #expect(margins.byRoute[0] == margins.byRoute[1])
    }

    @Test func `a response-only patch leaves the prompt to the recipient, so the last layer is not enough`() throws {
        let models = try TinyPair.models("tuned")
        var last = TinyPair.patch(models, .tuned, 2, .response)
        last.head = .tuned
        let margins = try Walk(models, threads: 2).run([last, Route(clean: .tuned, layers: 3)], over: TinyPair.pairs())
        #expect(margins.byRoute[0] != margins.byRoute[1])
    }

    @Test func `an adapter on layers 1 and 2 leaves layer 0 exactly without effect`() throws {
        let models = try TinyPair.models("adapter")
        #expect(models.changedLayers == [1, 2])
        let routes = [Route(clean: .base, layers: 3), TinyPair.patch(models, .tuned, 0, .all)]
        let margins = try Walk(models, threads: 2).run(routes, over: TinyPair.pairs())
        #expect(margins.byRoute[0] == margins.byRoute[1])
    }

    @Test func `a walk that is asked to stop does so at the next layer`() throws {
        let models = try TinyPair.models("tuned")
        let layers = Mutex(0)
        let walk = Walk(models, threads: 1) {
            layers.withLock { layer in
                layer += 1
                return layer > 2
            }
        }
        #expect(throws: PatchError.stopped) {
            try walk.run([Route(clean: .base, layers: 3)], over: TinyPair.pairs())
        }
        #expect(layers.withLock { $0 } == 3, "two layers ran")
    }

    @Test func `threads and the company of other pairs change no bit`() throws {
        let models = try TinyPair.models("tuned")
        let pairs = try TinyPair.pairs()
        let routes = TinyPair.everyKind(models)
        let one = try Walk(models, threads: 1).run(routes, over: pairs)
        for threads in 2...8 {
            #expect(try Walk(models, threads: threads).run(routes, over: pairs) == one)
        }
        let alone = try Walk(models, threads: 2).run([routes[0], routes[2]], over: [pairs[2]])
        TinyPair.expectSame(alone.byRoute[0], [one.byRoute[0][2]])
        TinyPair.expectSame(alone.byRoute[1], [one.byRoute[2][2]])
    }

    @Test func `random and shuffled donors do change the margin, and a seed repeats it`() throws {
        let models = try TinyPair.models("tuned")
        let pairs = try TinyPair.pairs()
        func margins(_ change: Change) throws -> [Double] {
            let edit = Edit(site: .residualPost, layer: 1, positions: .all, change: change)
            return try Walk(models, threads: 2).run([Route(recipient: .base, layers: 3, edit: edit)], over: pairs)
                .margins(ofRoute: 0)
        }
        let seven = try margins(.push(donor: .tuned, .uniform, seed: 7))
        #expect(try margins(.push(donor: .tuned, .uniform, seed: 7)) == seven)
        #expect(try margins(.push(donor: .tuned, .uniform, seed: 8)) != seven)
        #expect(try margins(.replace(donor: .tuned, from: .otherPair)) != margins(.replace(donor: .tuned)))
    }
}
