import Charts
import Interventions
import Notebooks
import Statistics
import Tokenizers

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
        help: "the run that is held against the base: the tuned model, or a mixture of both models' blocks",
        defaultText: "tuned", fallback: NamedRoute(.tuned), normal: \.normal,
        read: { (value) throws(OptionMismatch) in try NamedRoute(value) })

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        [Subjects.models.declaration, Subjects.pairs.declaration, pair.declaration, route.declaration]
    }

    private let models: String
    private let pairs: String
    private let pair: Int
    private let route: NamedRoute

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        pair = try arguments.value(Self.pair)
        route = try arguments.value(Self.route)
    }

    private static let columns = ["response", "position", "id", "token", "base", "run", "difference"]

    /// What the block will hand on.
    public var outputs: Outputs {
        Outputs(
            values: ["chosen.difference", "rejected.difference", "largest.token", "largest.difference"],
            tables: ["tokens": Self.columns])
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
            let plain = ids.map { String(decoding: tokenizer.text(of: $0) ?? [], as: UTF8.self) }
            strips.append(Strip(name: name, texts: plain, differences: differences))
            outcome.set("\(name).difference", .number(differences.reduce(0, +)))
        }
        let largest = PatchEffects.largest(rows) { $0[6].number ?? 0 }
        outcome.set("largest.token", largest.map { $0[3] } ?? .null)
        outcome.set("largest.difference", largest.map { $0[6] } ?? .null)
        let table = Table(columns: Self.columns, rows: rows)
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
            description: "Each token of both responses on the colour of its change of log p, in nats.",
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
