import Checkpoints
import Foundation
import Interventions
import JSON
import TestSupport
import Testing
import Transformers

/// Every site and estimand against plain PyTorch hooks, on tiny models of every kind, on the embedded pair and on SmolLM2's.
@Suite struct EstimandReferenceTests {
    private static let models = Fixtures.repository + "/notebooks/models/"

    @Test(arguments: [
        ("llama3-rope-f16", "linear-rope-bf16"), ("grouped-untied-bf16", "sharded-bf16"),
        ("tied-f32", "tied-f32-tuned"),
        ("biases-wide-heads-bf16", "biases-wide-heads-bf16-tuned"), ("gguf/model.gguf", "grouped-untied-bf16"),
    ])
    func `every site, position and direction agrees between tiny models of every kind`(
        _ base: String, _ tuned: String
    ) throws {
        let document = try Self.document("variants")
        let models = try ModelPair(base: Self.tiny(base), tuned: Self.tiny(tuned))
        try ReferenceEstimands(document, models, tolerance: 5e-4).expectSites(document["patches"]?["\(base) \(tuned)"])
    }

    @Test(arguments: ["tied-f32", "biases-wide-heads-bf16"])
    func `an ablation of any site agrees`(_ name: String) throws {
        let document = try Self.document("variants")
        let models = try ModelPair(base: Self.tiny(name), tuned: Self.tiny(name))
        try ReferenceEstimands(document, models, tolerance: 5e-4).expectAblations(document["ablations"]?[name])
    }

    @Test func `every site and estimand agrees on the embedded pair`() throws {
        let checkpoint = try Checkpoint(path: Self.models + "demo")
        try Self.expectAll(
            "embedded", checkpoint, adapter: Self.models + "demo-dpo", tolerance: 1e-3, divergence: 1e-4)
    }

    /// The GGUF, where `scripts/fetch-smollm2` has put it.
    private static let path = (try? FileManager.default.contentsOfDirectory(atPath: models + "smollm2"))?
        .first { $0.hasSuffix(".gguf") }.map { models + "smollm2/" + $0 }
    private static let adapter = models + "smollm2-dpo"

    @Test(
        .enabled(
            if: path != nil && FileManager.default.fileExists(atPath: adapter),
            "skipped without SmolLM2's GGUF (scripts/fetch-smollm2 gets it) and notebooks/models/smollm2-dpo"))
    func `every site and estimand agrees on SmolLM2's pair`() throws {
        try Self.expectAll(
            "smollm2", try Checkpoint(path: #require(Self.path)), adapter: Self.adapter, tolerance: 5e-3,
            divergence: 1e-4)
    }

    private static func expectAll(
        _ name: String, _ checkpoint: Checkpoint, adapter: String, tolerance: Double, divergence: Double
    ) throws {
        let document = try document(name)
        let models = try ModelPair(
            base: Decoder(checkpoint), tuned: Decoder(checkpoint, adapter: Adapter(folder: adapter)))
        let reference = try ReferenceEstimands(document, models, tolerance: tolerance)
        try reference.expectSites(document["patches"])
        try reference.expectBlocks()
        try reference.expectChanges()
        try reference.expectDivergences(tolerance: divergence)
    }

    private static func tiny(_ name: String) throws -> Decoder {
        try Decoder(Checkpoint(path: Fixtures.path("llamas/\(name)")))
    }

    private static func document(_ name: String) throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("estimands/\(name).json")))
    }
}
