/// A stretch of a notebook's text; lines and columns count from 1, columns in UTF-8 bytes, as cmark counts them.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// 0 for the notebook itself; the texts that it includes count from 1.
    public let file: Int
    /// The line of its first byte, from 1.
    public let line: Int
    /// The column of its first byte in UTF-8 bytes, from 1.
    public let column: Int
    /// How many bytes it holds; 0 for a point between two bytes.
    public let length: Int

    /// A place by line and column, of the notebook itself unless a file is named.
    public init(line: Int, column: Int, length: Int = 0, file: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// The first bytes of the same text.
    public func prefix(_ length: Int) -> SourceLocation {
        SourceLocation(line: line, column: column, length: min(length, self.length), file: file)
    }

    /// Whether the left place comes first in the text.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
