import Checkpoints
import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

@Suite struct WalkErrorTests {
    @Test func `a layer beyond the last is an error`() throws {
        let models = try TinyPair.models("tuned")
        expect("layer 3 does not exist: the models have layers 0 to 2") {
            try Walk(models, threads: 1).run([TinyPair.patch(models, .tuned, 3, .all)], over: TinyPair.pairs())
        }
    }

    @Test func `a route of the wrong depth is an error`() throws {
        let models = try TinyPair.models("tuned")
        expect("a route names 2 blocks, but the models have 3") {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 2)], over: TinyPair.pairs())
        }
    }

    @Test func `positions that select nothing are an error`() throws {
        let models = try TinyPair.models("tuned")
        let empty = PackedPair(id: 4, cluster: 0, prompt: [1, 2], chosen: [], rejected: [])
        expect("positions 'response' select no token of pair 4, so the patch would do nothing") {
            try Walk(models, threads: 1).run([TinyPair.patch(models, .tuned, 1, .response)], over: [empty])
        }
    }

    @Test func `a pair longer than the model's positions is an error`() throws {
        let models = try TinyPair.models("tuned")
        let long = PackedPair(
            id: 0, cluster: 0, prompt: Array(repeating: 1, count: 60), chosen: [1, 2, 3, 4, 5], rejected: [1])
        expect("pair 0 has 65 tokens, more than the 64 the model was made for; set max_tokens") {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 3)], over: [long])
        }
    }

    @Test func `a token beyond the vocabulary is an error`() throws {
        let models = try TinyPair.models("tuned")
        let alien = PackedPair(id: 2, cluster: 0, prompt: [1], chosen: [80], rejected: [1])
        expect("pair 2 holds token 80, but the vocabulary ends at 79") {
            try Walk(models, threads: 1).run([Route(clean: .base, layers: 3)], over: [alien])
        }
    }

    @Test func `a donor from another pair needs another pair`() throws {
        let models = try TinyPair.models("tuned")
        let edit = Edit(
            site: .residualPost, layer: 0, positions: .all, change: .replace(donor: .tuned, from: .otherPair))
        expect("the control 'shuffled' takes its donor from another pair, so it needs at least two pairs") {
            try Walk(models, threads: 1)
                .run([Route(recipient: .base, layers: 3, edit: edit)], over: [TinyPair.pairs()[0]])
        }
    }

    @Test func `models of another width cannot be patched into each other`() throws {
        let base = try TinyPair.models("tuned").base
        let other = try Decoder(Checkpoint(path: Fixtures.path("hostile/deeper")))
        expect("the models cannot be patched into each other: the base has depth 3, the tuned model 1") {
            try ModelPair(base: base, tuned: other)
        }
    }

    @Test func `a weight that is no number is named`() throws {
        let base = try TinyPair.models("tuned").base
        let broken = try Decoder(
            Checkpoint(path: Fixtures.path("llamas/pair/base")),
            adapter: Adapter(folder: Fixtures.path("hostile/nan-adapter")))
        expect(
            "pair 0 got a log-probability that is not a number: "
                + "model.layers.0.mlp.up_proj holds a NaN or an infinity"
        ) {
            try Walk(ModelPair(base: base, tuned: broken), threads: 1)
                .run([Route(clean: .tuned, layers: 3)], over: TinyPair.pairs())
        }
    }

    @Test(arguments: [
        (Site.embedding, 1, [Int]?.none, Change.setToZero, "site 'embed' is there once, at layer 0, not at layer 1"),
        (.finalNorm, 0, nil, .setToZero, "site 'final_norm' is there once, at layer 2, not at layer 0"),
        (.heads, 1, [4], .setToZero, "site 'z' has no head 4: it has heads 0 to 3"),
        (.key, 1, [2], .setToZero, "site 'k' has no head 2: it has heads 0 to 1"),
        (.heads, 1, [], .setToZero, "an edit of site 'z' names no head, so the patch would do nothing"),
        (.residualPost, 1, nil, .add([1, 2]), "a vector of 2 numbers does not fit site 'resid_post', which has 32"),
        (.heads, 1, [1], .set([1]), "a vector of 1 numbers does not fit site 'z', which has 8"),
        (
            .value, 1, nil, .remove(Basis(spanning: [[1, 0]])),
            "a vector of 2 numbers does not fit site 'v', which has 16"
        ),
    ])
    func `an edit that fits no place is an error`(
        _ site: Site, _ layer: Int, _ heads: [Int]?, _ change: Change, _ sentence: String
    ) throws {
        let models = try TinyPair.models("tuned")
        let edit = Edit(site: site, layer: layer, positions: .all, heads: heads, change: change)
        expect(sentence) {
            try Walk(models, threads: 1).run([Route(recipient: .base, layers: 3, edit: edit)], over: TinyPair.pairs())
        }
    }

    private func expect(_ sentence: String, _ body: () throws -> some Sendable) {
        let error = #expect(throws: PatchError.self) { try body() }
        #expect(error?.description == sentence)
    }
}
