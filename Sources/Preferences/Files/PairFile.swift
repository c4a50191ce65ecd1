/// A file of preference pairs, as rows.
///
/// Rows are read one at a time. Columns other than those that the format names are allowed.
public struct PairFile: Sendable, Equatable {
    /// The rows.
    public let rows: RowFile
    /// How its rows say their pairs.
    public let format: PairFormat
    /// The columns of prompt and responses, where they have other names.
    public let columns: PairColumns?

    /// A file that has not been opened.
    public init(
        _ path: String, format: PairFormat = .auto, columns: PairColumns? = nil, limit: Int = 64 << 30,
        rowLimit: Int = 16 << 20
    ) {
        rows = RowFile(path, limit: limit, rowLimit: rowLimit)
        self.format = format
        self.columns = columns
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
        try rows.forEachRow { (_) throws(PairFileError) in
            count += 1
            return true
        }
        return count
    }

    /// Calls `body` with each row, or with those at some places, until it returns false.
    public func forEachRow(at places: Set<Int>?, _ body: (PairRow) throws(PairFileError) -> Bool) throws(PairFileError)
    {
        var reader = PairReader(format: format, columns: columns)
        var index = -1
        try rows.forEachRow { (row) throws(PairFileError) in
            index += 1
            let isWanted = places?.contains(index) ?? true
            // The first row says the format, wanted or not.
            if !isWanted, index > 0 { return true }
            let pairs: Result<[PreferencePair], PairFileError>
            do throws(PairFileError.Problem) {
                pairs = .success(
                    try reader.contents(of: try row.json()).map { PreferencePair(row: row.number, $0) })
            } catch {
                pairs = .failure(PairFileError(file: rows.path, row: row.number, problem: error))
            }
            if !isWanted { return true }
            return try body(PairRow(file: rows.path, number: row.number, pairs: pairs))
        }
        if index < 0 { throw PairFileError(file: rows.path, problem: .empty) }
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
