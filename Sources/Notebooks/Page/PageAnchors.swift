import Foundation
import Markdown

/// A link to a place on the page itself: `[the results](#results)`.
package struct PageLink: Sendable {
    /// `results`
    package let target: String
    /// Where the target stands.
    package let location: SourceLocation
}

/// A heading's text as far as it is known before anything runs.
struct HeadingText: Sendable {
    /// The text, up to the first computed value or number of a figure.
    private(set) var text = ""
    /// False when something computed follows.
    private(set) var isWhole = true

    init(_ inlines: [MarkdownInline]) {
        for inline in inlines where isWhole {
            text += [inline].plainText { _ in
                isWhole = false
                return ""
            }
        }
    }
}

/// Where links to a page lead: to a block by its id, else to a heading by its words. The page's own elements have ids that no text
/// knows, so a heading need not have the id that its words give.
public struct PageAnchors: Sendable {
    /// What leads to each heading without anything computed, in document order.
    private(set) var headings: [String] = []
    private let blocks: Set<String>
    /// The ids of headings by what leads to them.
    private var ids: [String: String] = [:]
    /// How the names of the other headings begin; one that fits all where there are too many to look through for each link.
    private var beginnings: Set<String> = []
    private static let most = 100

    /// The places of a page, as far as they are known before anything runs.
    init(_ texts: [HeadingText], blocks: Set<String>) {
        self.init(texts.filter(\.isWhole).map(\.text), blocks: blocks)
        beginnings = Set(texts.filter { !$0.isWhole }.map { HeadingAnchors.slug($0.text) })
        if beginnings.count > Self.most { beginnings = [""] }
    }

    /// The places of a page.
    /// - Parameters:
    ///   - texts: the text of each heading in document order.
    ///   - blocks: the ids of all blocks.
    public init(_ texts: [String] = [], blocks: Set<String> = []) {
        self.blocks = blocks
        var anchors = HeadingAnchors()
        let all = texts.map { (slug: HeadingAnchors.slug($0), id: anchors.anchor(for: $0)) }
        // The first heading of some words has their name. The others, and those without a word, have the name of their id.
        for (slug, id) in all where !slug.isEmpty && ids[slug] == nil { ids[slug] = id }
        headings = all.map { slug, id in
            if ids[slug] == id { return slug }
            if ids[id] == nil { ids[id] = id }
            return id
        }
    }

    /// The id of the element that a link leads to; nil where the page has no such place.
    /// - Parameter target: what is written after `#`; a browser decodes what is percent-encoded.
    public func id(of target: String) -> String? {
        for name in [target, target.removingPercentEncoding ?? target] {
            if let block = block(of: name) { return "block-\(block)" }
            if let id = ids[name] { return id }
        }
        return nil
    }

    /// The block that a link leads to, by its id or by that of its element; nil where it leads elsewhere.
    public func block(of target: String) -> String? {
        if blocks.contains(target) { return target }
        guard ids[target] == nil, target.hasPrefix("block-") else { return nil }
        let id = String(target.dropFirst(6))
        return blocks.contains(id) ? id : nil
    }

    /// Names that a link may have meant.
    package var names: [String] { Array(headings.prefix(500)) + blocks.sorted().prefix(500) }

    /// Whether a link may lead there: to the page's top too, and to what only a run can tell.
    func may(lead target: String) -> Bool {
        target.isEmpty || id(of: target) != nil
            || [target, target.removingPercentEncoding ?? target].contains {
                beginnings.contains(where: $0.hasPrefix)
            }
    }
}
