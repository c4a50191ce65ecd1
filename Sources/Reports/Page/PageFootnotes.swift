import Markdown
import Notebooks

/// The footnotes of a page, numbered in the order in which its prose first mentions them.
struct PageFootnotes {
    private(set) var mentioned: [Footnote] = []
    /// How often each was mentioned.
    private var counts: [Int] = []

    /// The number of a footnote as a link to its text.
    mutating func mention(_ footnote: Footnote) -> String {
        let index: Int
        if let known = mentioned.firstIndex(where: { $0.location == footnote.location }) {
            index = known
        } else {
            index = mentioned.count
            mentioned.append(footnote)
            counts.append(0)
        }
        counts[index] += 1
        // Only the first mention is led back to.
        let id = counts[index] == 1 ? " id=\"footnote-\(index + 1)-mention\"" : ""
        return
            "<sup class=\"pb-mention\"><a\(id) href=\"#footnote-\(index + 1)\" aria-label=\"Footnote \(index + 1)\">\(index + 1)</a></sup>"
    }

    /// The link from a footnote's text to its first mention.
    static func back(to number: Int) -> String {
        "<a href=\"#footnote-\(number)-mention\" aria-label=\"Back to mention \(number)\">↩</a>"
    }
}
