import Experiments
import Notebooks
import Statistics
import Values

/// `{lasso}`: which layers' distances go with the gain, and how little one fit of that proves.
public struct LassoCommand: Command {
    /// The name in the fence.
    public static let name = "lasso"
    /// One line of help.
    public static let summary =
        "Regresses gains on distances with an ℓ₁ penalty, with its path, stability, rivals and checks."

    static let x = Option<String>.block("x", of: ["distances"], help: "the distances, one column per layer")
    static let y = Option<String>.block("y", of: ["score"], help: "the score whose gains are explained")
    static let alpha = Option<Double?>(
        "alpha", type: "'cv', or a number above 0",
        help: "the penalty on standardised columns; 'cv' takes the one with the least cross-validated error",
        defaultText: "cv", fallback: .some(nil),
        normal: { $0.map { .scalar(.number($0)) } ?? .scalar(.string("cv")) },
        read: { (value) throws(OptionMismatch) -> Double? in
            if value.text == "cv" { return nil }
            guard let number = value.scalar?.number, number > 0 else {
                throw OptionMismatch("\(value.inWords) is neither", at: value.location)
            }
            return number
        })
    static let folds = Option<Int>.int(
        "folds", in: 2...50, default: 5, help: "how many folds; pairs of one prompt are in the same fold")
    static let stability = Option<Int>.int(
        "stability", in: 2...10_000, default: 100,
        help: "on how many random halves of the prompts the selection is repeated")
    static let permutations = Option<Int>.int(
        "permutations", in: 2...10_000, default: 100,
        help: "how often the gains are permuted at random and everything is fitted again, with its own penalty")
    static let covariates = Option<[LassoData.Covariate]>.choices(
        "covariates", LassoData.Covariate.allCases, default: [],
        help: "further columns: tokens of each response, and how many more the chosen one has")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        x
        y
        alpha
        folds
        stability
        permutations
        covariates
    }

    private let x: String
    private let y: String
    private let alpha: Double?
    private let folds: Int
    private let stability: Int
    private let permutations: Int
    private let covariates: [LassoData.Covariate]

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        x = try arguments.value(Self.x)
        y = try arguments.value(Self.y)
        alpha = try arguments.value(Self.alpha)
        folds = try arguments.value(Self.folds)
        stability = try arguments.value(Self.stability)
        permutations = try arguments.value(Self.permutations)
        covariates = try arguments.value(Self.covariates)
        // Two blocks may have equally many pairs and still not the same ones.
        if let distances = arguments.command(x) as? DistancesCommand, let score = arguments.command(y) as? ScoreCommand,
            distances.subjects.pairs != score.subjects.pairs
        {
            throw ArgumentError(
                option: "y",
                "'\(x)' reads the pairs '\(distances.subjects.pairs)' and '\(y)' the pairs '\(score.subjects.pairs)'; both must read one {pairs} block",
                at: arguments.location(of: "y"))
        }
    }

    /// All outputs.
    public static var outputs: Outputs { LassoReport.outputs }

    /// A round of tasks, which waits for the distances and scores of the round before, is worth it for many fits only.
    public var worksInUnits: Bool { stability + permutations > 1000 }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let data = try LassoData(
            Self.distances(bindings.result(x).outcome.table("pairs") ?? Table(columns: [])),
            Self.scores(bindings.result(y).outcome.table("pairs") ?? Table(columns: [])), covariates: covariates)
        do {
            let fit = try LassoFit(
                data, alpha: alpha, folds: folds, subsamples: stability, permutations: permutations, in: bindings)
            return LassoReport.outcome(of: LassoReport(fit))
        } catch let error as RegressionError {
            guard error == .constantTarget else { throw CommandError(error.description) }
            var outcome = LassoReport.outcome(of: nil)
            outcome.notes = ["Every pair has the same gain, so no distance can explain it: \(error.description)."]
            return outcome
        }
    }

    /// Distances as `{distances}` produces them: a row for each layer of each pair.
    private static func distances(_ table: Table) -> LassoData.Distances {
        let layers = table.integers("layer")
        var names: [Int] = []
        for layer in layers where !names.contains(layer) { names.append(layer) }
        let values = table.numbers("distance")
        let firsts = layers.indices.filter { layers[$0] == names.first }
        return LassoData.Distances(
            layers: names,
            byLayer: names.map { name in values.at(layers.indices.filter { layers[$0] == name }) },
            prompts: table.integers("prompt_number").at(firsts))
    }

    private static func scores(_ table: Table) -> LassoData.Scores {
        LassoData.Scores(
            gains: table.numbers("gain"), chosenTokens: table.numbers("chosen_tokens"),
            rejectedTokens: table.numbers("rejected_tokens"), prompts: table.integers("prompt_number"),
            halves: Halves(table))
    }
}

extension Table {
    /// A column of whole numbers; −1 where a cell holds none.
    fileprivate func integers(_ column: String) -> [Int] { numbers(column).map { $0.isFinite ? Int($0) : -1 } }
}
