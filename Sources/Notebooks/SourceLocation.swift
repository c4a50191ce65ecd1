/// A place in a notebook's text; lines and columns count from 1, columns in UTF-8 bytes, as cmark counts them.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// The line, from 1.
    public let line: Int
    /// The column in UTF-8 bytes, from 1.
    public let column: Int

    /// A place by line and column.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether the left place comes first in the text.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
