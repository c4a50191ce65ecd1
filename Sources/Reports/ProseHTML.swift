import Charts
import Notebooks

/// Markdown as HTML: what CommonMark's reference renderer gives, but for raw HTML (shown as text), links that must not be
/// followed (their text is kept), pictures (named, never fetched) and quoted values.
struct ProseHTML {
    let values: QuotedValues
    private(set) var anchors = HeadingAnchors()
    /// The headings so far, for the list of contents.
    private(set) var headings: [(level: Int, anchor: String, text: String)] = []

    init(values: QuotedValues) {
        self.values = values
    }

    /// The HTML of some blocks, a line each.
    mutating func html(_ blocks: [MarkdownBlock]) throws(ReportError) -> String {
        var lines: [String] = []
        for block in blocks { lines.append(try html(block, isTight: false)) }
        return lines.joined(separator: "\n")
    }

    private mutating func html(_ block: MarkdownBlock, isTight: Bool) throws(ReportError) -> String {
        switch block {
        case .paragraph(let inlines):
            let text = try html(inlines)
            return isTight ? text : "<p>\(text)</p>"
        case .heading(let level, let inlines):
            let anchor = anchors.anchor(for: try plain(inlines))
            headings.append((level, anchor, try plain(inlines)))
            return "<h\(level) id=\"\(Markup.escaped(anchor))\">\(try html(inlines))</h\(level)>"
        case .quote(let blocks):
            return "<blockquote>\n\(try html(blocks))\n</blockquote>"
        case .list(let start, let isTight, let items):
            let opening = start.map { $0 == 1 ? "<ol>" : "<ol start=\"\($0)\">" } ?? "<ul>"
            var lines = [opening]
            for item in items { lines.append(try html(item: item, isTight: isTight)) }
            return (lines + [start == nil ? "</ul>" : "</ol>"]).joined(separator: "\n")
        case .code(let info, let text):
            let language = info.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            let name = language.isEmpty ? "" : " class=\"language-\(Markup.escaped(language))\""
            return "<pre><code\(name)>\(Markup.escaped(text))</code></pre>"
        case .html(let text):
            return "<pre><code>\(Markup.escaped(text))</code></pre>"
        case .thematicBreak:
            return "<hr>"
        }
    }

    private mutating func html(item: [MarkdownBlock], isTight: Bool) throws(ReportError) -> String {
        var out = "<li>"
        for (index, block) in item.enumerated() {
            var isBare = false
            if case .paragraph = block { isBare = isTight }
            if !isBare || index > 0 { out += "\n" }
            out += try html(block, isTight: isTight)
            if index == item.count - 1, !isBare { out += "\n" }
        }
        return out + "</li>"
    }

    /// The HTML of a run of text.
    func html(_ inlines: [MarkdownInline]) throws(ReportError) -> String {
        try html(inlines, isLinked: true)
    }

    /// - Parameter isLinked: false inside a link, which holds no other link.
    private func html(_ inlines: [MarkdownInline], isLinked: Bool) throws(ReportError) -> String {
        var out = ""
        for inline in inlines {
            switch inline {
            case .text(let text), .html(let text): out += Markup.escaped(text)
            case .softBreak: out += "\n"
            case .lineBreak: out += "<br>\n"
            case .code(let text): out += "<code>\(Markup.escaped(text))</code>"
            case .emphasis(let inner): out += "<em>\(try html(inner, isLinked: isLinked))</em>"
            case .strong(let inner): out += "<strong>\(try html(inner, isLinked: isLinked))</strong>"
            case .link(let destination, let title, let inner):
                out += try link(destination, title, html(inner, isLinked: false), isLinked: isLinked)
            case .image(let source, let title, let alt, _):
                out += try picture(source, title, alt, isLinked: isLinked)
            case .value(let value): out += try values.html(value, isLinked: isLinked)
            }
        }
        return out
    }

    private func link(_ destination: String, _ title: String, _ text: String, isLinked: Bool) -> String {
        guard isLinked, let href = LinkDestination.href(destination) else { return text }
        let hint = title.isEmpty ? "" : " title=\"\(Markup.escaped(title))\""
        return "<a href=\"\(href)\"\(hint)>\(text)</a>"
    }

    /// A picture's words: linked to it where it lies on another host, since no request may leave the page.
    private func picture(
        _ source: String, _ title: String, _ alt: [MarkdownInline], isLinked: Bool
    ) throws(ReportError) -> String {
        let words = try plain(alt)
        let text = Markup.escaped(words.isEmpty ? "picture" : words)
        guard LinkDestination.isRemote(source) else { return "<span class=\"pb-picture\">\(text)</span>" }
        return link(source, title, text, isLinked: isLinked)
    }

    /// The text alone, as titles and ids need it.
    func plain(_ inlines: [MarkdownInline]) throws(ReportError) -> String {
        var out = ""
        for inline in inlines {
            switch inline {
            case .text(let text), .code(let text), .html(let text): out += text
            case .softBreak, .lineBreak: out += " "
            case .emphasis(let inner), .strong(let inner), .link(_, _, let inner): out += try plain(inner)
            case .image(_, _, let alt, _): out += try plain(alt)
            case .value(let value): out += try values.text(value)
            }
        }
        return out
    }
}
