import ChatTemplates
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
    public static let display = Display.factsAndFigures

    static let path = Option<String>.path(
        "path",
        help:
            "rows of JSON Lines, a JSON list or CSV with a header, gzip and zstd unpacked; 'hf:datasets/organisation/name/file' "
            + "is a data set's file in the Hub's cache"
    ).looking { path, _, project in
        PairsSource(path: path).problem(in: project).map { [ArgumentError(option: "path", $0)] } ?? []
    }
    static let format = Option.choice(
        "format", PairFormat.self, default: .auto,
        help: "how a row holds its pair; 'auto' decides by the first row's columns")
    static let columns = Option<PairColumns?>(
        "columns", type: "a mapping {prompt, chosen, rejected} of column names, 'prompt' only where it has a column",
        help: "which columns hold the prompt and the two responses", defaultText: "those of the format",
        fallback: .some(nil), normal: PairsReading.normal, read: PairsReading.columns)
    static let badRow = Option.choice(
        "on_bad_row", PairSelection.BadRows.self, default: .error,
        help: "what happens to a row that cannot be read; 'drop' leaves it out and counts it with its reason")
    static let models = Option<String?>.block(
        "models", of: ["models"], default: .nearest, help: "whose tokenizer reads the texts")
    static let limit = Option.int("limit", in: 1..., help: "keep at most this many pairs").optional
    static let skip = Option<Int>.int("skip", in: 0..., default: 0, help: "skip this many rows first")
    static let maximumTokens = Option.int(
        "max_tokens", in: 2..., help: "drop pairs whose prompt and longer response together have more tokens"
    ).optional
    static let shuffle = Option<Bool>.bool(
        "shuffle", default: false, help: "take rows in a random order, drawn from the notebook's seed")
    static let template = Option.choice(
        "template", PairRenderer.Mode.self, default: .auto,
        help:
            "'auto' writes messages with the model's chat template and takes texts as they are; 'chat' makes turns of texts too; "
            + "'none' refuses messages")
    static let templateDate = Option<TemplateDate>.day(
        "template_date", default: PairsReading.date, help: "the date that chat templates see as today")
    static let encode = Option.choice(
        "encode", PairEncoding.Way.self, default: .together,
        help: "'together' reads prompt and response as one text, 'apart' each by itself")
    static let eos = Option<Bool>.bool(
        "eos", default: false, help: "score the model's end token after each text that no chat template wrote")

    static let text = Option.mapping(
        "text", [("shown", false), ("hidden", true)], default: "shown", effect: .presentational,
        help:
            "whether the page and its files hold the token ids, from which the texts can be decoded; 'hidden' shows rows, lengths "
            + "and halves only, and later blocks still read the ids")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        path
        format
        columns
        badRow
        models
        limit
        skip
        maximumTokens
        EngineOptions.split
        shuffle
        template
        templateDate
        encode
        eos
        text
    }

    let source: PairsSource
    private let format: PairFormat
    private let columns: PairColumns?
    private let template: PairRenderer.Mode
    private let date: TemplateDate
    private let encode: PairEncoding.Way
    private let scoresEnd: Bool
    private let models: String
    private let selection: PairSelection
    private let shuffle: Bool
    private let fitShare: Double?
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        source = PairsSource(path: try arguments.value(Self.path))
        format = try arguments.value(Self.format)
        columns = try arguments.value(Self.columns)
        selection = PairSelection(
            skip: try arguments.value(Self.skip), limit: try arguments.value(Self.limit),
            maximumTokens: try arguments.value(Self.maximumTokens),
            badRows: try arguments.value(Self.badRow))
        shuffle = try arguments.value(Self.shuffle)
        fitShare = try arguments.value(EngineOptions.split)
        template = try arguments.value(Self.template)
        date = try arguments.value(Self.templateDate)
        encode = try arguments.value(Self.encode)
        scoresEnd = try arguments.value(Self.eos)
        isHidden = try arguments.value(Self.text)
        guard let models = try arguments.value(Self.models) else {
            throw ArgumentError(
                option: "models", "block {pairs} needs a 'models' block above it, whose tokenizer reads the texts")
        }
        self.models = models
    }

    private static let values = OutputValues<(selected: SelectedPairs, split: [String], tokenizer: String)> {
        Output("count", "pairs in use") { $0.selected.kept.count }
        Output("prompts", "distinct prompts") { Set($0.selected.kept.map(\.cluster)).count }
        Output("fit.count", "pairs to choose on (fit)") { $0.split.count { $0 != "confirm" } }
        Output("confirm.count", "pairs to report on (confirm)") { $0.split.count { $0 != "fit" } }
        Output("dropped.count", "rows left out") { $0.selected.dropped.count }
        Output("tokenizer", "SHA-256 of the tokenizer's vocabulary and rules") { $0.tokenizer }
    }

    private static let means = OutputValues<[(part: String, tokens: [Int])]> {
        for (place, words) in ["prompts", "chosen responses", "rejected responses"].enumerated() {
            Output("lengths.\(PairsTable.parts[place]).mean", "mean length of \(words)", unit: "tokens") {
                $0[place].tokens.map(Double.init).mean
            }
        }
    }

    private static let dropped = OutputTable<DroppedPair>("dropped") {
        Output("row", "the row in the file, from 1") { $0.row }
        Output("reason", "why the row was not used") { $0.reason.description }
    }

    @OutputList private static func outputs(isHidden: Bool) -> Outputs {
        values
        PairsAudit.values
        means
        dropped
        PairsAudit.reasons
        PairsTable.tokens(isHidden: isHidden)
        PairsTable.lengths
        isHidden ? Outputs(withheldFigures: [PairsFigure.name]) : Outputs(figures: [PairsFigure.name])
    }

    /// All outputs where texts are shown.
    public static var outputs: Outputs { outputs(isHidden: false) }

    /// The block's outputs.
    public var outputs: Outputs { Self.outputs(isHidden: isHidden) }

    /// The files that the result depends on, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        let file = try source.file(in: reader.project)
        do {
            return [Input(name: "pairs file", digest: try reader.digest(ofFiles: [file]))]
        } catch let error as FileDigestError {
            throw PairFileError(file: file, problem: .unreadable(reason: error.problem))
        }
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let models = bindings.models(models)
        let tokenizer = try models.load(in: bindings.project).tokenizer
        let texts = try models.texts(in: bindings.project, tokenizer: tokenizer)
        let selected: SelectedPairs
        do { selected = try select(bindings, tokenizer, texts) } catch let error as PairFileError where isHidden {
            throw PairFileError(file: error.file, row: error.row, problem: error.problem.withoutText)
        }
        guard !selected.kept.isEmpty else {
            throw CommandError(
                "no pair is left of the file's \(selected.dropped.count): all were dropped"
                    + (selected.dropped.first.map { ", the first (row \($0.row)) because \($0.reason)" } ?? ""))
        }
        var outcome = Outcome()
        let split = PairsTable.split(selected.kept, share: fitShare, seed: bindings.seed)
        outcome.set(Self.values, of: (selected, split, tokenizer.digest))
        let audit = PairsAudit(selected)
        audit.report(to: &outcome)
        if selected.rendered > 0, texts.template?.template.readsDate == true {
            outcome.notes.append("The chat template took \(date) for today.")
        }
        let lengths = PairsTable.lengths(of: selected.kept)
        outcome.set(Self.means, of: lengths)
        outcome.add(Self.dropped, selected.dropped)
        outcome.add(PairsAudit.reasons, audit.reasons)
        outcome.add(
            PairsTable.tokens(isHidden: isHidden), zip(selected.kept, split).map { (pair: $0, split: $1) })
        outcome.add(PairsTable.lengths, lengths)
        if let first = selected.first {
            outcome.figures = [try PairsFigure(first, tokenizer).figure()]
        }
        return outcome
    }

    private func select(_ bindings: Bindings, _ tokenizer: Tokenizer, _ texts: PairTexts) throws -> SelectedPairs {
        if scoresEnd, texts.end == nil {
            throw CommandError("'eos: true' scores the model's end token, and neither model's files name one")
        }
        let file = PairFile(try source.file(in: bindings.project), format: format, columns: columns)
        let renderer = PairRenderer(mode: template, template: texts.template, date: date)
        let encoding = PairEncoding(encode, end: scoresEnd ? texts.end : nil)
        guard shuffle else {
            return try selection.select(from: file, renderer: renderer, encoding: encoding, tokenizer: tokenizer)
        }
        var generator = SeededGenerator(seed: bindings.seed)
        return try selection.select(
            from: file, renderer: renderer, encoding: encoding, tokenizer: tokenizer, shufflingWith: &generator)
    }
}
