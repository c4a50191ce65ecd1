import Foundation
import Preferences
import Testing

/// Real pairs, which lie beside the project and never in it.
private enum HarmlessData {
    static let path = Files.root.deletingLastPathComponent()
        .appending(path: "shared/data/hh-rlhf/harmless-base-test.jsonl.gz").path
    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}

@Suite(.enabled(if: HarmlessData.isThere, "skipped: needs ../shared/data/hh-rlhf/harmless-base-test.jsonl.gz"))
struct HarmlessDataTests {
    /// Prompt and responses of each row.
    private func texts() throws -> [(row: Int, prompt: String, chosen: String, rejected: String)] {
        try PairFile(HarmlessData.path).pairs().compactMap { pair in
            guard case .texts(let prompt, let chosen, let rejected) = pair.content else { return nil }
            return (pair.row, prompt, chosen, rejected)
        }
    }

    private struct Characters: TextEncoder {
        func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] { text.unicodeScalars.map { Int($0.value) } }
    }

    @Test func fiveRowsHoldTheMarkerInAResponse() throws {
        let pairs = try texts()
        #expect(pairs.count == 2312)
        #expect(pairs.allSatisfy { $0.prompt.utf8.starts(with: "\n\nHuman:".utf8) })
        #expect(pairs.allSatisfy { Data($0.prompt.utf8).suffix(12) == Data("\n\nAssistant:".utf8) })
        let marker = Data(PreferencePair.marker.utf8)
        let inside = pairs.filter { pair in
            [pair.chosen, pair.rejected].contains { Data($0.utf8).range(of: marker) != nil }
        }
        #expect(inside.map(\.row) == [1255, 1689, 1951, 1953, 2037])
    }

    @Test func responsesThatBeginAlikeKeepTheirBeginning() throws {
        let alike = try texts().filter { pair in
            zip(pair.chosen.unicodeScalars, pair.rejected.unicodeScalars).prefix { $0 == $1 }.count > 1
        }
        #expect(alike.count == 445)
    }

    @Test func fourChosenResponsesAreEmptyAndTheRestIsKept() throws {
        let selected = try PairSelection().select(
            from: PairFile(HarmlessData.path), renderer: try .plain, encoding: PairEncoding(), tokenizer: Characters())
        #expect(selected.dropped == [87, 517, 926, 1104].map { DroppedPair(row: $0, reason: .emptyChosen) })
        #expect(selected.kept.count == 2308)
    }

    @Test func chosenResponsesAreShorter() throws {
        let pairs = try texts()
        func meanLength(_ texts: [String]) -> Double {
            Double(texts.map(\.unicodeScalars.count).reduce(0, +)) / Double(texts.count)
        }
        #expect(abs(meanLength(pairs.map(\.chosen)) - 168.0965) < 1e-3)
        #expect(abs(meanLength(pairs.map(\.rejected)) - 211.1272) < 1e-3)
    }
}
