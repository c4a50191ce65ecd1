import Numerics
import Statistics

/// A regression's columns, a layer each and covariates after them, with its target: the gains.
public struct LassoData: Sendable {
    /// A further column.
    public enum Covariate: String, CaseIterable, Sendable {
        /// Tokens of either response.
        case chosenTokens = "chosen_tokens"
        case rejectedTokens = "rejected_tokens"
        /// How many more the chosen response has.
        case lengthDifference = "length_difference"
    }

    /// Distances of pairs, in any order of the layers.
    public struct Distances: Sendable {
        /// The layers.
        public let layers: [Int]
        /// Each one's distances, `[layer][pair]`.
        public let byLayer: [[Double]]
        /// The prompt of each pair, `[pair]`.
        public let prompts: [Int]

        /// Distances out of their parts.
        public init(layers: [Int], byLayer: [[Double]], prompts: [Int]) {
            self.layers = layers
            self.byLayer = byLayer
            self.prompts = prompts
        }
    }

    /// What scoring the same pairs gave, all `[pair]`.
    public struct Scores: Sendable {
        /// The gains that are explained.
        public let gains: [Double]
        /// Tokens of both responses.
        public let chosenTokens, rejectedTokens: [Double]
        /// The prompt of each pair.
        public let prompts: [Int]
        /// The pairs that choose, and those that judge.
        public let halves: Halves

        /// Scores out of their parts.
        public init(
            gains: [Double], chosenTokens: [Double], rejectedTokens: [Double], prompts: [Int], halves: Halves
        ) {
            self.gains = gains
            self.chosenTokens = chosenTokens
            self.rejectedTokens = rejectedTokens
            self.prompts = prompts
            self.halves = halves
        }
    }

    /// The layer of each column; nil for a covariate.
    public let layers: [Int?]
    /// What each column is called.
    public let terms: [String]
    /// The columns, `[pair, column]`.
    public let x: DoubleMatrix
    /// The gains, `[pair]`.
    public let y: [Double]
    /// Prompts, `[pair]`.
    let groups: [Int]
    /// The difference of the responses' lengths, `[pair]`.
    private let lengths: [Double]
    let halves: Halves

    /// - Throws: ``ExperimentError`` when the distances are not of the pairs that were scored.
    public init(
        _ distances: Distances, _ scores: Scores, covariates: [Covariate]
    ) throws(ExperimentError) {
        guard scores.gains.count == distances.prompts.count,
            distances.byLayer.allSatisfy({ $0.count == distances.prompts.count })
        else { throw .differentCounts(distances: distances.prompts.count, scores: scores.gains.count) }
        guard distances.prompts == scores.prompts else { throw .differentPairs }
        lengths = zip(scores.chosenTokens, scores.rejectedTokens).map { $0 - $1 }
        var columns = distances.byLayer
        for covariate in covariates {
            switch covariate {
            case .chosenTokens: columns.append(scores.chosenTokens)
            case .rejectedTokens: columns.append(scores.rejectedTokens)
            case .lengthDifference: columns.append(lengths)
            }
        }
        layers = distances.layers.map { $0 } + covariates.map { _ in nil }
        terms = distances.layers.map { "layer \($0)" } + covariates.map(\.rawValue)
        x = DoubleMatrix(columns: columns, rows: distances.prompts.count)
        y = scores.gains
        groups = scores.prompts
        halves = scores.halves
    }

    /// The columns with the responses' difference in length beside them.
    var withLength: DoubleMatrix {
        DoubleMatrix(columns: (0..<x.columns).map(x.column) + [lengths], rows: x.rows)
    }
}
