import Mustache

/// A template that cannot be used.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name: `page.mustache`.
    public let file: String
    /// Where, when it is known; counts from 1.
    public let line: Int?
    /// What is wrong, as a clause.
    public let problem: String

    /// One sentence: `template page.mustache:12: a section is not closed`.
    public var description: String {
        "template \(file)\(line.map { ":\($0)" } ?? ""): \(problem)"
    }

    /// The parser's error in words.
    static func words(for error: any Error) -> String {
        guard let error = error as? MustacheTemplate.Error else { return "\(error)" }
        return switch error {
        case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened with"
        case .unfinishedName: "a tag is not finished"
        case .expectedSectionEnd: "a section is not closed"
        case .invalidSetDelimiter: "a tag that sets delimiters is malformed"
        case .transformAppliedToInheritanceSection: "a transform stands on an inherited section"
        case .illegalTokenInsideInheritSection: "an inherited section holds a tag that it may not"
        case .textInsideInheritSection: "an inherited section holds text outside of its blocks"
        case .invalidConfigVariableSyntax: "a configuration tag is malformed"
        case .unrecognisedConfigVariable: "a configuration tag has an unknown name"
        }
    }
}
