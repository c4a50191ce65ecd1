/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, counted from 1; lines end with a line feed.
    public let line: Int
    /// The column, counted from 1 in Unicode scalars.
    public let column: Int
    /// What is wrong there.
    public let problem: String

    /// An error at a place.
    public init(line: Int, column: Int, problem: String) {
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// The sentence for the reader.
    public var description: String { "JSON, line \(line), column \(column): \(problem)" }

    /// An error at a byte offset of the text.
    init(_ problem: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column, problem: problem)
    }
}
