import JSON

/// A file of rows: JSON Lines, one JSON list, or CSV with a header; each may be gzip or zstd.
public struct RowFile: Sendable, Equatable {
    /// Where the file lies.
    public let path: String
    /// The most bytes, unpacked, that are read.
    public let limit: Int
    /// The most bytes of one row.
    public let rowLimit: Int

    /// A file that has not been opened.
    public init(_ path: String, limit: Int = 64 << 30, rowLimit: Int = 16 << 20) {
        self.path = path
        self.limit = limit
        self.rowLimit = rowLimit
    }

    /// One row, which is parsed when it is asked for.
    public struct Row {
        /// Its line in the file, from 1, or its place in a JSON list, from 1.
        public let number: Int
        private let bytes: [UInt8]
        /// The names of a CSV file's columns.
        private let header: [String]?

        fileprivate init(number: Int, bytes: [UInt8], header: [String]?) {
            self.number = number
            self.bytes = bytes
            self.header = header
        }

        /// What the row holds; a record of CSV is an object of texts.
        public func json() throws(PairFileError.Problem) -> JSON {
            guard let header else {
                do { return try JSON.parse(bytes) } catch {
                    throw .notJSON(column: error.column, problem: error.problem)
                }
            }
            guard let fields = CSVRow.fields(of: bytes) else { throw .notUTF8 }
            guard fields.count == header.count else { throw .fields(count: fields.count, expected: header.count) }
            return .object(zip(header, fields).map { JSON.Member($0, .string($1)) })
        }
    }

    /// Calls `body` with each row until it returns false.
    /// - Throws: where no further row can be read, and what `body` throws.
    public func forEachRow(_ body: (Row) throws(PairFileError) -> Bool) throws(PairFileError) {
        var splitter = RowSplitter(path: path, isCSV: isCSV, limit: rowLimit)
        var header: [String]?
        func take(_ bytes: [UInt8], _ number: Int) throws(PairFileError) -> Bool {
            guard isCSV, header == nil else { return try body(Row(number: number, bytes: bytes, header: header)) }
            header = try names(bytes, row: number)
            return true
        }
        var goesOn = true
        try FileBytes(path: path, limit: limit).forEachPiece { (piece) throws(PairFileError) in
            goesOn = try splitter.take(piece, take)
            return goesOn
        }
        if goesOn { try splitter.finish(take) }
    }

    private var isCSV: Bool {
        let name = path.lowercased()
        return [".csv", ".csv.gz", ".csv.zst"].contains { name.hasSuffix($0) }
    }

    private func names(_ bytes: [UInt8], row: Int) throws(PairFileError) -> [String] {
        let withoutMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let names = CSVRow.fields(of: withoutMark) else {
            throw PairFileError(file: path, row: row, problem: .notUTF8)
        }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw PairFileError(file: path, row: row, problem: .repeatedColumn(name))
        }
        return names
    }
}
