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

/// The places of a page that a link may lead to beside its blocks, as far as they are known before anything runs.
struct PageAnchors {
    /// The ids of headings without anything computed, in document order.
    private(set) var headings: [String] = []
    private var known = HeadingAnchors.ofThePage
    /// How the ids of the other headings begin, and those of figures, tables, claims and footnotes; one that fits all where there are too
    /// many to look through for each link.
    private var beginnings: Set<String> = ["figure-", "table-", "claim-", "footnote-"]
    private static let most = 100

    init(_ texts: [HeadingText]) {
        var anchors = HeadingAnchors()
        for heading in texts {
            if heading.isWhole {
                headings.append(anchors.anchor(for: heading.text))
            } else {
                beginnings.insert(HeadingAnchors.slug(heading.text))
            }
        }
        known.formUnion(headings)
        if beginnings.count > Self.most { beginnings = [""] }
    }

    /// Whether a link may lead there; true also for what only a run can tell.
    func may(lead target: String) -> Bool {
        // A browser decodes what is percent-encoded.
        [target, target.removingPercentEncoding ?? target].contains { target in
            known.contains(target) || beginnings.contains(where: target.hasPrefix)
        }
    }
}
