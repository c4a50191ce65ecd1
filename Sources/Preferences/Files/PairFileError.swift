/// Why a file gives no preference pairs, and where.
public struct PairFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Error, Sendable, Equatable {
        /// The system gives no bytes, for its own reason.
        case unreadable(reason: String)
        /// The packed data end too early.
        case truncated(String)
        case damaged(String, detail: String)
        /// A column file, which takes a conversion.
        case table(TableFormat, path: String)
        /// More bytes, unpacked, than are read.
        case tooLarge(limit: Int)
        case rowTooLong(limit: Int)
        case empty
        case notJSON(column: Int, problem: String)
        case notUTF8
        case notAnObject(found: String)
        /// What is wrong with a JSON list around its rows.
        case brokenList(String)
        case openQuote
        case fields(count: Int, expected: Int)
        case missing(key: String, found: [String])
        case wrongKind(key: String, expected: String, found: String)
        /// Two texts without a shared prompt.
        case noMarker
        /// Two lists of messages, the first messages of which differ.
        case noSharedMessage
        /// Both responses begin with the whole prompt.
        case repeatedPrompt
        /// A row whose preference is a tie.
        case noPreference
        /// A row of messages where no template may be used, or there is none.
        case messagesNeedTemplate
        case noTemplate
        /// The chat template refuses the row, for a reason that may quote it; nil where that is not told.
        case template(String?)
        /// A header of CSV that names a column twice.
        case repeatedColumn(String)
        /// The chat template holds what this interpreter does not know: a fault of no row, so it ends the reading.
        case unsupportedTemplate(String)
        /// A text that the tokenizer gives up on, and why.
        case notEncoded(String)
    }

    /// The file, as it was named.
    public let file: String
    /// The row: its line in the file, from 1, or its place in a JSON list, from 1.
    public let row: Int?
    /// What is wrong there.
    public let problem: Problem

    /// An error at its place.
    public init(file: String, row: Int? = nil, problem: Problem) {
        self.file = file
        self.row = row
        self.problem = problem
    }

    /// The sentence for the reader.
    public var description: String { "\(file)\(row.map { ", row \($0)" } ?? ""): \(problem)" }
}

extension PairFileError.Problem: CustomStringConvertible {
    /// The sentence without its place.
    public var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .truncated(let packing): "the \(packing) data end too early: the file is cut short"
        case .damaged(let packing, let detail): "the \(packing) data are damaged: \(detail)"
        case .table(let format, let path):
            "\(format.rawValue) files are not read; this line writes the rows as JSON Lines: \(format.conversion(of: path))"
        case .tooLarge(let limit): "more than \(size(limit)) of text, the most that is read of one file"
        case .rowTooLong(let limit): "longer than \(size(limit)), the most that is read of one row"
        case .empty: "no pairs: expected rows of JSON Lines, a JSON list or CSV, found nothing"
        case .notJSON(let column, let problem): "not JSON, column \(column): \(problem)"
        case .notUTF8: "the bytes are not UTF-8"
        case .notEncoded(let problem): "the text cannot be encoded: \(problem)"
        case .notAnObject(let found): "expected a JSON object, found \(found)"
        case .brokenList(let problem): "the JSON list is not well formed: \(problem)"
        case .openQuote: "a quote is not closed before the file ends"
        case .fields(let count, let expected): "\(count) fields, but the header names \(expected) columns"
        case .missing(let key, let found):
            "'\(key)' is missing; "
                + (found.isEmpty ? "the row is empty" : "found \(found.map { "'\($0)'" }.joined(separator: ", "))")
                + "; 'columns' says which columns hold the prompt and the responses"
        case .wrongKind(let key, let expected, let found): "'\(key)' must be \(expected), found \(found)"
        case .noMarker:
            "'chosen' and 'rejected' share no prompt: expected a common beginning that holds "
                + #""\n\nAssistant:" (format 'hh'); give 'prompt' by itself otherwise"#
        case .noSharedMessage:
            "'chosen' and 'rejected' share no message: expected both to begin with the prompt's messages"
        case .repeatedPrompt:
            "both responses begin with the whole prompt: expected the responses alone, or no 'prompt' column"
        case .noPreference: "neither response is preferred"
        case .messagesNeedTemplate: "the row is a list of messages, which 'template: none' does not take"
        case .noTemplate: "the row is a list of messages, and the model has no chat template"
        case .repeatedColumn(let name): "the header names the column '\(name)' twice"
        case .unsupportedTemplate(let sentence): sentence
        case .template(let sentence): sentence ?? "the chat template refuses the row"
        }
    }

    /// The same problem without anything of the row's text.
    public var withoutText: PairFileError.Problem { if case .template = self { .template(nil) } else { self } }

    private func size(_ bytes: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift) \(unit)"
        }
        return "\(bytes) bytes"
    }
}
