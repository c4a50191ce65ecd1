/// A notebook in which the texts that problems must quote stand between « and ».
public struct MarkedText: Sendable {
    /// The notebook without the marks.
    public let text: String
    /// What stands between marks, in order.
    public let quotes: [String]
    /// The place of the first mark, both from 1, the column in UTF-8 bytes.
    public let first: (line: Int, column: Int)

    /// Reads the marks.
    public init(_ marked: String) {
        text = marked.replacing("«", with: "").replacing("»", with: "")
        quotes = marked.matches(of: /(?s)«(.*?)»/).map { String($0.1) }
        let before = marked.prefix { $0 != "«" }.split(separator: "\n", omittingEmptySubsequences: false)
        first = (before.count, (before.last?.utf8.count ?? 0) + 1)
    }
}
