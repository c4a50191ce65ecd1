/// One problem of a notebook: what, where, and what may help.
public struct Diagnostic: Error, Sendable, Equatable {
    /// How bad a problem is.
    public enum Severity: String, Sendable {
        case error, warning, note
    }

    /// Whether it stops the notebook.
    public let severity: Severity
    /// The stable name of its kind.
    public let code: DiagnosticCode
    /// The file as the user named it: `notebooks/x.md`.
    public let file: String
    /// Nil for what has no place in the file, such as a parameter of the command line.
    public let location: SourceLocation?
    /// One sentence without a full stop.
    public let message: String
    /// Texts that may stand in the place of what is wrong, the likeliest first.
    public let replacements: [String]
    /// What may put it right: `did you mean 'layers'?`
    public let help: String?
    /// The text it stands in, from which an excerpt is cut when it is shown.
    package let source: SourceText

    package init(
        _ code: DiagnosticCode, severity: Severity = .error, at location: SourceLocation?, of source: SourceText,
        _ message: String, replacements: [String] = [], help: String? = nil
    ) {
        let text = location.map(source.text(of:)) ?? source
        self.severity = severity
        self.code = code
        self.file = text.name
        self.location = location
        self.message = message
        self.replacements = replacements
        self.help = Suggestion.question(replacements) ?? help
        self.source = text
    }

    /// The place after the last byte of the text that the problem is about; nil for what has no place.
    public var end: SourceLocation? { location.map(source.end(of:)) }

    /// The text that the problem is about; nil for what has no place.
    public var quote: String? { location.map(source.quote) }

    /// Whether both say the same of the same place.
    public static func == (left: Diagnostic, right: Diagnostic) -> Bool {
        left.severity == right.severity && left.code == right.code && left.file == right.file
            && left.location == right.location && left.message == right.message && left.help == right.help
    }

    /// The source line, indented, and a caret below; nil for what has no place.
    var excerpt: String? {
        location.map { SourceExcerpt(of: source, at: $0) }.map { "    \($0.line)\n    \($0.caret)" }
    }

    /// The problem as people read it: `notebooks/x.md:41:7: error: message [code]`, the source line, a caret, and help.
    public var text: String {
        let place = location.map { "\(file):\($0.line):\($0.column)" } ?? file
        var lines = ["\(place): \(severity.rawValue): \(SourceExcerpt.printable(message)) [\(code.rawValue)]"]
        if let excerpt { lines += [excerpt] }
        if let help { lines.append("help: \(SourceExcerpt.printable(help))") }
        return lines.joined(separator: "\n")
    }
}

/// All problems that were found, sorted by place.
public struct Diagnostics: Error, Sendable, Equatable, CustomStringConvertible {
    /// The problems, by place; those without one first.
    public let all: [Diagnostic]

    /// Sorts problems by place and drops repetitions.
    public init(_ diagnostics: [Diagnostic]) {
        let nowhere = SourceLocation(line: 0, column: 0)
        let sorted = diagnostics.enumerated().sorted { left, right in
            (left.element.location ?? nowhere, left.offset) < (right.element.location ?? nowhere, right.offset)
        }.map(\.element)
        var kept: [Diagnostic] = []
        for diagnostic in sorted where diagnostic != kept.last { kept.append(diagnostic) }
        all = kept
    }

    /// Every problem's text, an empty line between them; only the number of those beyond the first thousand.
    public var description: String {
        let shown = all.prefix(Self.mostShown).map(\.text).joined(separator: "\n\n")
        return all.count > Self.mostShown ? "\(shown)\n\nand \(all.count - Self.mostShown) more problems" : shown
    }

    /// How many problems are shown as text; `check --json` has them all.
    private static let mostShown = 1_000
}

/// The stable name of a kind of problem, for tools and for the documentation.
public enum DiagnosticCode: String, Sendable, CaseIterable {
    case invalidUTF8 = "invalid-utf8"
    case tooDeep = "too-deep"
    case nestedCommand = "nested-command"
    case unclosedBlock = "unclosed-block"
    case unclosedFrontMatter = "unclosed-front-matter"
    case malformedValue = "malformed-value"
    case yamlSyntax = "yaml-syntax"
    case yamlKind = "yaml-kind"
    case duplicateKey = "duplicate-key"
    case yamlAnchor = "yaml-anchor"
    case yamlTag = "yaml-tag"
    case unknownKey = "unknown-key"
    case badFrontMatter = "bad-front-matter"
    case badParameter = "bad-parameter"
    case unknownParameter = "unknown-parameter"
    case unknownCommand = "unknown-command"
    case badID = "bad-id"
    case duplicateID = "duplicate-id"
    case unknownOption = "unknown-option"
    case missingOption = "missing-option"
    case badOption = "bad-option"
    case unknownBlock = "unknown-block"
    case forwardReference = "forward-reference"
    case wrongBlock = "wrong-block"
    case unknownTable = "unknown-table"
    case unknownValue = "unknown-value"
    case badFormat = "bad-format"
    case badClaim = "bad-claim"
    case outsideProject = "outside-project"
    case tooLarge = "too-large"
    case badInclude = "bad-include"
    case badTable = "bad-table"
    case badCaption = "bad-caption"
    case badFootnote = "bad-footnote"
    case badCallout = "bad-callout"
    case badFormula = "bad-formula"
    case badBibliography = "bad-bibliography"
    case badCitation = "bad-citation"
    case unknownCitation = "unknown-citation"
    case unusedEntry = "unused-entry"
    case badFence = "bad-fence"
    case unclosedComment = "unclosed-comment"
    case unknownTarget = "unknown-target"
    case deadLink = "dead-link"
    case badPicture = "bad-picture"
    case missingFile = "missing-file"
    case runFailed = "run-failed"
    case staleBlock = "stale-block"
    case notRun = "not-run"
    case storeFailed = "store-failed"
    case internalError = "internal-error"
}
