import Charts
import Interventions
import Notebooks
import Statistics
import Tokenizers
import Values

/// `{tokens}`: which tokens of one pair's responses a run makes likelier or less likely than the base does.
public struct TokensCommand: Command {
    /// The name in the fence.
    public static let name = "tokens"
    /// One line of help.
    public static let summary =
        "Shows token by token where a run's log-probabilities part from the base's, in one pair."

    static let pair = Option<Int>.int("pair", in: 0..., default: 0, help: "which of the kept pairs, counted from 0")
    static let route = Option<NamedRoute>(
        "route", type: NamedRoute.type,
        help: "the run that is compared with the base: the tuned model, or a mixture of both models' blocks",
        defaultText: "tuned", fallback: NamedRoute(.tuned), normal: \.normal,
        read: { (value) throws(OptionMismatch) in try NamedRoute(value) })

    static let text = Option<String>.choice(
        "text", ["shown", "hidden"], default: "shown",
        help:
            "'hidden' keeps to positions and numbers: neither a token's text nor its id is in the figure, the table or a file"
    )

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.models
        Subjects.pairs
        pair
        route
        text
    }

    private let models: String
    private let pairs: String
    private let pair: Int
    private let route: NamedRoute
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        pair = try arguments.value(Self.pair)
        route = try arguments.value(Self.route)
        isHidden = try arguments.value(Self.text) == "hidden"
        let pairs = pairs
        if !isHidden, arguments.blocksAbove.contains(where: { $0.id == pairs && $0.hidesText }) {
            throw ArgumentError(
                option: "text", "the pairs '\(pairs)' hide their text, and this block would show a part of it",
                at: arguments.location(of: "text"), help: "give this block 'text: hidden' too")
        }
    }

    private static let columns = ["response", "position", "id", "token", "base", "run", "difference"]
    private static let textColumns = ["id", "token"]

    /// What the block will hand on.
    public var outputs: Outputs {
        let largest = isHidden ? [] : ["largest.token"]
        return Outputs(
            values: ["chosen.difference", "rejected.difference"] + largest
                + ["largest.response", "largest.position", "largest.difference"],
            tables: ["tokens": isHidden ? Self.columns.filter { !Self.textColumns.contains($0) } : Self.columns])
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.subjects(models: models, pairs: pairs)
        guard pair < subjects.pairs.count else {
            throw CommandError("option 'pair' is \(pair), but the pairs are 0 to \(subjects.pairs.count - 1)")
        }
        let tokenizer = try bindings.models(models).load(in: bindings.project).tokenizer
        let subject = subjects.pairs[pair]
        let routes = [
            Route(clean: .base, layers: subjects.models.layers), try route.route(layers: subjects.models.layers),
        ]
        let found = try Walk(subjects.models, threads: bindings.resources.threads, memory: bindings.resources.memory)
            .tokens(routes, over: [subject]).map {
                $0[0]
            }
        var rows: [[Scalar]] = []
        var outcome = Outcome()
        var strips: [Strip] = []
        for (name, ids, values) in [
            ("chosen", subject.chosen, found.map(\.chosen)), ("rejected", subject.rejected, found.map(\.rejected)),
        ] {
            let differences = zip(values[1], values[0]).map { $0 - $1 }
            let texts = ids.map { Self.visible(tokenizer.text(of: $0)) }
            for place in ids.indices {
                rows.append([
                    .string(name), .int(subject.prompt.count + place), .int(ids[place]), .string(texts[place]),
                    .number(values[0][place]), .number(values[1][place]), .number(differences[place]),
                ])
            }
            let plain = ids.enumerated().map { place, id in
                isHidden
                    ? "\(subject.prompt.count + place) "
                    : String(decoding: tokenizer.text(of: id) ?? [], as: UTF8.self)
            }
            strips.append(Strip(name: name, texts: plain, differences: differences))
            outcome.set("\(name).difference", .number(differences.reduce(0, +)))
        }
        let largest = PatchEffects.largest(rows) { $0[6].number ?? 0 }
        if !isHidden { outcome.set("largest.token", largest.map { $0[3] } ?? .null) }
        outcome.set("largest.response", largest.map { $0[0] } ?? .null)
        outcome.set("largest.position", largest.map { $0[1] } ?? .null)
        outcome.set("largest.difference", largest.map { $0[6] } ?? .null)
        let table = Table(columns: Self.columns, rows: rows).without(isHidden ? Self.textColumns : [])
        outcome.add("tokens", table)
        outcome.figures = [figure(strips, table)]
        return outcome
    }

    private struct Strip {
        let name: String
        let texts: [String]
        let differences: [Double]
    }

    private func figure(_ strips: [Strip], _ table: Table) -> Figure {
        Figure(
            name: "tokens", title: "Change of log p, token by token, in pair \(pair) (\(route.name) less base)",
            description: isHidden
                ? "The position of each token of both responses on the colour of its change of log p, in nats."
                : "Each token of both responses on the colour of its change of log p, in nats.",
            chart: TokenStrip(
                strips.map { strip in
                    TokenStrip.Passage(
                        "\(strip.name) response",
                        tokens: zip(strip.texts, strip.differences).map { TokenStrip.Token($0, value: $1) })
                }, valueTitle: "change of log p (nats)"), data: table)
    }

    /// A token's text with what cannot be seen spelled out.
    private static func visible(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "" }
        return String(decoding: bytes, as: UTF8.self).replacing("\n", with: "⏎").replacing("\t", with: "⇥")
    }
}

extension BlockAbove {
    /// Whether a `{pairs}` block keeps its token ids to itself.
    fileprivate var hidesText: Bool { outputs?.withheld["tokens"] != nil }
}
