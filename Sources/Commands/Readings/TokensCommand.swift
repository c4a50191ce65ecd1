import Charts
import Experiments
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
        "Shows token by token where a run's log-probabilities diverge from the base's, in one pair."

    static let pair = Option<Int>.int("pair", in: 0..., default: 0, help: "which of the kept pairs, counted from 0")
    static let route = Option<NamedRoute>(
        "route", type: NamedRoute.type,
        help: "the run that is compared with the base: the tuned model, or a mixture of both models' blocks",
        defaultText: "tuned", fallback: NamedRoute(.tuned), normal: \.normal,
        read: { (value) throws(OptionMismatch) in try NamedRoute(value) })

    static let text = Option.mapping(
        "text", [("shown", false), ("hidden", true)], default: "shown",
        help:
            "'hidden' keeps to positions and numbers: neither a token's text nor its id is in the figure, the table or a file"
    )

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        pair
        route
        text
    }

    private let subjects: Subjects
    private let pair: Int
    private let route: NamedRoute
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        pair = try arguments.value(Self.pair)
        route = try arguments.value(Self.route)
        isHidden = try arguments.value(Self.text)
        if !isHidden { try arguments.refuseHiddenText(of: subjects.pairs) }
    }

    private static let sums = OutputValues<[Double]> {
        Output("chosen.difference", "log p(chosen) of the run minus the base's", unit: "nats") { $0[0] }
        Output("rejected.difference", "log p(rejected) of the run minus the base's", unit: "nats") { $0[1] }
    }

    private static func largest(isHidden: Bool) -> OutputValues<ResponseToken> {
        OutputValues {
            if !isHidden {
                Output("largest.token", "the token whose log-probability changed most") { $0.text }
            }
            Output("largest.response", "the response that it is in") { $0.response }
            Output("largest.position", "its position, from 0 at the prompt's first token") { $0.change.position }
            Output("largest.difference", "its change", unit: "nats") { $0.change.difference }
        }
    }

    private static func table(isHidden: Bool) -> OutputTable<ResponseToken> {
        OutputTable("tokens") {
            Output("response", "`chosen` or `rejected`") { $0.response }
            Output("position", "the token's position, from 0 at the prompt's first token") { $0.change.position }
            if !isHidden {
                Output("id", "the token's id") { $0.change.id }
                Output("token", "the token's text") { $0.text }
            }
            Output("base", "its log-probability under the base", unit: "nats") { $0.change.base }
            Output("run", "its log-probability under the run", unit: "nats") { $0.change.run }
            Output("difference", "run minus base", unit: "nats") { $0.change.difference }
        }
    }

    @OutputList private static func outputs(isHidden: Bool) -> Outputs {
        sums
        largest(isHidden: isHidden)
        table(isHidden: isHidden)
        Outputs(figures: ["tokens"])
    }

    /// All outputs where texts are shown.
    public static var outputs: Outputs { outputs(isHidden: false) }

    /// The block's outputs.
    public var outputs: Outputs { Self.outputs(isHidden: isHidden) }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        arguments.layers(of: subjects.models).flatMap(route.problem).map { [ArgumentError(option: "route", $0)] } ?? []
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.load(self.subjects)
        guard pair < subjects.pairs.count else {
            throw CommandError("option 'pair' is \(pair), but the pairs are 0 to \(subjects.pairs.count - 1)")
        }
        let tokenizer = try bindings.models(self.subjects.models).load(in: bindings.project).tokenizer
        let found = try TokenChanges(
            subjects.pairs[pair], under: route.run(of: subjects.models), in: bindings)
        let responses = [("chosen", found.chosen), ("rejected", found.rejected)].map { name, changes in
            changes.map { ResponseToken(response: name, change: $0, bytes: tokenizer.text(of: $0.id) ?? []) }
        }
        let tokens = Array(responses.joined())
        var outcome = Outcome()
        outcome.set(Self.sums, of: responses.map { $0.map(\.change.difference).reduce(0, +) })
        outcome.set(Self.largest(isHidden: isHidden), of: tokens.largest { $0.change.difference })
        let table = outcome.add(Self.table(isHidden: isHidden), tokens)
        outcome.figures = [figure(responses, table)]
        return outcome
    }

    private func figure(_ responses: [[ResponseToken]], _ table: Table) -> Figure {
        Figure(
            name: "tokens", title: "Change of log p, token by token, in pair \(pair) (\(route.name) less base)",
            description: isHidden
                ? "The position of each token of both responses on the colour of its change of log p, in nats."
                : "Each token of both responses on the colour of its change of log p, in nats.",
            chart: TokenStrip(
                zip(["chosen", "rejected"], responses).map { name, tokens in
                    TokenStrip.Passage(
                        "\(name) response",
                        tokens: tokens.map { token in
                            TokenStrip.Token(
                                isHidden ? "\(token.change.position) " : String(decoding: token.bytes, as: UTF8.self),
                                value: token.change.difference)
                        })
                }, valueTitle: "change of log p (nats)"), data: table)
    }
}

/// A token of a response as it is shown.
private struct ResponseToken: Sendable {
    let response: String
    let change: TokenChange
    let bytes: [UInt8]

    /// Its text with what cannot be seen spelled out.
    var text: String { TokenWords.words(bytes) }
}
