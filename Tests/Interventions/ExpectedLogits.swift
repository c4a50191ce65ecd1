import JSON
import Testing

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
    }

    /// Expects `found`, `[tokens, vocabulary]`, to agree to 2e-4 of the largest logit.
    func expect(_ found: [Float]) {
        let width = found.count / tokens.count
        let entries = vocabulary ?? Array(0..<width)
        for (position, expected) in zip(positions, logits) {
            #expect(expected.count == entries.count)
            let differences = zip(entries, expected).map { abs(Double(found[position * width + $0]) - $1) }
            #expect((differences.max() ?? .infinity) <= 2e-4 * largest)
        }
        let reached = found.reduce(0) { max($0, Double(abs($1))) }
        #expect(abs(reached - largest) <= 2e-4 * largest)
    }
}
