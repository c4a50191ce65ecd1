#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Interventions
import Random
import Tokenizers

/// What runs answer to prompts.
public struct Generation: Sendable {
    /// How many tokens an answer has at most.
    public let length: Int
    /// 0 takes the likeliest token; above, tokens are drawn.
    public let temperature: Double
    /// The answer ends before this text.
    public let stop: String?
    /// Tokens that end an answer.
    public let ends: Set<Int>

    /// How answers are made; nothing runs yet.
    public init(length: Int, temperature: Double, stop: String?, ends: Set<Int>) {
        self.length = length
        self.temperature = temperature
        self.stop = stop
        self.ends = ends
    }

    /// An answer, as far as it has grown.
    public struct Answer: Sendable {
        /// Its tokens.
        public fileprivate(set) var tokens: [Int] = []
        /// Σ log p of its tokens at temperature 1, in nats.
        public fileprivate(set) var logProbability = 0.0
        /// Whether it came to its own end.
        fileprivate var isWhole = false

        fileprivate init() {}

        fileprivate init?(_ bytes: [UInt8]) {
            guard let numbers = KeptDoubles.numbers(bytes), numbers.count >= 2 else { return nil }
            isWhole = numbers[0] == 1
            logProbability = numbers[1]
            tokens = numbers.dropFirst(2).compactMap { Int(exactly: $0) }
        }

        fileprivate var bytes: [UInt8] {
            KeptDoubles.bytes([isWhole ? 1 : 0, logProbability] + tokens.map(Double.init))
        }
    }

    /// What each run answers to each prompt, `[prompt][run]`.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public func answers(
        to prompts: [[Int]], by runs: [ModelRun], tokenizer: Tokenizer, in context: some RunContext
    ) throws -> [[Answer]] {
        let count = prompts.count * runs.count
        return try prompts.enumerated().map { place, prompt in
            try runs.enumerated().map { number, run in
                try answer(to: prompt, run, place * runs.count + number, of: count, tokenizer, context)
            }
        }
    }

    /// The text of an answer up to `stop`.
    public func text(of answer: Answer, _ tokenizer: Tokenizer) -> String {
        let text = tokenizer.decode(answer.tokens)
        guard let stop, let cut = text.firstRange(of: stop) else { return text }
        return String(text[..<cut.lowerBound])
    }

    /// What one run says, kept token by token: each is a walk of its own.
    private func answer(
        to prompt: [Int], _ run: ModelRun, _ number: Int, of count: Int, _ tokenizer: Tokenizer,
        _ context: some RunContext
    ) throws -> Answer {
        let name = "answer \(number)"
        let (walk, longest) = (context.walk(run.models), run.models.base.shape.maximumLength)
        var answer = try context.unit(name, read: Answer.init) ?? Answer()
        var generator = SeededGenerator(seed: context.seed, stream: SeededGenerator.stream(0x6765_6E65, number))
        // A token that is there was drawn already.
        if temperature > 0 { for _ in answer.tokens { _ = generator.nextUnit() } }
        while !answer.isWhole, answer.tokens.count < length, prompt.count + answer.tokens.count < longest {
            let next = pick(try walk.logits(of: run.route, prompt: prompt, continuation: answer.tokens), &generator)
            // A token without a text of its own ends the sequence.
            if ends.contains(next.token) || tokenizer.text(of: next.token) == nil {
                answer.isWhole = true
            } else {
                answer.tokens.append(next.token)
                answer.logProbability += next.logProbability
                if let stop, tokenizer.decode(answer.tokens).contains(stop) { answer.isWhole = true }
            }
            let step = answer.isWhole ? "\(name) whole" : "\(name) to \(answer.tokens.count)"
            try context.keep(name, answer.bytes, step: step)
            context.report("tokens", done: number * length + answer.tokens.count, total: count * length, kept: 0)
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
