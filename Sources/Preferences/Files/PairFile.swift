import JSON

/// A file of preference pairs: JSON Lines, one JSON list of objects, or CSV with a header; each may be gzip or zstd.
///
/// Rows are read one at a time. Columns other than those that the format names are allowed.
public struct PairFile: Sendable, Equatable {
    /// Where the file lies.
    public let path: String
    /// How its rows say their pairs.
    public let format: PairFormat
    /// The columns of prompt and responses, where they have other names.
    public let columns: PairColumns?
    /// The most bytes, unpacked, that are read.
    public let limit: Int
    /// The most bytes of one row.
    public let rowLimit: Int

    /// A file that has not been opened.
    public init(
        _ path: String, format: PairFormat = .auto, columns: PairColumns? = nil, limit: Int = 64 << 30,
        rowLimit: Int = 16 << 20
    ) {
        self.path = path
        self.format = format
        self.columns = columns
        self.limit = limit
        self.rowLimit = rowLimit
    }

    private var isCSV: Bool {
        let name = path.lowercased()
        return [".csv", ".csv.gz", ".csv.zst"].contains { name.hasSuffix($0) }
    }
}

/// What a source of pairs produces for one row.
public struct PairRow: Sendable, Equatable {
    /// The file that it came from, as it was named.
    public let file: String
    /// The row: its line in the file, from 1, or its place in a JSON list, from 1.
    public let number: Int
    /// Its pairs, or why it has none.
    public let pairs: Result<[PreferencePair], PairFileError>

    /// A row out of its parts.
    public init(file: String, number: Int, pairs: Result<[PreferencePair], PairFileError>) {
        self.file = file
        self.number = number
        self.pairs = pairs
    }
}

/// What produces rows of pairs, the same ones each time.
public protocol PairSource {
    /// How many rows there are, bad ones included.
    /// - Throws: where no further row can be read.
    func rowCount() throws(PairFileError) -> Int

    /// Goes through the rows, or those at some places from 0, until `body` answers false.
    /// - Throws: where no further row can be read, and what `body` throws.
    func forEachRow(at places: Set<Int>?, _ body: (PairRow) throws(PairFileError) -> Bool) throws(PairFileError)
}

extension PairFile: PairSource {
    /// How many rows the file has.
    public func rowCount() throws(PairFileError) -> Int {
        var count = 0
        try forEachRecord { (_, _) throws(PairFileError) in
            count += 1
            return true
        }
        return isCSV ? count - 1 : count
    }

    /// Calls `body` with each row, or with those at some places, until it returns false.
    public func forEachRow(at places: Set<Int>?, _ body: (PairRow) throws(PairFileError) -> Bool) throws(PairFileError)
    {
        var reader = PairReader(format: format, columns: columns)
        var header: [String]?
        var index = -1
        try forEachRecord { (bytes, number) throws(PairFileError) in
            if isCSV, header == nil {
                header = try self.header(bytes, row: number)
                return true
            }
            index += 1
            let isWanted = places?.contains(index) ?? true
            // The first row says the format, wanted or not.
            if !isWanted, index > 0 { return true }
            let pairs: Result<[PreferencePair], PairFileError>
            do throws(PairFileError.Problem) {
                let row = if let header { try record(bytes, header) } else { try json(bytes) }
                pairs = .success(try reader.contents(of: row).map { PreferencePair(row: number, $0) })
            } catch {
                pairs = .failure(PairFileError(file: path, row: number, problem: error))
            }
            if !isWanted { return true }
            return try body(PairRow(file: path, number: number, pairs: pairs))
        }
        if index < 0 { throw PairFileError(file: path, problem: .empty) }
    }

    /// Goes through the file's lines, elements or records with their numbers.
    private func forEachRecord(_ body: ([UInt8], Int) throws(PairFileError) -> Bool) throws(PairFileError) {
        var splitter = RowSplitter(path: path, isCSV: isCSV, limit: rowLimit)
        var goesOn = true
        try FileBytes(path: path, limit: limit).forEachPiece { (piece) throws(PairFileError) in
            goesOn = try splitter.take(piece, body)
            return goesOn
        }
        if goesOn { try splitter.finish(body) }
    }

    private func header(_ bytes: [UInt8], row: Int) throws(PairFileError) -> [String] {
        let withoutMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let names = CSVRow.fields(of: withoutMark) else {
            throw PairFileError(file: path, row: row, problem: .notUTF8)
        }
        return names
    }

    private func json(_ bytes: [UInt8]) throws(PairFileError.Problem) -> JSON {
        do { return try JSON.parse(bytes) } catch { throw .notJSON(column: error.column, problem: error.problem) }
    }

    private func record(_ bytes: [UInt8], _ header: [String]) throws(PairFileError.Problem) -> JSON {
        guard let fields = CSVRow.fields(of: bytes) else { throw .notUTF8 }
        guard fields.count == header.count else { throw .fields(count: fields.count, expected: header.count) }
        return .object(zip(header, fields).map { JSON.Member($0, .string($1)) })
    }
}

extension [PairRow]: PairSource {
    /// How many rows there are.
    public func rowCount() -> Int { count }

    /// Calls `body` with each row, or with those at some places, until it returns false.
    public func forEachRow(at places: Set<Int>?, _ body: (PairRow) throws(PairFileError) -> Bool) throws(PairFileError)
    {
        for (index, row) in enumerated() where places?.contains(index) ?? true {
            if try !body(row) { return }
        }
    }
}
