#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import ChatTemplates
import Interventions
import JSON
import Markdown
import Notebooks
import Numerics
import Preferences
import Random
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
        help: "the answer ends before this text; a token at which the models' own files end generation ends it always"
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

    private static let answers = OutputTable<(run: String, text: String, answer: Answer)>("answers") {
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

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let loaded = try bindings.models(models).load(in: bindings.project)
        let models = try ModelPair(base: loaded.base, tuned: loaded.tuned)
        let texts = try bindings.models(self.models).texts(in: bindings.project, tokenizer: loaded.tokenizer)
        let ids = try prompt.ids(loaded.tokenizer, texts)
        guard !ids.isEmpty else { throw CommandError("the prompt has no token") }
        let walk = Walk(models, threads: bindings.resources.threads, memory: bindings.resources.memory)
        var answers: [(run: String, text: String, answer: Answer)] = []
        for (number, named) in routes.enumerated() {
            let route = try named.route(layers: models.layers)
            let answer = try self.answer(
                to: ids, walk, route, number, longest: models.base.shape.maximumLength, loaded.tokenizer, texts.ends,
                bindings)
            var text = loaded.tokenizer.decode(answer.tokens)
            if let stop, let cut = text.firstRange(of: stop) { text = String(text[..<cut.lowerBound]) }
            answers.append((named.name, text, answer))
        }
        var outcome = Outcome()
        outcome.set(Self.values, of: ids)
        outcome.add(Self.answers, answers)
        return outcome
    }

    /// What one run says, kept token by token: each is a walk of its own.
    private func answer(
        to prompt: [Int], _ walk: Walk, _ route: Route, _ number: Int, longest: Int, _ tokenizer: Tokenizer,
        _ ends: Set<Int>, _ bindings: Bindings
    ) throws -> Answer {
        let name = "answer \(number)"
        var answer = try bindings.unit(name, read: Answer.init) ?? Answer()
        var generator = SeededGenerator(seed: bindings.seed, stream: SeededGenerator.stream(0x6765_6E65, number))
        // A token that is there was drawn already.
        if temperature > 0 { for _ in answer.tokens { _ = generator.nextUnit() } }
        while !answer.isWhole, answer.tokens.count < length, prompt.count + answer.tokens.count < longest {
            let next = pick(try walk.logits(of: route, prompt: prompt, continuation: answer.tokens), &generator)
            // A token without a text of its own ends the sequence.
            if ends.contains(next.token) || tokenizer.text(of: next.token) == nil {
                answer.isWhole = true
            } else {
                answer.tokens.append(next.token)
                answer.logProbability += next.logProbability
                if let stop, tokenizer.decode(answer.tokens).contains(stop) { answer.isWhole = true }
            }
            let step = answer.isWhole ? "\(name) whole" : "\(name) to \(answer.tokens.count)"
            try bindings.keep(name, answer.bytes, step: step)
            bindings.progress(
                Progress(unit: "tokens", done: number * length + answer.tokens.count, total: routes.count * length))
        }
        return answer
    }

    /// The next token with its log-probability at temperature 1, in nats; the first of equals.
    private func pick(_ logits: [Float], _ generator: inout SeededGenerator) -> (token: Int, logProbability: Double) {
        let values = logits.map(Double.init)
        let largest = values.max() ?? 0
        let whole = largest + log(values.reduce(0) { $0 + exp($1 - largest) })
        guard temperature > 0 else {
            let token = values.firstIndex(of: largest) ?? 0
            return (token, largest - whole)
        }
        let weights = values.map { exp(($0 - largest) / temperature) }
        var left = generator.nextUnit() * weights.reduce(0, +)
        for (token, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return (token, values[token] - whole) }
        }
        return (values.count - 1, values[values.count - 1] - whole)
    }
}

/// An answer while it grows.
private struct Answer: Sendable {
    var tokens: [Int] = []
    /// Σ log p of its tokens at temperature 1, in nats.
    var logProbability = 0.0
    /// Whether it came to its own end.
    var isWhole = false

    init() {}

    init?(_ bytes: [UInt8]) {
        guard let numbers = KeptDoubles.numbers(bytes), numbers.count >= 2 else { return nil }
        isWhole = numbers[0] == 1
        logProbability = numbers[1]
        tokens = numbers.dropFirst(2).compactMap { Int(exactly: $0) }
    }

    var bytes: [UInt8] { KeptDoubles.bytes([isWhole ? 1 : 0, logProbability] + tokens.map(Double.init)) }
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
