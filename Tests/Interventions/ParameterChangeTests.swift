import Checkpoints
import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

@Suite struct ParameterChangeTests {
    @Test func `a head of its own beside a tied one is one change`() throws {
        let checkpoint = try Checkpoint(path: Fixtures.path("llamas/grouped-untied-bf16"))
        let untied = try Decoder(checkpoint)
        let norm = Norm(
            .rms,
            weight: Weight(
                name: "model.norm",
                stored: try checkpoint.tensors.tensor("model.norm.weight", shape: [untied.shape.width])),
            epsilon: 1e-5)
        let tied = Decoder(
            family: untied.family, embedding: untied.embedding, blocks: untied.blocks,
            head: OutputHead(norm: norm, unembedding: untied.embedding.tokens), isTied: true,
            maximumLength: untied.shape.maximumLength)
        for (base, tuned) in [(tied, untied), (untied, tied)] {
            let models = try ModelPair(base: base, tuned: tuned)
            let changes = models.changes(workers: Workers(count: 1))
            #expect(changes.map(\.name) == ["lm_head"])
            #expect(changes.map(\.layer) == [nil])
            #expect(try #require(changes[0].norms).difference > 0)
            #expect(!models.areEqual)
        }
        #expect(try ModelPair(base: tied, tuned: tied).areEqual)
    }

    @Test func `every module that an adapter changes is named with its layer, and no other`() throws {
        let models = try TinyPair.models("adapter")
        let changes = models.changes(workers: Workers(count: 2))
        #expect(!changes.isEmpty)
        #expect(Set(changes.compactMap(\.layer)) == Set(models.changedLayers))
        #expect(changes.allSatisfy { change in change.name.hasPrefix("model.layers.\(change.layer ?? -1).") })
    }
}
