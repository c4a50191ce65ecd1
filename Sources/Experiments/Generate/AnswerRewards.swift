import Interventions
import Statistics

extension Generation {
    /// log p of each answer under the tuned model minus that under the base, in nats, `[prompt][route]`.
    ///
    /// Times β this is the reward that DPO leaves implicit in the tuned model (Rafailov et al. 2023).
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public static func rewards(
        of answers: [[Answer]], to prompts: [[Int]], by models: ModelPair, in context: some RunContext
    ) throws -> [[Double]] {
        // An answer without tokens cannot be scored.
        let texts = answers.enumerated().flatMap { place, row in
            row.filter { !$0.tokens.isEmpty }.map {
                PackedPair(id: place, cluster: place, prompt: prompts[place], chosen: $0.tokens, rejected: [])
            }
        }
        guard !texts.isEmpty else { return answers.map { $0.map { _ in 0 } } }
        let margins = try context.margins(
            of: Route.clean(layers: models.layers), in: models, over: texts, name: "rewards")
        var next = 0
        return answers.map { row in
            row.map { answer in
                guard !answer.tokens.isEmpty else { return 0 }
                defer { next += 1 }
                return margins.byRoute[1][next].chosen - margins.byRoute[0][next].chosen
            }
        }
    }
}

/// The answers of one run over prompts.
public struct AnswerSummary: Sendable {
    /// How many tokens an answer has, on average.
    public let tokens: Double
    /// The mean reward, in nats, with its interval over prompts.
    public let reward: (mean: Double, interval: Interval?)
    /// How many tokens from its start an answer shares with the tuned model's, on average; nil without the tuned model's answers.
    public let agreed: (mean: Double, interval: Interval?)?

    /// - Parameters:
    ///   - answers: of the run, `[prompt]`.
    ///   - tuned: of the tuned model, `[prompt]`.
    public init(_ answers: [Generation.Answer], rewards: [Double], tuned: [Generation.Answer]?, seed: UInt64) {
        func summary(_ values: [Double]) -> (mean: Double, interval: Interval?) {
            let columns = ClusteredValues([values], clusters: Array(values.indices))
            return (values.mean, ClusterBootstrap(seed: seed).means(of: columns)[0])
        }
        tokens = answers.map { Double($0.tokens.count) }.mean
        reward = summary(rewards)
        agreed = tuned.map { tuned in
            summary(
                zip(answers, tuned).map { one, other in
                    Double(zip(one.tokens, other.tokens).prefix { $0 == $1 }.count)
                })
        }
    }
}
