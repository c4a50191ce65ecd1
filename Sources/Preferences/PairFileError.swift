/// Why a file gives no preference pairs, and where.
public struct PairFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Sendable, Equatable {
        /// The system gives no bytes, for its own reason.
        case unreadable(reason: String)
        case truncatedGzip
        case corruptGzip(detail: String)
        /// More bytes, unpacked, than are read.
        case tooLarge(limit: Int)
        case lineTooLong(limit: Int)
        case empty
        case notJSON(column: Int, problem: String)
        case notAnObject(found: String)
        case missing(key: String, found: [String])
        case notText(key: String, found: String)
        /// A conversation as a list of messages, which takes a chat template.
        case messages(key: String)
        /// Two transcripts without a shared prompt.
        case noMarker
    }

    /// The file, as it was named.
    public let file: String
    /// The row, from 0.
    public let row: Int?
    /// The line, from 1.
    public let line: Int?
    /// What is wrong there.
    public let problem: Problem

    /// An error at its place.
    public init(file: String, row: Int? = nil, line: Int? = nil, problem: Problem) {
        self.file = file
        self.row = row
        self.line = line
        self.problem = problem
    }

    /// The sentence for the reader.
    public var description: String {
        let place =
            switch (row, line) {
            case (let row?, let line?): ", row \(row) (line \(line))"
            case (let row?, nil): ", row \(row)"
            case (nil, let line?): ", line \(line)"
            case (nil, nil): ""
            }
        return "\(file)\(place): \(problem)"
    }
}

extension PairFileError.Problem: CustomStringConvertible {
    /// The sentence without its place.
    public var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .truncatedGzip: "the gzip data end too early: the file is cut short"
        case .corruptGzip(let detail): "the gzip data are damaged: \(detail)"
        case .tooLarge(let limit): "more than \(size(limit)) of text, the most that is read of one file"
        case .lineTooLong(let limit): "longer than \(size(limit)), the most that is read of one line"
        case .empty: "no pairs: expected one JSON object a line, found nothing"
        case .notJSON(let column, let problem): "not JSON, column \(column): \(problem)"
        case .notAnObject(let found): "expected a JSON object with 'chosen' and 'rejected', found \(found)"
        case .missing(let key, let found):
            "'\(key)' is missing; "
                + (found.isEmpty ? "the object is empty" : "found \(found.map { "'\($0)'" }.joined(separator: ", "))")
        case .notText(let key, let found): "'\(key)' shall be a string, found \(found)"
        case .messages(let key):
            "'\(key)' is a list of messages, which takes a chat template; supported are whole transcripts ('hh': 'chosen' "
                + "and 'rejected' strings) and plain texts ('prompt': 'prompt', 'chosen' and 'rejected' strings)"
        case .noMarker:
            "'chosen' and 'rejected' share no prompt: expected a common beginning that holds "
                + #""\n\nAssistant:" (format 'hh'); give 'prompt' by itself otherwise"#
        }
    }

    private func size(_ bytes: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift) \(unit)"
        }
        return "\(bytes) bytes"
    }
}
