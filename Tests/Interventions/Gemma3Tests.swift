import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing
import Transformers

/// Gemma 3 270M, Q4_K_M, against transformers in f32. Fixture: `scripts/fixtures/gemma3.py`.
@Suite struct Gemma3Tests {
    private static let path = Fixtures.repository + "/notebooks/models/gemma3-270m/gemma-3-270m-q4_k_m.gguf"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: path),
            "skipped without Gemma 3 270M: scripts/fetch-gemma3 gets it"))
    func `logits within the sliding window and beyond it agree with transformers on the dequantised weights`() throws {
        let expected = try JSON.parse(Fixtures.bytes(Fixtures.path("gemma3/logits.json")))
        let model = try Decoder(Checkpoint(path: Self.path))
        #expect(model.parameterCount == expected["parameters"]?.int)
        let texts = try #require(expected["texts"]?.array)
        #expect(texts.count == 2)
        for text in texts { try ExpectedLogits(text).expect(of: model) }
    }
}
