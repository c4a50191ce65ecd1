/// What is wrong with a bibliography, and where in its file.
public struct BibliographyProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// What can be wrong.
    public enum Kind: Sendable, Equatable {
        case unknownType(String)
        case noKey
        case duplicateKey(String)
        case duplicateField(String, key: String)
        /// Something else where this was expected: `'=' after 'title'`.
        case expected(String)
        case unclosed(String)
        case unknownMacro(String)
        case unknownCommand(String)
        case unknownParent(String)
        case badDate(String)
        case badFormula(String)
        case badName(String)
        case tooDeep
        case notJSON(String)
        case notAList
        case badField(String, expected: String)
        case unknownFormat
    }

    /// What is wrong.
    public let kind: Kind
    /// The bytes of the file that are wrong.
    public let range: Range<Int>

    init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// The problem as a sentence, without what may help.
    public var description: String {
        switch kind {
        case .unknownType(let name): "there is no entry type '\(name)'"
        case .noKey: "the entry has no key to cite it by"
        case .duplicateKey(let key): "the key '\(key)' is taken by an entry above"
        case .duplicateField(let field, let key): "the entry '\(key)' has a second field '\(field)'"
        case .expected(let what): "expected \(what) here"
        case .unclosed(let what): "\(what) begins here and never ends"
        case .unknownMacro(let name): "there is no @string '\(name)'"
        case .unknownCommand(let name): "the LaTeX command '\(name)' is not known here"
        case .unknownParent(let key): "there is no entry '\(key)' to take fields from"
        case .badDate(let text): "'\(text)' is not a date"
        case .badFormula(let problem): "a formula cannot be read: \(problem)"
        case .badName(let text): "'\(text)' has too many commas for one name"
        case .tooDeep: "braces are nested more than \(LaTeXText.deepest) deep"
        case .notJSON(let problem): problem
        case .notAList: "a CSL-JSON bibliography is a list of objects"
        case .badField(let field, let expected): "'\(field)' must be \(expected)"
        case .unknownFormat: "the file is neither BibTeX nor CSL-JSON"
        }
    }

    /// What may help; nil where the sentence says it all.
    public var help: String? {
        switch kind {
        case .unknownMacro: "put braces or quotes around a text"
        case .badName: "names are separated by ' and ': {Ada Lovelace and Turing, Alan}"
        case .badDate: "a date is a year, or 2020-06 or 2020-06-03; a month is jan to dec, or 1 to 12"
        case .unclosed: "each '{' needs its '}', each '\"' another"
        case .unknownFormat: "BibTeX entries begin with '@', CSL-JSON begins with '['"
        default: nil
        }
    }

    /// Names much like which an unknown one may be meant.
    public var known: [String] {
        if case .unknownType = kind { BibTeXType.names } else { [] }
    }
}
