import Charts
import Markdown
import Notebooks

/// Markdown as HTML: what CommonMark's reference renderer gives, but for raw HTML (shown as text), links that must not be
/// followed (their text is kept), pictures (named, never fetched) and quoted values.
struct ProseHTML {
    let values: QuotedValues
    private let numbering: Numbering
    private var anchors = HeadingAnchors()
    /// Where links within the page lead.
    private var places = PageAnchors()
    /// The headings so far, for the list of contents.
    private(set) var headings: [(level: Int, anchor: String, text: String)] = []
    private var footnotes = PageFootnotes()
    private var citations: PageCitations

    init(values: QuotedValues) {
        self.values = values
        numbering = Numbering(values.evaluation)
        citations = values.citations
    }

    /// The text of a whole page, whose links lead to its headings and blocks.
    init(page evaluation: Evaluation) throws(ReportError) {
        self.init(values: QuotedValues(evaluation: evaluation))
        places = try anchors(of: evaluation)
    }

    /// Where links within the page of an evaluation lead.
    func anchors(of evaluation: Evaluation) throws(ReportError) -> PageAnchors {
        var texts: [String] = []
        for case .prose(let blocks) in evaluation.parts {
            try blocks.walk { (node) throws(ReportError) in
                if case .block(.heading(_, let inlines)) = node { texts.append(try plain(inlines)) }
            }
        }
        return PageAnchors(texts, blocks: Set(evaluation.blocks.map(\.head.id)))
    }

    /// The HTML of some blocks, one line for each.
    mutating func html(_ blocks: [MarkdownBlock]) throws(ReportError) -> String {
        var lines: [String] = []
        for block in blocks { lines.append(try html(block, isTight: false)) }
        return lines.joined(separator: "\n")
    }

    private mutating func html(_ block: MarkdownBlock, isTight: Bool) throws(ReportError) -> String {
        switch block {
        case .paragraph(let inlines):
            let text = try html(inlines, isLinked: true)
            return isTight ? text : "<p>\(text)</p>"
        case .heading(let level, let inlines):
            let anchor = anchors.anchor(for: try plain(inlines))
            let text = try plain(inlines)
            headings.append((level, anchor, text))
            let id = Markup.escaped(anchor)
            return "<h\(level) id=\"\(id)\">\(try html(inlines, isLinked: true)) "
                + "<a class=\"pb-link\" href=\"#\(id)\" aria-label=\"Link to \(Markup.escaped(text))\">#</a></h\(level)>"
        case .quote(let blocks):
            return "<blockquote>\n\(blocks.isEmpty ? "" : try html(blocks) + "\n")</blockquote>"
        case .callout(let kind, let blocks):
            let name = kind.rawValue.capitalized
            let text = blocks.isEmpty ? "" : try html(blocks) + "\n"
            return "<div class=\"pb-callout pb-callout-\(kind.rawValue)\" role=\"note\" aria-label=\"\(name)\">\n"
                + "<p class=\"pb-callout-kind\">\(name)</p>\n\(text)</div>"
        case .list(let start, let isTight, let items):
            let opening = start.map { $0 == 1 ? "<ol>" : "<ol start=\"\($0)\">" } ?? "<ul>"
            var lines = [opening]
            for item in items { lines.append(try html(item: item, isTight: isTight)) }
            return (lines + [start == nil ? "</ul>" : "</ol>"]).joined(separator: "\n")
        case .code(let info, let text):
            let language = info.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            let name = language.isEmpty ? "" : " class=\"language-\(Markup.escaped(language))\""
            return pre(text, "<code\(name)>")
        case .formula(let formula): return MathML.block(formula)
        case .table(let table):
            return try html(table)
        case .html(let text):
            return pre(text, "<code>")
        case .thematicBreak:
            return "<hr>"
        }
    }

    /// Code as written; lines that may be longer than a phone's page is wide scroll, so the keyboard must reach them.
    private func pre(_ text: String, _ code: String) -> String {
        let scrolls = text.split(whereSeparator: \.isNewline).contains { $0.count > Self.narrowestLine }
        return "<pre\(scrolls ? " tabindex=\"0\"" : "")>\(code)\(Markup.escaped(text))</code></pre>"
    }

    /// Characters of code that fit a phone's page.
    private static let narrowestLine = 28

    private mutating func html(_ table: MarkdownTable) throws(ReportError) -> String {
        let texts = try ([table.header] + table.rows).map { (row) throws(ReportError) in
            try row.map { (cell) throws(ReportError) in try plain(cell) }
        }
        let width = GridWidth(texts[0], Array(texts.dropFirst()))
        let focus = width.fitsPhone ? "" : " role=\"group\" aria-label=\"Table\" tabindex=\"0\""
        var out = "<div class=\"pb-scroll\"\(focus)>\n<table>\n<thead>\n<tr>"
        for (alignment, cell) in zip(table.alignments, table.header) {
            out += "<th scope=\"col\"\(alignment.attribute)>\(try html(cell, isLinked: true))</th>"
        }
        out += "</tr>\n</thead>"
        if !table.rows.isEmpty { out += "\n<tbody>" }
        for row in table.rows {
            out += "\n<tr>"
            for (alignment, cell) in zip(table.alignments, row) {
                out += "<td\(alignment.attribute)>\(try html(cell, isLinked: true))</td>"
            }
            out += "</tr>"
        }
        if !table.rows.isEmpty { out += "\n</tbody>" }
        return out + "\n</table>\n</div>"
    }

    /// The footnotes mentioned so far, as one section for the end of the page; nil without any.
    mutating func footnoteSection() throws(ReportError) -> String? {
        guard !footnotes.mentioned.isEmpty else { return nil }
        var lines = ["<section class=\"pb-footnotes\" aria-label=\"Footnotes\">", "<ol>"]
        for (index, footnote) in footnotes.mentioned.enumerated() {
            var blocks = footnote.blocks
            let back = PageFootnotes.back(to: index + 1)
            var end = back
            var last = ""
            if case .paragraph(let inlines)? = blocks.last {
                blocks.removeLast()
                last = "<p>\(try html(inlines, isLinked: true)) \(back)</p>"
                end = ""
            }
            let text = [try html(blocks), last, end].filter { !$0.isEmpty }.joined(separator: "\n")
            lines.append("<li id=\"footnote-\(index + 1)\">\n\(text)\n</li>")
        }
        return (lines + ["</ol>", "</section>"]).joined(separator: "\n")
    }

    /// The list of what was cited, for the end of the page; nil without any.
    mutating func referenceSection() -> String? {
        guard let section = citations.section() else { return nil }
        headings.append((headings.map(\.level).min() ?? 2, HeadingAnchors.references, "References"))
        return section
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

    /// The HTML of a run of text that stands outside the prose, such as a title or a caption; its footnotes are the page's.
    mutating func html(_ inlines: [MarkdownInline]) throws(ReportError) -> String {
        try html(inlines, isLinked: true)
    }

    /// - Parameter isLinked: false inside a link, which holds no other link.
    private mutating func html(_ inlines: [MarkdownInline], isLinked: Bool) throws(ReportError) -> String {
        var out = ""
        for inline in inlines {
            switch inline {
            case .text(let text), .html(let text): out += Markup.escaped(text)
            case .softBreak: out += "\n"
            case .lineBreak: out += "<br>\n"
            case .code(let text): out += "<code>\(Markup.escaped(text))</code>"
            case .formula(let formula): out += MathML.inline(formula)
            case .emphasis(let inner): out += "<em>\(try html(inner, isLinked: isLinked))</em>"
            case .strong(let inner): out += "<strong>\(try html(inner, isLinked: isLinked))</strong>"
            case .link(let destination, let title, let inner, _):
                let place = destination.hasPrefix("#") ? places.id(of: String(destination.dropFirst())) : nil
                out += try link(
                    place.map { "#\($0)" } ?? destination, title, html(inner, isLinked: false), isLinked: isLinked)
            case .image(let source, let title, let alt, _):
                out += try picture(source, title, alt, isLinked: isLinked)
            case .value(let value): out += try values.html(value, isLinked: isLinked)
            case .reference(let reference):
                let item = numbering[reference]
                out += link(
                    "#\(item?.anchor ?? "block-\(reference.block)")", "", Self.label(reference, item),
                    isLinked: isLinked)
            case .footnote(let footnote): out += footnotes.mention(footnote)
            case .citation(let citation): out += citations.html(citation, isLinked: isLinked)
            }
        }
        return out
    }

    /// The author's word with the number, which no line break parts: `Figure 3`; a question mark where the page shows no such thing.
    static func label(_ reference: CrossReference, _ item: Numbering.Item?) -> String {
        "\(reference.word)\u{A0}\(item.map { String($0.number) } ?? "?")"
    }

    private func link(_ destination: String, _ title: String, _ text: String, isLinked: Bool) -> String {
        guard isLinked, let href = LinkDestination.href(destination) else { return text }
        let hint = title.isEmpty ? "" : " title=\"\(Markup.escaped(title))\""
        return "<a href=\"\(href)\"\(hint)>\(text)</a>"
    }

    /// A picture that the page holds, else its words: linked to it where it lies on another host, since no request may leave the page.
    private func picture(
        _ source: String, _ title: String, _ alt: [MarkdownInline], isLinked: Bool
    ) throws(ReportError) -> String {
        let words = try plain(alt)
        if let address = EmbeddedPicture.address(source) {
            let hint = title.isEmpty ? "" : " title=\"\(Markup.escaped(title))\""
            return "<img class=\"pb-embedded\" src=\"\(address)\" alt=\"\(Markup.escaped(words))\"\(hint)>"
        }
        let text = Markup.escaped(words.isEmpty ? "picture" : words)
        guard LinkDestination.isRemote(source) else { return "<span class=\"pb-picture\">\(text)</span>" }
        return link(source, title, text, isLinked: isLinked)
    }

    /// The text of paragraphs and lists alone, a space between them.
    func plain(_ blocks: [MarkdownBlock]) throws(ReportError) -> String {
        var texts: [String] = []
        for block in blocks {
            switch block {
            case .paragraph(let inlines), .heading(_, let inlines): texts.append(try plain(inlines))
            case .quote(let inner), .callout(_, let inner): texts.append(try plain(inner))
            case .list(_, _, let items): for item in items { texts.append(try plain(item)) }
            case .code, .formula, .table, .html, .thematicBreak: break
            }
        }
        return texts.joined(separator: " ")
    }

    /// The text alone, as titles and ids need it.
    func plain(_ inlines: [MarkdownInline]) throws(ReportError) -> String {
        try inlines.plainText { (inline) throws(ReportError) in
            switch inline {
            case .value(let value): try values.text(value)
            case .reference(let reference): Self.label(reference, numbering[reference])
            case .citation(let citation): citations.text(citation)
            default: ""
            }
        }
    }
}

extension MarkdownTable.Alignment {
    /// The class of a cell, as an attribute.
    fileprivate var attribute: String {
        switch self {
        case .none, .left: " class=\"pb-words\""
        case .center: " class=\"pb-center\""
        case .right: " class=\"pb-number\""
        }
    }
}
