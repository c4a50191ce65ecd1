import Numerics

/// Why a regression has no result.
public enum RegressionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A value that is not a number; `column` is nil for the target.
    case notFinite(row: Int, column: Int?)
    /// Fewer rows than a fit takes.
    case tooFewRows(Int, needed: Int)
    /// Fewer groups than folds.
    case tooFewGroups(Int, folds: Int)
    /// A target that is one value throughout: nothing to explain.
    case constantTarget
    /// A target of two classes with rows of one only.
    case oneClass
    /// An iteration that did not come to rest.
    case notConverged(method: String, penalty: Double)

    /// The sentence for the reader.
    public var description: String {
        switch self {
        case .notFinite(let row, let column):
            "row \(row) holds a value that is not a number" + (column.map { " in column \($0)" } ?? " in the target")
        case .tooFewRows(let rows, let needed): "a fit takes \(needed) rows or more, found \(rows)"
        case .tooFewGroups(let groups, let folds):
            "\(folds) folds need as many groups of rows that belong together, found \(groups)"
        case .constantTarget: "the target is the same on every row, so there is nothing to explain"
        case .oneClass: "all rows are of one class, so there is nothing to tell apart"
        case .notConverged(let method, let penalty): "\(method) did not come to rest at penalty \(penalty)"
        }
    }

    static func check(_ x: DoubleMatrix, _ y: [Double]) throws(RegressionError) {
        precondition(x.rows == y.count, "a target of \(y.count) rows for \(x.rows)")
        if let place = x.values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(row: place / x.columns, column: place % x.columns)
        }
        if let row = y.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row, column: nil) }
    }
}
