import Notebooks
import Numerics
import Statistics
import Values

/// A regression's columns, a layer each and covariates after them, with its target: the gains.
struct LassoData {
    static let covariates = ["chosen_tokens", "rejected_tokens", "length_difference"]

    /// The layer of each column; nil for a covariate.
    let layers: [Int?]
    /// What each column is called.
    let terms: [String]
    let x: DoubleMatrix
    let y: [Double]
    /// Prompts, `[pair]`.
    let groups: [Int]
    /// The difference of the responses' lengths, `[pair]`.
    let lengths: [Double]
    let halves: Halves

    /// - Throws: an error when the distances are not of the pairs that were scored.
    init(_ distances: Table, _ score: Table, covariates: [String]) throws(CommandError) {
        func numbers(_ table: Table, _ column: String) -> [Double] {
            (table[column: column] ?? []).map { $0.number ?? .nan }
        }
        func whole(_ table: Table, _ column: String) -> [Int] {
            numbers(table, column).map { $0.isFinite ? Int($0) : -1 }
        }
        let (pairs, columns) = (whole(distances, "pair"), whole(distances, "layer"))
        var layers: [Int] = []
        for layer in columns where !layers.contains(layer) { layers.append(layer) }
        let count = Set(pairs).count
        guard score.rows.count == count, pairs.count == count * layers.count else {
            throw CommandError(
                "'x' has distances of \(count) pairs and 'y' scores \(score.rows.count); both must be of the same pairs"
            )
        }
        let firsts = stride(from: 0, to: pairs.count, by: max(layers.count, 1)).map { $0 }
        let prompts = whole(distances, "prompt_number").at(firsts)
        guard prompts == whole(score, "prompt_number") else {
            throw CommandError("'x' and 'y' are of different pairs; both must come from one {pairs} block")
        }
        let values = numbers(distances, "distance")
        var list = layers.indices.map { place in firsts.map { values[$0 + place] } }
        let (chosen, rejected) = (numbers(score, "chosen_tokens"), numbers(score, "rejected_tokens"))
        lengths = zip(chosen, rejected).map { $0 - $1 }
        for name in covariates {
            list.append(name == "chosen_tokens" ? chosen : name == "rejected_tokens" ? rejected : lengths)
        }
        self.layers = layers.map { $0 } + covariates.map { _ in nil }
        terms = layers.map { "layer \($0)" } + covariates
        x = DoubleMatrix(columns: list, rows: count)
        y = numbers(score, "gain")
        groups = prompts
        halves = Halves(score)
    }

    /// The columns with the responses' difference in length beside them.
    var withLength: DoubleMatrix {
        DoubleMatrix(columns: (0..<x.columns).map(x.column) + [lengths], rows: x.rows)
    }
}
