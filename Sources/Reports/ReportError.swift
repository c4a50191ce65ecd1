import Markdown
import Notebooks

/// Why no page could be made.
public enum ReportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A value that the text quotes is not there.
    case missingValue(String)
    /// A quoted value cannot be shown as its author asked.
    case format(path: String, problem: String)

    /// The text refers to a figure or a table that the page does not show; `shown` are those of the block that it does.
    case missingPlate(CrossReference, shown: [String])

    /// One sentence.
    public var description: String {
        switch self {
        case .missingValue(let path): "the text quotes '\(path)', which no block of this notebook has"
        case .format(let path, let problem): "'\(path)' cannot be shown: \(problem)"
        case .missingPlate(let reference, let shown):
            "line \(reference.location.line) refers to '#\(reference.target)', but block '\(reference.block)' shows no "
                + (reference.name.map { "\(reference.kind.rawValue) '\($0)'" } ?? reference.kind.rawValue)
                + (shown.isEmpty ? "" : "; it shows " + shown.map { "'\($0)'" }.joined(separator: ", "))
        }
    }
}
