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
    private struct Characters: TextEncoder {
        func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] { text.unicodeScalars.map { Int($0.value) } }
    }

    @Test func fiveRowsHoldTheMarkerInAResponse() throws {
        let pairs = try PairFile(HarmlessData.path).pairs()
        #expect(pairs.count == 2312)
        #expect(pairs.allSatisfy { $0.prompt.utf8.starts(with: "\n\nHuman:".utf8) })
        #expect(pairs.allSatisfy { Data($0.prompt.utf8).suffix(12) == Data("\n\nAssistant:".utf8) })
        let marker = Data(PreferencePair.marker.utf8)
        let inside = pairs.filter { pair in
            [pair.chosen, pair.rejected].contains { Data($0.utf8).range(of: marker) != nil }
        }
        #expect(inside.map(\.row) == [1254, 1688, 1950, 1952, 2036])
    }

    @Test func responsesThatBeginAlikeKeepTheirBeginning() throws {
        let alike = try PairFile(HarmlessData.path).pairs().filter { pair in
            zip(pair.chosen.unicodeScalars, pair.rejected.unicodeScalars).prefix { $0 == $1 }.count > 1
        }
        #expect(alike.count == 445)
    }

    @Test func fourChosenResponsesAreEmptyAndTheRestIsKept() throws {
        let selected = PairSelection().select(from: try PairFile(HarmlessData.path).pairs(), tokenizer: Characters())
        #expect(selected.dropped == [86, 516, 925, 1103].map { DroppedPair(row: $0, reason: .emptyChosen) })
        #expect(selected.kept.count == 2308)
    }

    @Test func chosenResponsesAreShorter() throws {
        let pairs = try PairFile(HarmlessData.path).pairs()
        func meanLength(_ texts: [String]) -> Double {
            Double(texts.map(\.unicodeScalars.count).reduce(0, +)) / Double(texts.count)
        }
        #expect(abs(meanLength(pairs.map(\.chosen)) - 168.0965) < 1e-3)
        #expect(abs(meanLength(pairs.map(\.rejected)) - 211.1272) < 1e-3)
    }
}
