import Interventions
import Notebooks
import Preferences
import Random
import Statistics
import Values

/// The tables in which pairs are produced: token ids as plain text, so that what a later block reads is what was shown.
enum PairsTable {
    static let parts = ["prompt", "chosen", "rejected"]
    /// The columns that hold what was written, as token ids.
    private static let textColumns = parts.map { "\($0)_ids" }

    /// A row a pair. Where texts are hidden, only blocks that refer to this one by its id read the token ids.
    static func tokens(isHidden: Bool) -> OutputTable<(pair: TokenizedPair, split: String)> {
        OutputTable("tokens", withholding: isHidden ? textColumns : []) {
            Output.pair { $0.pair.pair }
            Output("row", "the row in the file, from 1") { $0.pair.row }
            Output.prompt { $0.pair.cluster }
            Output.split { $0.split }
            Output.tokens("prompt", "prompt") { $0.pair.prompt.count }
            Output.tokens("chosen", "chosen response") { $0.pair.chosen.count }
            Output.tokens("rejected", "rejected response") { $0.pair.rejected.count }
            Output("prompt_ids", "the prompt's token ids") { words($0.pair.prompt) }
            Output("chosen_ids", "the chosen response's token ids") { words($0.pair.chosen) }
            Output("rejected_ids", "the rejected response's token ids") { words($0.pair.rejected) }
        }
    }

    private static func words(_ ids: [Int]) -> String { ids.map(String.init).joined(separator: " ") }

    static let lengths = OutputTable<(part: String, tokens: [Int])>("lengths") {
        Output("part", "`prompt`, `chosen` or `rejected`") { $0.part }
        Output("mean", "mean length", unit: "tokens") { $0.tokens.map(Double.init).mean }
        Output("median", "median length", unit: "tokens") { $0.tokens.map(Double.init).quantile(0.5) }
        Output("shortest", "length of the shortest", unit: "tokens") { $0.tokens.min() ?? 0 }
        Output("longest", "length of the longest", unit: "tokens") { $0.tokens.max() ?? 0 }
    }

    /// How many tokens each part has, pair by pair.
    static func lengths(of pairs: [TokenizedPair]) -> [(part: String, tokens: [Int])] {
        zip(parts, [\TokenizedPair.prompt, \.chosen, \.rejected]).map { part, ids in
            (part, pairs.map { $0[keyPath: ids].count })
        }
    }

    /// `fit` or `confirm` for each pair, prompts whole; `all` where there is no split.
    static func split(_ pairs: [TokenizedPair], share: Double?, seed: UInt64) -> [String] {
        guard let share, Set(pairs.map(\.cluster)).count > 1 else { return pairs.map { _ in "all" } }
        return FitSplit(share: share, seed: seed).isFit(groups: pairs.map(\.cluster)).map { $0 ? "fit" : "confirm" }
    }

    /// Whole numbers of plain digits, whatever lies between them; there can be millions.
    private static func numbers(_ text: String.UTF8View) -> [Int] {
        var (numbers, number): ([Int], Int?) = ([], nil)
        for byte in text {
            if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                number = (number ?? 0) &* 10 &+ Int(byte - UInt8(ascii: "0"))
            } else if let whole = number {
                numbers.append(whole)
                number = nil
            }
        }
        return numbers + (number.map { [$0] } ?? [])
    }

    /// Reads the pairs back from a `tokens` table.
    static func packedPairs(_ table: Table) -> [PackedPair] {
        table.rows.map { row in
            func number(_ column: String) -> Int {
                if case .int(let value)? = table.index(of: column).map({ row[$0] }) { value } else { 0 }
            }
            func ids(_ part: String) -> [Int] {
                guard case .string(let text)? = table.index(of: "\(part)_ids").map({ row[$0] }) else { return [] }
                return numbers(text.utf8)
            }
            return PackedPair(
                id: number("pair"), cluster: number("prompt_number"), prompt: ids("prompt"), chosen: ids("chosen"),
                rejected: ids("rejected"))
        }
    }
}
