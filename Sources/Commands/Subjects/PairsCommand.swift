import Digests
import Foundation
import Interventions
import Notebooks
import Numerics
import Preferences
import Random
import Statistics
import Tokenizers
import Values

/// `{pairs}`: preference pairs of a file as the models' tokenizer reads them.
public struct PairsCommand: Command {
    /// The name in the fence.
    public static let name = "pairs"
    /// One line of help.
    public static let summary =
        "Reads preference pairs, splits prompt from responses, and shows how they are tokenised."
    /// What a page shows of it.
    public static let display = Display.facts

    static let path = Option<String>.path(
        "path", to: .file, help: "a .jsonl or .jsonl.gz file, or a JSON list of objects")
    static let format = Option.choice(
        "format", PairFile.Format.self, default: .auto,
        help: "'hh' for two whole transcripts, 'prompt' for prompt, chosen and rejected apart")
    static let models = Option<String?>.block(
        "models", of: ["models"], default: .nearest, help: "whose tokenizer reads the texts")
    static let limit = Option<Int?>.int("limit", in: 1..., default: nil, help: "keep at most this many pairs")
    static let skip = Option<Int>.int("skip", in: 0..., default: 0, help: "pass over this many rows first")
    static let maximumTokens = Option<Int?>.int(
        "max_tokens", in: 2..., default: nil, help: "drop pairs whose prompt and longer response have more tokens")
    static let shuffle = Option<Bool>.bool(
        "shuffle", default: false, help: "take rows in a random order, drawn from the notebook's seed")
    static let template = Option<String>.choice(
        "template", ["none"], default: "none", help: "how texts are wrapped; 'none' takes them as they are")

    static let text = Option.mapping(
        "text", [("shown", false), ("hidden", true)], default: "shown", effect: .presentational,
        help:
            "whether the page and its files hold the token ids, from which the texts can be decoded; 'hidden' leaves rows, "
            + "lengths and halves, and later blocks read the ids all the same")

    static let split = Option<Double?>(
        "split", type: "'none', or {fit: SHARE} with a share between 0 and 1",
        help:
            "the share of prompts, drawn from the notebook's seed, on which later blocks choose; they report on the others",
        defaultText: "{fit: 0.5}", fallback: .some(0.5),
        normal: { share in
            guard let share else { return .scalar(.string("none")) }
            return .map([.init(key: "fit", value: .scalar(.number(share)))])
        },
        read: { (value) throws(OptionMismatch) -> Double? in
            if value.text == "none" { return nil }
            guard let entries = value.mapping else {
                throw OptionMismatch("\(value.inWords) is neither", at: value.location)
            }
            for entry in entries where entry.key != "fit" {
                throw OptionMismatch("'\(entry.key)' is no part of it", at: entry.keyLocation)
            }
            guard let share = value["fit"]?.scalar?.number, share > 0, share < 1 else {
                throw OptionMismatch("\(value["fit"]?.inWords ?? "nothing") is no share", at: value["fit"]?.location)
            }
            return share
        })

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        path
        format
        models
        limit
        skip
        maximumTokens
        split
        shuffle
        template
        text
    }

    private let path: String
    private let format: PairFile.Format
    private let models: String
    private let selection: PairSelection
    private let shuffle: Bool
    private let fitShare: Double?
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        path = try arguments.value(Self.path)
        format = try arguments.value(Self.format)
        selection = PairSelection(
            skip: try arguments.value(Self.skip), limit: try arguments.value(Self.limit),
            maximumTokens: try arguments.value(Self.maximumTokens))
        shuffle = try arguments.value(Self.shuffle)
        fitShare = try arguments.value(Self.split)
        _ = try arguments.value(Self.template)
        isHidden = try arguments.value(Self.text)
        guard let models = try arguments.value(Self.models) else {
            throw ArgumentError(
                option: "models", "block {pairs} needs a 'models' block above it, whose tokenizer reads the texts")
        }
        self.models = models
    }

    /// What the block will hand on.
    public var outputs: Outputs {
        Outputs(
            values: ["count", "prompts", "fit.count", "confirm.count", "dropped.count", "tokenizer"]
                + PairsTable.parts.map { "lengths.\($0).mean" },
            tables: [
                "dropped": ["row", "reason"],
                "tokens": isHidden ? PairsTable.columnsWithoutText : PairsTable.columns,
                "lengths": ["part", "mean", "median", "shortest", "longest"],
            ], withheld: isHidden ? ["tokens": PairsTable.textColumns] : [:])
    }

    /// The files that the result depends on, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        let file = try reader.project.resolve(path)
        do {
            return [Input(name: "pairs file", digest: try reader.digest(ofFiles: [file]))]
        } catch let error as FileDigestError {
            throw PairFileError(file: file, problem: .unreadable(reason: error.problem))
        }
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let tokenizer = try bindings.models(models).load(in: bindings.project).tokenizer
        let pairs = try PairFile(bindings.project.resolve(path), format: format).pairs()
        let selected: SelectedPairs
        if shuffle {
            var generator = SeededGenerator(seed: bindings.seed)
            selected = try selection.select(from: pairs, tokenizer: tokenizer, shufflingWith: &generator)
        } else {
            selected = try selection.select(from: pairs, tokenizer: tokenizer)
        }
        guard !selected.kept.isEmpty else {
            throw CommandError(
                "no pair is left of the file's \(pairs.count): \(selected.dropped.count) were dropped"
                    + (selected.dropped.first.map { ", the first (row \($0.row)) because \($0.reason)" } ?? ""))
        }
        var outcome = Outcome()
        outcome.set("count", .int(selected.kept.count))
        outcome.set("prompts", .int(Set(selected.kept.map(\.cluster)).count))
        let split = PairsTable.split(selected.kept, share: fitShare, seed: bindings.seed)
        outcome.set("fit.count", .int(split.count { $0 != "confirm" }))
        outcome.set("confirm.count", .int(split.count { $0 != "fit" }))
        outcome.set("dropped.count", .int(selected.dropped.count))
        outcome.set("tokenizer", .string(tokenizer.digest))
        let lengths = PairsTable.lengths(of: selected.kept)
        for (part, row) in zip(PairsTable.parts, lengths.rows) { outcome.set("lengths.\(part).mean", row[1]) }
        outcome.add(
            "dropped",
            Table(
                columns: ["row", "reason"],
                rows: selected.dropped.map { [.int($0.row), .string($0.reason.description)] }))
        outcome.add("tokens", PairsTable.tokens(of: selected.kept, split: split))
        outcome.add("lengths", lengths)
        return outcome
    }
}

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
