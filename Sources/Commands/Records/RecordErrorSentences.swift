import Experiments
import Interventions

/// What is wrong with a record, in the words of a notebook.
extension RecordError.Problem: CustomStringConvertible {
    /// The sentence without its place.
    public var description: String {
        switch self {
        case .nothing: "no record is left: the file has no row that could be used"
        case .missing(let column, let found):
            "'\(column)' is missing; "
                + (found.isEmpty ? "the row is empty" : "found \(found.map { "'\($0)'" }.joined(separator: ", "))")
                + "; the options 'columns' and 'cells' name the columns"
        case .wrongKind(let column, let expected, let found): "'\(column)' must be \(expected), found \(found)"
        case .notFinite(let column, let found): "'\(column)' is \(found), not a finite number"
        case .repeated(let first): "the same pair at the same place as row \(first)"
        case .different(let column, let found, let before, let first):
            "'\(column)' is \(found), but row \(first) of the same pair has \(before)"
        case .missingPlace(let pair, let place): "pair '\(pair)' has no row of \(place), which other pairs have"
        case .unnamedControl(let control): "control '\(control.rawValue)' is not among the option 'controls'"
        case .absentControl(let control):
            "no row has the control '\(control.rawValue)', which the option 'controls' names"
        case .noPatch: "no row is of the patch itself: expected control 'none' at a layer from 0"
        }
    }
}

extension RecordPlace: CustomStringConvertible {
    /// The place in words: `layer 3, tuned_to_base, control 'self'`.
    public var description: String {
        let parts = [
            layer.map { "layer \($0)" }, run.map { $0.direction.rawValue },
            run.flatMap { $0.control == .none ? nil : "control '\($0.control.rawValue)'" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
