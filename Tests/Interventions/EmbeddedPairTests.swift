import Checkpoints
import Interventions
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// The models that the repository ships against transformers in f32. Fixture: `scripts/fixtures/embedded.py`.
@Suite struct EmbeddedPairTests {
    private static let models = Fixtures.repository + "/notebooks/models/"

    @Test func `logits of the embedded base agree with transformers`() throws {
        let expected = try Self.document()
        let model = try Decoder(Checkpoint(path: Self.models + "demo"))
        #expect(model.parameterCount == expected["parameters"]?.int)
        try ExpectedLogits(expected).expect(of: model)
    }

    @Test(arguments: [
        ("demo-dpo", Positions.all), ("demo-dpo", .response), ("demo-dpo", .lastPrompt), ("demo-planted", .all),
    ])
    func `margins of held-out pairs agree with plain hooks at every layer`(
        _ adapter: String, _ positions: Positions
    ) throws {
        let expected = try Self.document()
        let layers = try Decoder(Checkpoint(path: Self.models + "demo")).shape.layers
        try ReferenceSweep(
            base: Self.models + "demo", adapter: Self.models + adapter, layers: Array(0..<layers), positions: positions
        ).expect(expected[adapter]?[positions.name], over: expected["pairs"], tolerance: 2e-3)
    }

    private static func document() throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("embedded/expected.json")))
    }
}
