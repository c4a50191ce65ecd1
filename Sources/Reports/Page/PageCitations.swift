import Charts
import Markdown
import Notebooks
import References

/// The citations of a page: each leads to its work in the list at the end, and the list leads back.
struct PageCitations {
    private let citations: Citations?
    /// The entry of each work, by its key; counts from 1.
    private var numbers: [String: Int] = [:]
    /// The mentions of each work, by the numbers of their ids.
    private var mentions: [String: [Int]] = [:]
    private var count = 0

    init(_ evaluation: Evaluation) {
        guard let source = evaluation.citationSource else {
            citations = nil
            return
        }
        let keys = ProseReferences(of: evaluation).citations.flatMap { $0.items.map(\.key) }
        let citations = Citations(source.bibliography, style: source.style, citing: keys)
        self.citations = citations
        for (index, entry) in citations.entries.enumerated() { numbers[entry.key] = index + 1 }
    }

    /// A citation as words alone.
    func text(_ citation: Citation) -> String {
        parts(citation).map { part in
            switch part {
            case .words(let words): words
            case .names(let text), .work(_, let text): text.plainText
            }
        }.joined()
    }

    /// A citation with its links.
    /// - Parameter isLinked: false inside a link, which holds no other link.
    mutating func html(_ citation: Citation, isLinked: Bool) -> String {
        var out = ""
        for part in parts(citation) {
            switch part {
            case .words(let words): out += Markup.escaped(words)
            case .names(let names): out += Self.html(names)
            case .work(let key, let text):
                guard isLinked, let number = numbers[key] else {
                    out += Self.html(text)
                    continue
                }
                count += 1
                mentions[key, default: []].append(count)
                out += "<a id=\"pb-cite-\(count)\" href=\"#pb-ref-\(number)\">\(Self.html(text))</a>"
            }
        }
        return "<span class=\"pb-cite\">\(out)</span>"
    }

    private func parts(_ citation: Citation) -> [Citations.Part] {
        let works = citation.items.map {
            CitedWork(key: $0.key, prefix: $0.prefix, suffix: $0.suffix, showsAuthor: $0.showsAuthor)
        }
        return citations?.parts(works, isInText: citation.isInText) ?? works.map { .words($0.key) }
    }

    /// The list of what the page cites; nil where it cites nothing.
    func section() -> String? {
        guard let entries = citations?.entries, !entries.isEmpty else { return nil }
        let list = entries[0].number == nil ? "ul" : "ol"
        var lines = [
            "<section class=\"pb-references\" aria-labelledby=\"\(HeadingAnchors.references)\">",
            "<h2 id=\"\(HeadingAnchors.references)\">References</h2>", "<\(list)>",
        ]
        for (index, entry) in entries.enumerated() {
            let back = mentions[entry.key, default: []].enumerated().map { place, mention in
                let sign = place == 0 ? "↩" : "<sup>\(place + 1)</sup>"
                return
                    " <a class=\"pb-back\" href=\"#pb-cite-\(mention)\" aria-label=\"Back to citation \(place + 1) of this work\">\(sign)</a>"
            }
            lines.append("<li id=\"pb-ref-\(index + 1)\">\(Self.html(entry.text))\(back.joined())</li>")
        }
        return (lines + ["</\(list)>", "</section>"]).joined(separator: "\n")
    }

    /// The list of what the text cites as Markdown; empty where it cites nothing.
    var list: [MarkdownBlock] {
        guard let entries = citations?.entries, !entries.isEmpty else { return [] }
        let items = entries.map { [MarkdownBlock.paragraph($0.text.inlines)] }
        return [
            .heading(level: 2, [.text("References")]),
            .list(start: entries[0].number == nil ? nil : 1, isTight: true, items: items),
        ]
    }

    private static func html(_ text: RichText) -> String {
        text.runs.map { run in
            switch run {
            case .text(let words, let style):
                let inner = Markup.escaped(words)
                switch style {
                case .plain: return inner
                case .italic: return "<i>\(inner)</i>"
                case .bold: return "<b>\(inner)</b>"
                case .superscript: return "<sup>\(inner)</sup>"
                case .subscript: return "<sub>\(inner)</sub>"
                case .code: return "<code>\(inner)</code>"
                }
            case .formula(let formula): return MathML.inline(formula)
            case .link(let address, let words):
                let inner = Markup.escaped(words)
                return LinkDestination.href(address).map { "<a href=\"\($0)\">\(inner)</a>" } ?? inner
            }
        }.joined()
    }
}

extension RichText {
    /// The text as Markdown, which has neither superscripts nor subscripts.
    fileprivate var inlines: [MarkdownInline] {
        runs.map { run in
            switch run {
            case .text(let words, .italic): .emphasis([.text(words)])
            case .text(let words, .bold): .strong([.text(words)])
            case .text(let words, .code): .code(words)
            case .text(let words, _): .text(words)
            case .formula(let formula): .formula(formula)
            case .link(let address, let words): .link(destination: address, title: "", [.text(words)])
            }
        }
    }
}
