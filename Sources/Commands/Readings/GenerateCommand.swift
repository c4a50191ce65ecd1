import Charts
import ChatTemplates
import Experiments
import Interventions
import JSON
import Markdown
import Notebooks
import Preferences
import Tokenizers
import Values

/// `{generate}`: what the base, the tuned model and mixtures of both say to one prompt, or to the prompts of pairs.
public struct GenerateCommand: Command {
    /// The name in the fence.
    public static let name = "generate"
    /// One line of help.
    public static let summary =
        "Answers a prompt, or the prompts of pairs, with base, tuned and patched models, and scores the answers."

    static let prompt = Option.string(
        "prompt", help: "the prompt, as it stands; '\\n' breaks a line; or give 'messages' or 'pairs'"
    ).optional
    static let messages = Option<[JSON]?>(
        "messages", type: "a list of {role, content}",
        help: "the prompt as messages, which the model's chat template writes; or give 'prompt' or 'pairs'",
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
    static let pairs = Option<String>.block(
        "pairs", of: ["pairs"],
        help: "answer the prompt of each of these pairs, each prompt once, and compare the runs over prompts"
    ).optional
    static let text = Option.mapping(
        "text", [("shown", false), ("hidden", true)], default: "shown",
        help: "with 'pairs': 'hidden' reports only numbers, and leaves the answers' texts out of tables and files")
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
        pairs
        templateDate
        routes
        length
        temperature
        stop
        text
    }

    private let models: String
    private let prompt: Prompt
    private let routes: [NamedRoute]
    private let length: Int
    private let temperature: Double
    private let stop: String?
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        prompt = try Prompt(
            text: try arguments.value(Self.prompt), messages: try arguments.value(Self.messages),
            pairs: try arguments.value(Self.pairs), date: try arguments.value(Self.templateDate))
        routes = try arguments.value(Self.routes)
        length = try arguments.value(Self.length)
        temperature = try arguments.value(Self.temperature)
        stop = try arguments.value(Self.stop)
        isHidden = try arguments.value(Self.text)
        if let pairs = prompt.pairs, !isHidden { try arguments.refuseHiddenText(of: pairs) }
        if prompt.pairs == nil, isHidden {
            throw ArgumentError(option: "text", "'hidden' goes with option 'pairs'", at: arguments.location(of: "text"))
        }
    }

    private typealias Row = (prompt: Int, run: String, text: String, answer: Generation.Answer, reward: Double)

    private static let values = OutputValues<[[Int]]> {
        Output("prompt.tokens", "how many tokens the prompt has, or the prompts on average") {
            $0.map { Double($0.count) }.mean
        }
        Output("prompts", "how many prompts were answered") { $0.count }
    }

    private static let rewards = OutputValues<(base: AnswerSummary?, tuned: AnswerSummary?)> {
        Output.mean(
            "base.reward", "the mean reward of the base's answers, if 'base' is one of the routes", unit: "nats"
        ) {
            $0.base?.reward ?? (.nan, nil)
        }
        Output.mean(
            "tuned.reward", "the mean reward of the tuned model's answers, if 'tuned' is one of the routes",
            unit: "nats"
        ) {
            $0.tuned?.reward ?? (.nan, nil)
        }
    }

    private static let runs = OutputTable<(run: String, found: AnswerSummary)>("runs") {
        Output("run", "the run that answered: `base`, `tuned` or a mixture") { $0.run }
        Output("tokens", "how many tokens an answer has, on average") { $0.found.tokens }
        Output("reward", "the mean of log p(answer) under the tuned model minus that under the base", unit: "nats") {
            $0.found.reward.mean
        }
        Output.ends("reward_") { $0.found.reward.interval }
        Output("agreed", "how many tokens from its start an answer shares with the tuned model's, on average") {
            $0.found.agreed?.mean
        }
        Output.ends("agreed_") { $0.found.agreed?.interval }
    }

    private static func answers(_ prompts: Bool, isHidden: Bool) -> OutputTable<Row> {
        OutputTable("answers") {
            if prompts { Output("prompt", "the prompt's number, from 0") { $0.prompt } }
            Output("run", "the run that answered: `base`, `tuned` or a mixture") { $0.run }
            if !isHidden { Output("text", "the answer") { $0.text } }
            Output("tokens", "how many tokens it has") { $0.answer.tokens.count }
            Output("log_probability", "its log-probability under its own run", unit: "nats") {
                $0.answer.logProbability
            }
            Output("reward", "its log-probability under the tuned model minus that under the base", unit: "nats") {
                $0.reward
            }
        }
    }

    @OutputList private static func outputs(_ prompts: Bool, isHidden: Bool) -> Outputs {
        values
        if prompts {
            rewards
            runs
        }
        answers(prompts, isHidden: isHidden)
        if prompts { Outputs(figures: ["rewards"]) }
    }

    /// All outputs.
    public static var outputs: Outputs { outputs(true, isHidden: false) }

    /// The block's outputs.
    public var outputs: Outputs { Self.outputs(prompt.pairs != nil, isHidden: isHidden) }

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
        let prompts = try prompts(loaded.tokenizer, texts, bindings)
        let generation = Generation(length: length, temperature: temperature, stop: stop, ends: texts.ends)
        let answers = try generation.answers(
            to: prompts, by: routes.map { try $0.run(of: models) }, tokenizer: loaded.tokenizer, in: bindings)
        let rewards = try Generation.rewards(of: answers, to: prompts, by: models, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: prompts)
        let tuned = routes.firstIndex(of: NamedRoute(.tuned))
        if prompt.pairs != nil {
            let summaries = routes.enumerated().map { number, route in
                (
                    run: route.name,
                    found: AnswerSummary(
                        answers.map { $0[number] }, rewards: rewards.map { $0[number] },
                        tuned: tuned.map { tuned in answers.map { $0[tuned] } }, seed: bindings.seed)
                )
            }
            let base = routes.firstIndex(of: NamedRoute(.base))
            outcome.set(Self.rewards, of: (base.map { summaries[$0].found }, tuned.map { summaries[$0].found }))
            outcome.figures = [Self.figure(summaries, outcome.add(Self.runs, summaries))]
            if let note = FewPrompts.note(Array(prompts.indices)) { outcome.notes.append(note) }
        }
        outcome.add(
            Self.answers(prompt.pairs != nil, isHidden: isHidden),
            prompts.indices.flatMap { place in
                routes.indices.map { number in
                    let answer = answers[place][number]
                    return (
                        prompt: place, run: routes[number].name,
                        text: isHidden ? "" : generation.text(of: answer, loaded.tokenizer),
                        answer: answer, reward: rewards[place][number]
                    )
                }
            })
        return outcome
    }

    private func prompts(_ tokenizer: Tokenizer, _ texts: PairTexts, _ bindings: Bindings) throws -> [[Int]] {
        guard let pairs = prompt.pairs else {
            let ids = try prompt.ids(tokenizer, texts)
            guard !ids.isEmpty else { throw CommandError("the prompt has no token") }
            return [ids]
        }
        var known: Set<[Int]> = []
        return try bindings.load(Subjects(models: models, pairs: pairs)).pairs.map(\.prompt).filter {
            known.insert($0).inserted
        }
    }

    private static func figure(_ runs: [(run: String, found: AnswerSummary)], _ table: Table) -> Figure {
        Figure(
            name: "rewards", title: "The reward implicit in the tuned model, for each run's answers",
            description:
                "The mean of log p(answer) under the tuned model minus that under the base, for what each run answers, with 95 % "
                + "intervals over prompts.",
            chart: IntervalChart(
                Categories(
                    "run", names: runs.map(\.run),
                    series: [
                        EstimateSeries(
                            "reward", role: .effect,
                            estimates: runs.map {
                                Estimate($0.found.reward.mean, $0.found.reward.interval)
                            })
                    ]), value: Axis("log p(tuned) − log p(base) of the answer (nats)", includesZero: true)), data: table
        )
    }
}

/// What the models answer.
private enum Prompt: Sendable {
    case text(String)
    case messages([JSON], TemplateDate)
    case pairs(String)

    init(text: String?, messages: [JSON]?, pairs: String?, date: TemplateDate) throws(ArgumentError) {
        switch (text, messages, pairs) {
        case (let text?, nil, nil): self = .text(text)
        case (nil, let messages?, nil): self = .messages(messages, date)
        case (nil, nil, let pairs?): self = .pairs(pairs)
        default:
            throw ArgumentError(option: "prompt", "block {generate} takes one of 'prompt', 'messages' and 'pairs'")
        }
    }

    /// The `{pairs}` block whose prompts are answered.
    var pairs: String? {
        if case .pairs(let id) = self { id } else { nil }
    }

    /// The one prompt's ids, none of pairs; a text that begins with the opening token gets no second one.
    func ids(_ tokenizer: Tokenizer, _ texts: PairTexts) throws -> [Int] {
        switch self {
        case .pairs: return []
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
