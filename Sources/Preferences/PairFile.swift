import JSON

/// A file of preference pairs: JSON Lines, or one JSON array of objects; either may be gzip.
///
///     let pairs = try PairFile("hh.jsonl.gz").pairs()
///
/// A row is a JSON object; blank lines are no rows. Members other than those that the format names are allowed.
public struct PairFile: Sendable, Equatable {
    /// How a row says its pair.
    public enum Format: String, Sendable, CaseIterable {
        /// `prompt` where the first row has a member of that name, else `hh`.
        case auto
        /// `chosen` and `rejected` are whole transcripts, as in HH-RLHF.
        case hh
        /// `prompt`, and `chosen` and `rejected` as they go on from it.
        case prompt
    }

    /// Where the file lies.
    public let path: String
    /// How its rows say their pairs.
    public let format: Format
    /// The most bytes, unpacked, that are read.
    public let limit: Int
    /// The most bytes of one line.
    public let lineLimit: Int

    /// A file that has not been opened.
    public init(_ path: String, format: Format = .auto, limit: Int = 4 << 30, lineLimit: Int = 64 << 20) {
        self.path = path
        self.format = format
        self.limit = limit
        self.lineLimit = lineLimit
    }

    /// Reads every pair, in the order of the file.
    /// - Throws: `PairFileError` at the first row that is no pair of the format, or where the file cannot be read to its end.
    public func pairs() throws(PairFileError) -> [PreferencePair] {
        var reader = PairReader(path: path, format: format)
        var array: [UInt8]?
        try forEachLine { (line, number) throws(PairFileError) in
            if array != nil {
                array?.append(contentsOf: line)
            } else if let first = line.first(where: { !isSpace($0) }) {
                if reader.pairs.isEmpty, first == UInt8(ascii: "[") {
                    array = [UInt8](repeating: UInt8(ascii: "\n"), count: number - 1) + line
                } else {
                    try reader.add(line, line: number)
                }
            }
        }
        if let array { try reader.add(array: array) }
        if reader.pairs.isEmpty { throw PairFileError(file: path, problem: .empty) }
        return reader.pairs
    }

    /// Hands on each line with the line feed that ends it, and its number from 1.
    private func forEachLine(_ body: ([UInt8], Int) throws(PairFileError) -> Void) throws(PairFileError) {
        var line: [UInt8] = []
        var number = 1
        func finish() throws(PairFileError) {
            if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
            try body(line, number)
        }
        try FileBytes(path: path, limit: limit).forEachPiece { (piece) throws(PairFileError) in
            var rest = piece
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
                line += rest[..<(end ?? rest.endIndex)]
                if line.count > lineLimit {
                    throw PairFileError(file: path, line: number, problem: .lineTooLong(limit: lineLimit))
                }
                rest = rest[(end ?? rest.endIndex)...]
                if end != nil {
                    try finish()
                    line.removeAll(keepingCapacity: true)
                    number += 1
                }
            }
        }
        if !line.isEmpty { try finish() }
    }

    /// JSON's own white space, RFC 8259.
    private func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
