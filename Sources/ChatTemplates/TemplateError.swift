/// Why a chat template cannot be read or rendered, and where.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Error, Sendable, Equatable {
        /// The text is not Jinja.
        case syntax(String)
        /// Jinja, or Python, that this interpreter does not know.
        case unsupported(String)
        /// An operation on a name or member that has no value.
        case undefined(String)
        /// An operation on values of the wrong kinds.
        case invalid(String)
        /// The template's own refusal: `raise_exception`.
        case raised(String)
        /// Nested deeper than is read or run.
        case tooDeep(limit: Int)
        /// More work than one rendering may take.
        case tooMuchWork
        /// A longer text than is written.
        case tooLong(limit: Int)
    }

    /// The line of the template, from 1.
    public let line: Int
    /// The column, from 1 in Unicode scalars.
    public let column: Int
    /// What is wrong there.
    public let problem: Problem

    /// An error at its place.
    public init(line: Int, column: Int, problem: Problem) {
        self.line = line
        self.column = column
        self.problem = problem
    }

    init(_ place: Place, _ problem: Problem) { self.init(line: place.line, column: place.column, problem: problem) }

    /// The sentence for the reader.
    public var description: String { "chat template, line \(line), column \(column): \(problem)" }
}

extension TemplateError.Problem: CustomStringConvertible {
    /// The sentence without its place.
    public var description: String {
        switch self {
        case .syntax(let sentence), .undefined(let sentence), .invalid(let sentence): sentence
        case .unsupported(let construct): "\(construct) is not supported"
        case .raised(let message): "the template refuses these messages: \(message)"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .tooMuchWork: "the template takes too much work: it loops for too long or builds too much text"
        case .tooLong(let limit): "the text is longer than \(limit) characters"
        }
    }
}

/// A line and a column of a template, both from 1.
struct Place: Sendable, Equatable {
    var line: Int
    var column: Int
}
