import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

/// Nothing in a notebook puts a script, a request or an element of its own into the page.
@Suite struct HostilePageTests {
    private static let pieces = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\" onload=\"alert(1)", "' onfocus='alert(1)",
        "[a](javascript:alert(1))", "[a](java\nscript:x)", "[a](<\tjavascript:x>)", "[a](&#106;avascript:x)",
        "[a](data:text/html,<script>x</script>)", "[a](vbscript:x)", "![a](javascript:x)", "![\"><b>](x.png)",
        "![a](data:image/svg+xml;base64,PHN2Zz4=)", "![a](data:image/png;base64,AAAA\" onerror=\"x)",
        "![a](https://evil.example/x.png)", "[\"><svg onload=x>](/u \"t\\\" onclick=\\\"x\")", "<a href=javascript:x>",
        "# \"><script>x</script>", "| <b>a</b> | [b](javascript:x) |\n| - | - |\n| \" onclick=x | ` </td> ` |",
        "[^a]", "```\"><script>\nx\n```", "~~~ x\" onclick=x\ny\n~~~", "<!--", "-->", "</script>", "</style>", "<?php",
        "<![CDATA[", "`</code><script>`", "{{{x}}}", "\u{0}", "\u{2028}", "&lt;script&gt;", "*", "_", "[", "](", "> ",
        "- ",
        "\n", "\n\n", "http://x.example/<script>", "<javascript:x>", "<x@y.example>", "[a]: javascript:x \"y\"\n",
        "[a]",
    ]

    @Test("a notebook made to break out makes a page of the elements and attributes that prose has", arguments: 0..<150)
    func fuzz(_ seed: UInt64) throws {
        var random = Generator(state: seed)
        let text = (0..<60).map { _ in Self.pieces[Int(random.next() % UInt64(Self.pieces.count))] }.joined(
            separator: random.next() % 2 == 0 ? "" : " ")
        let source = SourceText(name: "x.md", text: "---\ntitle: T\n---\n\(text)\n\n[^a]: note \(text.prefix(80))\n")
        let prose = Notebook.parse(source).document.parts.flatMap { part -> [MarkdownBlock] in
            if case .prose(let blocks) = part { blocks } else { [] }
        }
        let page = try PageTests.page(prose)
        let html = try PageTests.between("</header>\n", "<footer", in: page)
        for tag in try Self.tags(of: html) { try Self.check(tag) }
    }

    struct Tag {
        let name: String
        let attributes: [(name: String, value: String)]
    }

    private static let allowed: [String: Set<String>] = [
        "h1": ["id"], "h2": ["id"], "h3": ["id"], "h4": ["id"], "h5": ["id"], "h6": ["id"], "p": ["class"], "em": [],
        "strong": [], "code": ["class"], "pre": ["tabindex"], "blockquote": [], "ul": [], "ol": ["start"],
        "li": ["id", "class"], "details": ["class"], "summary": [], "nav": ["aria-label"],
        "hr": [],
        "br": [], "a": ["href", "title", "id", "class", "aria-label"], "span": ["class"],
        "img": ["class", "src", "alt", "title"],
        "div": ["class", "role", "aria-label", "tabindex"], "table": [], "thead": [], "tbody": [], "tr": [],
        "th": ["scope", "class"], "td": ["class"], "sup": ["class"], "section": ["class", "aria-label"], "main": [],
    ]

    private static func check(_ tag: Tag) throws {
        let attributes = try #require(allowed[tag.name], "element \(tag.name)")
        for (name, value) in tag.attributes {
            #expect(attributes.contains(name), "\(tag.name) has \(name)")
            if name == "href" {
                let scheme = value.prefix { $0 != ":" && $0 != "/" && $0 != "#" && $0 != "?" }
                let isRelative = scheme.count == value.count || value.dropFirst(scheme.count).first != ":"
                #expect(isRelative || ["http", "https", "mailto"].contains(scheme.lowercased()), "href \(value)")
            }
            if name == "src" {
                #expect(value.wholeMatch(of: /data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+\/=]+/) != nil)
            }
        }
    }

    /// The tags of a text, read as strictly as we write them: `<name attribute="value">` and `</name>`, and no other `<`.
    static func tags(of html: String) throws -> [Tag] {
        var tags: [Tag] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            let match = try #require(
                rest.prefixMatch(of: /<(\/?)([a-z0-9]+)((?: [a-z-]+="[^"<>]*")*)>/), "\(rest.prefix(80))")
            let attributes = match.3.matches(of: /([a-z-]+)="([^"]*)"/).map { (String($0.1), String($0.2)) }
            tags.append(Tag(name: String(match.2), attributes: attributes))
            rest = rest[match.range.upperBound...]
        }
        return tags
    }

    private struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
