/// Cuts a file's bytes into rows: lines of JSON, elements of one JSON list, or records of CSV.
struct RowSplitter {
    typealias Problem = PairFileError.Problem

    /// A row's bytes and number.
    typealias Handler = ([UInt8], Int) throws(PairFileError) -> Bool

    private enum Layout { case unknown, lines, list, records }

    private let path: String
    private let limit: Int
    private var layout: Layout
    private var row: [UInt8] = []
    /// The line that is being read, from 1.
    private var line = 1
    /// The line on which the row began; in a list, the row's place, from 1.
    private var number = 1
    private var isInQuotes = false
    private var isEscaped = false
    /// How many brackets of a list's element are open.
    private var depth = 0
    /// Where a record of CSV is in its last field.
    private var field = CSVRow.Place.start
    private var list = ListPlace.beforeElement

    private enum ListPlace { case beforeElement, inElement, ended }

    init(path: String, isCSV: Bool, limit: Int) {
        self.path = path
        self.limit = limit
        layout = isCSV ? .records : .unknown
    }

    /// Takes bytes, and produces each row that they end; false once a handler answers so.
    mutating func take(_ bytes: ArraySlice<UInt8>, _ handle: Handler) throws(PairFileError) -> Bool {
        var rest = bytes
        while let byte = rest.first {
            if layout == .lines {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                try append(rest[..<end])
                rest = rest[end...]
                if rest.isEmpty { return true }
                if try !handOn(handle) { return false }
                line += 1
                number = line
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst()
            let goesOn =
                switch layout {
                case .unknown, .lines: try begin(byte)
                case .list: try takeElement(byte, handle)
                case .records: try takeRecord(byte, handle)
                }
            if !goesOn { return false }
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
        return true
    }

    /// Hands on what is left when the file ends.
    mutating func finish(_ handle: Handler) throws(PairFileError) {
        if layout == .list {
            if list != .ended { throw error(.brokenList("it has no end")) }
        } else if layout == .records, field == .quoted {
            throw error(.openQuote)
        } else if layout != .unknown, !row.isEmpty {
            _ = try handOn(handle)
        }
    }

    /// Decides by the first byte that is not white space: `[` opens a list.
    private mutating func begin(_ byte: UInt8) throws(PairFileError) -> Bool {
        if isSpace(byte) || (line == 1 && row.count < 3 && [0xEF, 0xBB, 0xBF][row.count] == byte) {
            if byte == UInt8(ascii: "\n") { row = [] } else if !isSpace(byte) { row.append(byte) }
            return true
        }
        row = []
        layout = byte == UInt8(ascii: "[") ? .list : .lines
        number = layout == .list ? 1 : line
        return layout == .list ? true : try append(byte)
    }

    private mutating func takeElement(_ byte: UInt8, _ handle: Handler) throws(PairFileError) -> Bool {
        switch list {
        case .ended:
            if !isSpace(byte) { throw error(.brokenList("text follows it")) }
        case .beforeElement:
            if isSpace(byte) { return true }
            if byte == UInt8(ascii: "]"), number == 1 {
                list = .ended
                return true
            }
            list = .inElement
            return try takeElement(byte, handle)
        case .inElement:
            if isInQuotes {
                isInQuotes = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                return try append(byte)
            }
            switch byte {
            case UInt8(ascii: "\""): isInQuotes = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return try endElement(byte, handle) }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return try endElement(byte, handle)
            default: break
            }
            return try append(byte)
        }
        return true
    }

    private mutating func endElement(_ byte: UInt8, _ handle: Handler) throws(PairFileError) -> Bool {
        if row.allSatisfy(isSpace) { throw error(.brokenList("an element is missing")) }
        list = byte == UInt8(ascii: "]") ? .ended : .beforeElement
        let goesOn = try handOn(handle)
        number += 1
        return goesOn
    }

    /// A record of CSV, RFC 4180, may hold line ends inside quotes.
    private mutating func takeRecord(_ byte: UInt8, _ handle: Handler) throws(PairFileError) -> Bool {
        if byte == UInt8(ascii: "\n"), field != .quoted {
            field = .start
            return try handOn(handle)
        }
        // A mark of the file's encoding is not the first field's text.
        let isMark = line == 1 && row.count < 3 && [0xEF, 0xBB, 0xBF][row.count] == byte
        if !isMark { _ = field.take(byte) }
        if row.isEmpty { number = line }
        return try append(byte)
    }

    private mutating func append(_ byte: UInt8) throws(PairFileError) -> Bool {
        if row.count >= limit { throw error(.rowTooLong(limit: limit)) }
        row.append(byte)
        return true
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(PairFileError) {
        if row.count + bytes.count > limit { throw error(.rowTooLong(limit: limit)) }
        row += bytes
    }

    private mutating func handOn(_ handle: Handler) throws(PairFileError) -> Bool {
        defer { row.removeAll(keepingCapacity: true) }
        if row.allSatisfy(isSpace) { return true }
        return try handle(row, number)
    }

    private func error(_ problem: Problem) -> PairFileError { PairFileError(file: path, row: number, problem: problem) }

    /// JSON's own white space, RFC 8259.
    private func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
