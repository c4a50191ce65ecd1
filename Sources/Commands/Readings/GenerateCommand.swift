import ChatTemplates
import Experiments
import Interventions
import JSON
import Markdown
import Notebooks
import Preferences
import Tokenizers
import Values

/// `{generate}`: what the base, the tuned model and mixtures of both say to one prompt, side by side.
public struct GenerateCommand: Command {
    /// The name in the fence.
    public static let name = "generate"
    /// One line of help.
    public static let summary = "Lets base, tuned and patched models answer one prompt."

    static let prompt = Option.string(
        "prompt", help: "the prompt, as it stands; '\\n' breaks a line; or give 'messages'"
    ).optional
    static let messages = Option<[JSON]?>(
        "messages", type: "a list of {role, content}",
        help: "the prompt as messages, which the model's chat template writes; or give 'prompt'",
        defaultText: "none", fallback: .some(nil),
        read: { (value) throws(OptionMismatch) -> [JSON]? in
            guard let entries = value.sequence, !entries.isEmpty else {
                throw OptionMismatch("found \(value.inWords)", at: value.location)
            }
            var messages: [JSON] = []
            for entry in entries {
                guard let members = entry.mapping, Set(members.map(\.key)) == ["role", "content"] else {
                    throw OptionMismatch("an entry is not {role, content}", at: entry.location)
                }
                var message: [JSON.Member] = []
                for member in members {
                    guard let text = member.value.text else {
                        throw OptionMismatch("'\(member.key)' is \(member.value.inWords)", at: member.value.location)
                    }
                    message.append(JSON.Member(member.key, .string(text)))
                }
                messages.append(.object(message))
            }
            return messages
        })
    static let templateDate = Option<TemplateDate>.day(
        "template_date", default: PairsReading.date, help: "the date that chat templates see as today")
    static let routes = Option<[NamedRoute]>(
        "routes", type: "a list of " + NamedRoute.type, help: "which runs answer", defaultText: "[base, tuned]",
        fallback: [NamedRoute(.base), NamedRoute(.tuned)], normal: { .list($0.map(\.normal)) },
        read: { (value) throws(OptionMismatch) -> [NamedRoute] in
            var routes: [NamedRoute] = []
            for entry in value.sequence ?? [value] {
                let route = try NamedRoute(entry)
                guard !routes.contains(route) else {
                    throw OptionMismatch("'\(route.name)' is listed twice", at: entry.location)
                }
                routes.append(route)
            }
            guard !routes.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
            return routes
        })
    static let length = Option<Int>.int("length", in: 1...1024, default: 32, help: "how many tokens at most")
    static let temperature = Option<Double>.number(
        "temperature", in: 0.0...10.0, default: 0,
        help: "0 takes the likeliest token; above, tokens are drawn from the seed")
    static let stop = Option.string(
        "stop",
        help: "the answer ends before this text; a token that the models' files name as an end always ends it"
    ).optional

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.models
        prompt
        messages
        templateDate
        routes
        length
        temperature
        stop
    }

    private let models: String
    private let prompt: Prompt
    private let routes: [NamedRoute]
    private let length: Int
    private let temperature: Double
    private let stop: String?

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        prompt = try Prompt(
            text: try arguments.value(Self.prompt), messages: try arguments.value(Self.messages),
            date: try arguments.value(Self.templateDate))
        routes = try arguments.value(Self.routes)
        length = try arguments.value(Self.length)
        temperature = try arguments.value(Self.temperature)
        stop = try arguments.value(Self.stop)
    }

    private static let values = OutputValues<[Int]> {
        Output("prompt.tokens", "how many tokens the prompt has") { $0.count }
    }

    private static let answers = OutputTable<(run: String, text: String, answer: Generation.Answer)>("answers") {
        Output("run", "the run that answered: `base`, `tuned` or a mixture") { $0.run }
        Output("text", "the answer") { $0.text }
        Output("tokens", "how many tokens it has") { $0.answer.tokens.count }
        Output("log_probability", "its log-probability under its own run", unit: "nats") { $0.answer.logProbability }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        answers
    }

    /// Layers that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        guard let count = arguments.layers(of: models) else { return [] }
        return routes.compactMap { $0.problem(layers: count) }.map { ArgumentError(option: "routes", $0) }
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let loaded = try bindings.models(models).load(in: bindings.project)
        let models = try ModelPair(base: loaded.base, tuned: loaded.tuned)
        let texts = try bindings.models(self.models).texts(in: bindings.project, tokenizer: loaded.tokenizer)
        let ids = try prompt.ids(loaded.tokenizer, texts)
        guard !ids.isEmpty else { throw CommandError("the prompt has no token") }
        let generation = Generation(length: length, temperature: temperature, stop: stop, ends: texts.ends)
        let answers = try generation.answers(
            to: ids, under: routes.map { try $0.route(layers: models.layers) }, of: models,
            tokenizer: loaded.tokenizer, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: ids)
        outcome.add(Self.answers, zip(routes, answers).map { (run: $0.name, text: $1.text, answer: $1.answer) })
        return outcome
    }
}

/// What the models answer.
private enum Prompt: Sendable {
    case text(String)
    case messages([JSON], TemplateDate)

    init(text: String?, messages: [JSON]?, date: TemplateDate) throws(ArgumentError) {
        switch (text, messages) {
        case (let text?, nil): self = .text(text)
        case (nil, let messages?): self = .messages(messages, date)
        default: throw ArgumentError(option: "prompt", "block {generate} takes either 'prompt' or 'messages'")
        }
    }

    /// The prompt's ids; a text that begins with the opening token gets no second one.
    func ids(_ tokenizer: Tokenizer, _ texts: PairTexts) throws -> [Int] {
        switch self {
        case .text(let text):
            return try tokenizer.encode(text, addingSpecialTokens: !(try tokenizer.hasOwnOpening(text)))
        case .messages(let messages, let date):
            guard let template = texts.template else {
                throw CommandError("option 'messages' takes a chat template, and neither model has one")
            }
            let text = try template.render(messages, addGenerationPrompt: true, date: date)
            return try tokenizer.encode(text, addingSpecialTokens: false)
        }
    }
}
