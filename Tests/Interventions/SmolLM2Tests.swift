import Checkpoints
import Foundation
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// SmolLM2-135M against transformers in f32. Fixtures: `scripts/fixtures/smollm2.py`.
@Suite struct SmolLM2Tests {
    private static let models = Fixtures.repository + "/notebooks/models/"
    private static let adapter = models + "smollm2-dpo"

    /// The GGUF, where `scripts/fetch-smollm2` has put it.
    private static let path = (try? FileManager.default.contentsOfDirectory(atPath: models + "smollm2"))?
        .first { $0.hasSuffix(".gguf") }.map { models + "smollm2/" + $0 }

    @Test(.enabled(if: path != nil, "skipped without SmolLM2's GGUF: scripts/fetch-smollm2 gets it"))
    func `logits agree with transformers on the dequantised weights`() throws {
        let expected = try JSON.parse(Fixtures.bytes(Fixtures.path("smollm2/logits.json")))
        let model = try Decoder(Checkpoint(path: #require(Self.path)))
        #expect(model.parameterCount == expected["parameters"]?.int)
        try ExpectedLogits(expected).expect(of: model)
    }

    @Test(
        .enabled(
            if: path != nil && FileManager.default.fileExists(atPath: adapter),
            "skipped without SmolLM2's GGUF (scripts/fetch-smollm2 gets it) and notebooks/models/smollm2-dpo"))
    func `patched margins agree with plain hooks to a hundredth of a nat`() throws {
        let expected = try JSON.parse(Fixtures.bytes(Fixtures.path("smollm2/margins.json")))
        let layers = try #require(expected["layers"]?.array).compactMap(\.int)
        try ReferenceSweep(base: #require(Self.path), adapter: Self.adapter, layers: layers, positions: .all)
            .expect(expected["results"], over: expected["pairs"], tolerance: 1e-2)
    }
}
