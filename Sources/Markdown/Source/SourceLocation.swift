/// A place in a notebook's text; lines and columns count from 1, columns in UTF-8 bytes, as cmark counts them.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// 0 for the notebook itself; the texts that it includes count from 1.
    public let file: Int
    /// The line, from 1.
    public let line: Int
    /// The column in UTF-8 bytes, from 1.
    public let column: Int

    /// A place by line and column, of the notebook itself unless a file is named.
    public init(line: Int, column: Int, file: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Whether the left place comes first in the text.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
