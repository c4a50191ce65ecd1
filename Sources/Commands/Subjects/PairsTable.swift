import Interventions
import Notebooks
import Preferences
import Random
import Statistics
import Values

/// The tables in which pairs are handed on: token ids as plain text, so that what a later block reads is what was shown.
enum PairsTable {
    static let parts = ["prompt", "chosen", "rejected"]
    static let columnsWithoutText = ["pair", "row", "prompt_number", "split"] + parts.map { "\($0)_tokens" }
    /// The columns that hold what was written, as token ids.
    static let textColumns = parts.map { "\($0)_ids" }
    static let columns = columnsWithoutText + textColumns

    /// `fit` or `confirm` for each pair, prompts whole; `all` where there is no split.
    static func split(_ pairs: [TokenizedPair], share: Double?, seed: UInt64) -> [String] {
        guard let share, Set(pairs.map(\.cluster)).count > 1 else { return pairs.map { _ in "all" } }
        return FitSplit(share: share, seed: seed).isFit(groups: pairs.map(\.cluster)).map { $0 ? "fit" : "confirm" }
    }

    static func tokens(of pairs: [TokenizedPair], split: [String]) -> Table {
        Table(
            columns: columns,
            rows: zip(pairs, split).map { pair, split in
                let ids = [pair.prompt, pair.chosen, pair.rejected]
                return [.int(pair.pair), .int(pair.row), .int(pair.cluster), .string(split)]
                    + ids.map { .int($0.count) }
                    + ids.map { .string($0.map(String.init).joined(separator: " ")) }
            })
    }

    /// Reads the pairs back from a `tokens` table.
    static func packedPairs(_ table: Table) -> [PackedPair] {
        table.rows.map { row in
            func number(_ column: String) -> Int {
                if case .int(let value)? = table.index(of: column).map({ row[$0] }) { value } else { 0 }
            }
            func ids(_ part: String) -> [Int] {
                guard case .string(let text)? = table.index(of: "\(part)_ids").map({ row[$0] }) else { return [] }
                return text.split(separator: " ").compactMap { Int($0) }
            }
            return PackedPair(
                id: number("pair"), cluster: number("prompt_number"), prompt: ids("prompt"), chosen: ids("chosen"),
                rejected: ids("rejected"))
        }
    }

    static func lengths(of pairs: [TokenizedPair]) -> Table {
        Table(
            columns: ["part", "mean", "median", "shortest", "longest"],
            rows: zip(parts, [\TokenizedPair.prompt, \.chosen, \.rejected]).map { part, tokens in
                let counts = pairs.map { $0[keyPath: tokens].count }
                return [
                    .string(part), .number(counts.map(Double.init).mean),
                    .number(counts.map(Double.init).quantile(0.5)), .int(counts.min() ?? 0), .int(counts.max() ?? 0),
                ]
            })
    }
}
