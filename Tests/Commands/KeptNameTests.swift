import Commands
import Foundation
import Notebooks
import Store
import TestSupport
import Testing

/// Results that were kept before blocks were renamed.
@Suite struct KeptNameTests {
    /// Blocks that refer to others, each by an id that begins with a word that no text has.
    private static func text(_ word: String) -> String {
        """
        \(EmbeddedNotebook.block("score", id: "\(word)sum"))
        \(EmbeddedNotebook.block("score", "normalize: token", id: "\(word)token"))
        ```{compare}
        id: \(word)both
        first: \(word)sum.pairs
        second: \(word)token.pairs
        column: gain
        ```
        ```{table}
        id: \(word)rows
        data: \(word)sum.pairs
        columns: [pair, gain]
        ```
        ```{chart}
        id: \(word)chart
        data: \(word)rows.data
        mark: line
        x: pair
        y: gain
        reference: [\(word)sum.gain.mean]
        ```
        ```{expect}
        id: \(word)claims
        claims:
          - claim: \(word)sum.gain.mean > 0
            because: it was trained to
        ```

        """
    }

    @Test func `kept results hold the ids that their notebook has now`() throws {
        let store = try Store(folder: try Fixtures.temporaryFolder() + "/.patchbook")
        func evaluation(_ word: String, _ keeper: (any ResultKeeping)?) throws -> [BlockResult] {
            try EmbeddedNotebook.evaluation(
                "demo-planted", limit: 6, split: "{fit: 0.5}", Self.text(word), keeping: keeper
            ).blocks.map(\.result)
        }
        let before = try evaluation("first-", store)
        let kept = try evaluation("renamed-", store)
        let computed = try evaluation("renamed-", nil)
        for (kept, computed) in zip(kept, computed) {
            let bytes = OutcomeBytes.bytes(of: kept.outcome)
            #expect(bytes == OutcomeBytes.bytes(of: computed.outcome), "\(kept.id)")
            #expect(!String(decoding: bytes, as: UTF8.self).contains("first-"), "\(kept.id)")
        }
        // What takes long is not computed again.
        for (before, kept) in zip(before, kept) where before.command == "score" { #expect(before.key == kept.key) }
    }
}
