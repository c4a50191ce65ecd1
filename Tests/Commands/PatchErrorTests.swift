import Commands
import Interventions
import Testing
import Transformers

/// What a notebook's reader is told of each error of the engine.
@Suite struct PatchErrorTests {
    @Test(arguments: [
        (
            PatchError.mismatch(.depth, base: 3, tuned: 1),
            "the models cannot be patched into each other: the base has depth 3, the tuned model 1"
        ),
        (
            .mismatch(.vocabulary, base: 80, tuned: 81),
            "the models cannot be patched into each other: the base has a vocabulary of 80, the tuned model 81"
        ),
        (
            .mismatch(.site(.heads), base: 32, tuned: 48),
            "the models cannot be patched into each other: the base has at 'z' a width of 32, the tuned model 48"
        ),
        (.noSuchLayer(3, layers: 3), "layer 3 does not exist: the models have layers 0 to 2"),
        (.onlyAt(layer: 0, site: .embedding, found: 1), "site 'embed' is there once, at layer 0, not at layer 1"),
        (
            .noSuchSite(.residualMiddle, layer: 1, family: "gpt_neox"),
            "layer 1 of a gpt_neox model has no site 'resid_mid'"
        ),
        (.noSuchHead(4, site: .heads, heads: 4), "site 'z' has no head 4: it has heads 0 to 3"),
        (.noSuchHead(1, site: .key, heads: 1), "site 'k' has no head 1: it has head 0 only"),
        (.noHead(site: .heads), "an edit of site 'z' names no head, so the patch would do nothing"),
        (
            .wrongWidth(2, site: .residualPost, width: 32),
            "a vector of 2 numbers does not fit site 'resid_post', which has 32"
        ),
        (.wrongDepth(2, layers: 3), "a route names 2 blocks, but the models have 3"),
        (
            .emptySelection(.response, pair: 4),
            "positions 'response' select no token of pair 4, so the patch would do nothing"
        ),
        (
            .tooLong(pair: 0, tokens: 65, maximum: 64),
            "pair 0 has 65 tokens, more than the 64 the model was made for; set max_tokens"
        ),
        (.unknownToken(80, pair: 2, vocabulary: 80), "pair 2 holds token 80, but the vocabulary ends at 79"),
        (
            .noOtherPair,
            "the control 'shuffled' takes its donor from another pair, so it needs at least two pairs"
        ),
        (
            .noMixture(layer: 3),
            "there is no model between the base and the tuned one: layer 3 differs in sizes or settings, not in numbers alone"
        ),
        (
            .noMixture(layer: nil),
            "there is no model between the base and the tuned one: the embeddings or the heads differ in sizes or settings, "
                + "not in numbers alone"
        ),
        (
            .notFinite(pair: 0, tensor: "model.layers.0.mlp.up_proj"),
            "pair 0 got a log-probability that is not a number: model.layers.0.mlp.up_proj holds a NaN or an infinity"
        ),
        (.notFinite(pair: 0, tensor: nil), "pair 0 got a log-probability that is not a number"),
    ])
    func `an error of the engine is one sentence`(_ error: PatchError, _ sentence: String) {
        #expect("\(error)" == sentence)
    }
}
