import JSON
import Numerics
import Testing
import Transformers

/// Logits of one text after a few of its tokens, as transformers gives them.
struct ExpectedLogits {
    let tokens: [Int]
    private let positions: [Int]
    /// Vocabulary entries whose logits are kept; `nil` for all.
    private let vocabulary: [Int]?
    /// `[position][entry]`
    private let logits: [[Double]]
    /// The largest magnitude among all of the text's logits.
    private let largest: Double

    init(_ json: JSON) throws {
        tokens = try #require(json["tokens"]?.array).compactMap(\.int)
        positions = try #require(json["positions"]?.array).compactMap(\.int)
        vocabulary = json["vocabulary"]?.array?.compactMap(\.int)
        logits = try #require(json["logits"]?.array).map { ($0.array ?? []).compactMap(\.number) }
        largest = try #require(json["largest"]?.number)
        try #require(!positions.isEmpty && positions.count == logits.count && largest > 0)
    }

    /// Expects a model's logits to agree to 2e-4 of the largest.
    func expect(of model: Decoder) {
        let workspace = Workspace(Workers(count: 2))
        let states = model.states(of: TokenTree(trunk: tokens), workspace: workspace).values
        let width = model.shape.width
        for (position, expected) in zip(positions, logits) {
            let found = model.head.logits(
                of: Array(states[position * width..<(position + 1) * width]), workspace: workspace)
            let entries = vocabulary ?? Array(found.indices)
            #expect(expected.count == entries.count)
            let differences = zip(entries, expected).map { abs(Double(found[$0]) - $1) }
            #expect((differences.max() ?? .infinity) <= 2e-4 * largest, "after token \(position)")
        }
    }
}
