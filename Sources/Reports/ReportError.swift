/// Why no page could be made.
public enum ReportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A value that the text quotes is not there.
    case missingValue(String)
    /// A quoted value cannot be shown as its author asked.
    case format(path: String, problem: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .missingValue(let path): "the text quotes '\(path)', which no block of this notebook has"
        case .format(let path, let problem): "'\(path)' cannot be shown: \(problem)"
        }
    }
}
