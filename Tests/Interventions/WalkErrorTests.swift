import Checkpoints
import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

@Suite struct WalkErrorTests {
    @Test func `a layer beyond the last is an error`() throws {
        let models = try TinyPair.models("tuned")
        expect(.noSuchLayer(3, layers: 3)) {
            try Walk(models, threads: 1).run([TinyPair.patch(models, .tuned, 3, .all)], over: TinyPair.pairs())
        }
    }

    @Test func `a route of the wrong depth is an error`() throws {
        let models = try TinyPair.models("tuned")
        expect(.wrongDepth(2, layers: 3)) {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 2)], over: TinyPair.pairs())
        }
    }

    @Test func `positions that select nothing are an error`() throws {
        let models = try TinyPair.models("tuned")
        let empty = PackedPair(id: 4, cluster: 0, prompt: [1, 2], chosen: [], rejected: [])
        expect(.emptySelection(.response, pair: 4)) {
            try Walk(models, threads: 1).run([TinyPair.patch(models, .tuned, 1, .response)], over: [empty])
        }
    }

    @Test func `a pair longer than the model's positions is an error`() throws {
        let models = try TinyPair.models("tuned")
        let long = PackedPair(
            id: 0, cluster: 0, prompt: Array(repeating: 1, count: 60), chosen: [1, 2, 3, 4, 5], rejected: [1])
        expect(.tooLong(pair: 0, tokens: 65, maximum: 64)) {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 3)], over: [long])
        }
    }

    @Test func `a token beyond the vocabulary is an error`() throws {
        let models = try TinyPair.models("tuned")
        let alien = PackedPair(id: 2, cluster: 0, prompt: [1], chosen: [80], rejected: [1])
        expect(.unknownToken(80, pair: 2, vocabulary: 80)) {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 3)], over: [alien])
        }
    }

    @Test func `a donor from another pair needs another pair`() throws {
        let models = try TinyPair.models("tuned")
        let edit = Edit(
            site: .residualPost, layer: 0, positions: .all, change: .replace(donor: .tuned, from: .otherPair))
        expect(.noOtherPair) {
            try Walk(models, threads: 1)
                .run([Route(recipient: .base, layers: 3, edit: edit)], over: [TinyPair.pairs()[0]])
        }
    }

    @Test func `models of another width cannot be patched into each other`() throws {
        let base = try TinyPair.models("tuned").base
        let other = try Decoder(Checkpoint(path: Fixtures.path("hostile/deeper")))
        expect(.mismatch(.depth, base: 3, tuned: 1)) {
            try ModelPair(base: base, tuned: other)
        }
    }

    @Test func `a weight that is not a number is named`() throws {
        let base = try TinyPair.models("tuned").base
        let broken = try Decoder(
            Checkpoint(path: Fixtures.path("llamas/pair/base")),
            adapter: Adapter(folder: Fixtures.path("hostile/nan-adapter")))
        expect(.notFinite(pair: 0, tensor: "model.layers.0.mlp.up_proj")) {
            try Walk(ModelPair(base: base, tuned: broken), threads: 1)
                .run([Route(clean: .tuned, layers: 3)], over: TinyPair.pairs())
        }
    }

    @Test(arguments: [
        (Site.embedding, 1, [Int]?.none, Change.setToZero, PatchError.onlyAt(layer: 0, site: .embedding, found: 1)),
        (.finalNorm, 0, nil, .setToZero, .onlyAt(layer: 2, site: .finalNorm, found: 0)),
        (.heads, 1, [4], .setToZero, .noSuchHead(4, site: .heads, heads: 4)),
        (.key, 1, [2], .setToZero, .noSuchHead(2, site: .key, heads: 2)),
        (.heads, 1, [], .setToZero, .noHead(site: .heads)),
        (.residualPost, 1, nil, .add([1, 2]), .wrongWidth(2, site: .residualPost, width: 32)),
        (.heads, 1, [1], .set([1]), .wrongWidth(1, site: .heads, width: 8)),
        (
            .value, 1, nil, .remove(Basis(spanning: [[1, 0]])),
            .wrongWidth(2, site: .value, width: 16)
        ),
    ])
    func `an edit that fits no place is an error`(
        _ site: Site, _ layer: Int, _ heads: [Int]?, _ change: Change, _ error: PatchError
    ) throws {
        let models = try TinyPair.models("tuned")
        let edit = Edit(site: site, layer: layer, positions: .all, heads: heads, change: change)
        expect(error) {
            try Walk(models, threads: 1).run([Route(recipient: .base, layers: 3, edit: edit)], over: TinyPair.pairs())
        }
    }

    private func expect(_ error: PatchError, _ body: () throws -> some Sendable) {
        #expect(throws: error) { try body() }
    }
}
