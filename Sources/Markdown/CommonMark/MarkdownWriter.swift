/// Writes Markdown blocks as text that CommonMark, pandoc, Jupyter and forges read as the same blocks.
///
/// Raw HTML, which a page shows as text, is written as text; a computed value as the notebook writes it; a formula between dollars, because
/// pandoc and Jupyter read no other form.
public struct MarkdownWriter {
    /// The footnotes that the text mentions so far, with the labels that they are written with.
    private var footnotes: [(label: String, footnote: Footnote)] = []

    /// A writer that has mentioned no footnote yet.
    public init() {}

    /// The blocks as lines, an empty line between them; no line break ends the text.
    public mutating func text(_ blocks: [MarkdownBlock]) -> String {
        var parts: [String] = []
        var bullet = "-"
        for (index, block) in blocks.enumerated() {
            // Two lists side by side are one list unless their bullets differ.
            if index > 0, case .list = block, case .list = blocks[index - 1] {
                bullet = bullet == "-" ? "+" : "-"
            } else {
                bullet = "-"
            }
            parts.append(text(block, bullet: bullet))
        }
        return parts.joined(separator: "\n\n")
    }

    /// Runs of text in one paragraph.
    public mutating func text(_ inlines: [MarkdownInline]) -> String {
        var line = InlineText()
        write(inlines, to: &line)
        return line.text
    }

    /// The definitions of the footnotes that were mentioned; empty without any.
    public mutating func footnoteDefinitions() -> String {
        var definitions: [String] = []
        var index = 0
        // The text of a footnote mentions no other.
        while index < footnotes.count {
            let (label, footnote) = footnotes[index]
            definitions.append(Self.hung(text(footnote.blocks), first: "[^\(label)]: ", rest: "    "))
            index += 1
        }
        return definitions.joined(separator: "\n\n")
    }

    // MARK: Blocks

    private mutating func text(_ block: MarkdownBlock, bullet: String) -> String {
        switch block {
        case .paragraph(let inlines): return text(inlines)
        case .heading(let level, let inlines):
            let title = text(inlines).replacing("\\\n", with: " ").replacing("\n", with: " ")
            return String(repeating: "#", count: level) + (title.isEmpty ? "" : " " + title)
        case .quote(let blocks): return Self.hung(text(blocks), first: "> ", rest: "> ")
        case .callout(let kind, let blocks):
            // A paragraph follows its kind in the next line; anything else would not begin there.
            var gap = blocks.isEmpty ? "" : "\n\n"
            if case .paragraph? = blocks.first { gap = "\n" }
            return Self.hung("[!\(kind.rawValue.uppercased())]\(gap)\(text(blocks))", first: "> ", rest: "> ")
        case .list(let start, let isTight, let items):
            let mark = bullet == "-" ? "." : ")"
            return items.enumerated().map { index, item in
                let marker = start.map { "\($0 + index)\(mark) " } ?? "\(bullet) "
                let body = isTight ? tight(item) : text(item)
                return Self.hung(body, first: marker, rest: String(repeating: " ", count: marker.count))
            }.joined(separator: isTight ? "\n" : "\n\n")
        case .code(let info, let text): return Self.fenced(text, info: info)
        case .formula(let formula): return "$$\(Self.tex(formula.source))$$"
        case .html(let text): return Self.fenced(text, info: "")
        case .table(let table): return text(table)
        case .thematicBreak: return "***"
        }
    }

    /// The blocks of an item of a list without empty lines, where they can stand so.
    private mutating func tight(_ item: [MarkdownBlock]) -> String {
        var parts: [String] = []
        for block in item { parts.append(text(block, bullet: "-")) }
        return parts.joined(separator: "\n")
    }

    private static func fenced(_ text: String, info: String) -> String {
        let mark: Character = info.contains("`") ? "~" : "`"
        let lines = text.split(whereSeparator: \.isNewline)
        let longest = lines.map { line in line.drop { $0 == " " }.prefix { $0 == mark }.count }.max() ?? 0
        let fence = String(repeating: mark, count: max(3, longest + 1))
        return "\(fence)\(info)\n\(text)\(text.isEmpty || text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    /// Lines after a marker: the first after `first`, the others after `rest`; an empty line has no blank ends.
    private static func hung(_ text: String, first: String, rest: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            let lead = index == 0 ? first : rest
            return line.isEmpty ? String(lead.reversed().drop { $0 == " " }.reversed()) : lead + line
        }.joined(separator: "\n")
    }

    private mutating func text(_ table: MarkdownTable) -> String {
        var rows: [String] = []
        for row in [table.header] + table.rows {
            var cells: [String] = []
            for cell in row {
                var line = InlineText(isInTable: true)
                write(cell, to: &line)
                cells.append(line.text)
            }
            rows.append("| " + cells.joined(separator: " | ") + " |")
        }
        let marks = table.alignments.map { alignment in
            switch alignment {
            case .none: "---"
            case .left: ":--"
            case .center: ":-:"
            case .right: "--:"
            }
        }
        rows.insert("| " + marks.joined(separator: " | ") + " |", at: 1)
        return rows.joined(separator: "\n")
    }

    // MARK: Runs of text

    private mutating func write(_ inlines: [MarkdownInline], to line: inout InlineText) {
        for inline in inlines {
            switch inline {
            case .text(let text), .html(let text): line.add(words: text)
            case .value(let value):
                line.add(mark: "`{= \(value.path)\(value.format.isEmpty ? "" : " | " + value.format) }`")
            case .reference(let reference): line.add(mark: "[\(reference.word)](#\(reference.target))")
            case .softBreak: line.breakLine("")
            case .lineBreak: line.breakLine("\\")
            case .code(let text): line.add(code: text)
            case .formula(let formula):
                line.add(formula: Self.tex(formula.source))
            case .citation(let citation): line.add(mark: citation.markdown)
            case .emphasis(let inner): line.wrap(line.isOpen ? "_" : "*") { write(inner, to: &$0) }
            case .strong(let inner): line.wrap("**") { write(inner, to: &$0) }
            // A link that leads nowhere is its text.
            case .link("", _, let inner, _): write(inner, to: &line)
            case .link(let destination, let title, let inner, _):
                line.add(mark: "[")
                write(inner, to: &line)
                line.add(mark: "](" + Self.target(destination, title) + ")")
            case .image(let source, let title, let alt, _):
                line.add(mark: "![")
                write(alt, to: &line)
                line.add(mark: "](" + Self.target(source, title) + ")")
            case .footnote(let footnote): line.add(mark: "[^\(label(of: footnote))]")
            }
        }
    }

    /// A formula on one line, without its comments.
    private static func tex(_ source: String) -> String {
        let lines = source.split(whereSeparator: \.isNewline).map { line in
            var isEscaped = false
            let end = line.firstIndex { character in
                defer { isEscaped = character == "\\" && !isEscaped }
                return character == "%" && !isEscaped
            }
            return line[..<(end ?? line.endIndex)].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return lines.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private mutating func label(of footnote: Footnote) -> String {
        if let known = footnotes.first(where: { $0.footnote.location == footnote.location }) { return known.label }
        var label = footnote.label
        var count = 1
        while footnotes.contains(where: { $0.label == label }) {
            count += 1
            label = "\(footnote.label)-\(count)"
        }
        footnotes.append((label, footnote))
        return label
    }

    private static func target(_ destination: String, _ title: String) -> String {
        let isPlain =
            !destination.isEmpty
            && destination.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"<>()\\*_`[]|".utf8.contains($0) }
        let address =
            isPlain
            ? destination : "<" + InlineText.escaped(destination.replacing("\n", with: "%0A"), of: "<>\\|") + ">"
        return title.isEmpty ? address : "\(address) \"\(InlineText.escaped(title, of: "\"\\|"))\""
    }
}

/// A run of Markdown as it grows, which knows what stands before the next words.
private struct InlineText {
    private(set) var text = ""
    private let isInTable: Bool
    /// How long the text was when emphasis last began or ended.
    private var opened = -1
    private var closed = -1
    /// How long the text was when a formula last ended.
    private var calculated = -1

    init(isInTable: Bool = false) { self.isInTable = isInTable }

    /// What parts runs that would join without it; nobody sees it.
    private static let nothing = "<!-- -->"
    private static let special = "\\`*_[]<~^$@{"

    /// Whether emphasis has just begun.
    var isOpen: Bool { opened == text.utf8.count }
    private var isAtLineStart: Bool { text.isEmpty || text.hasSuffix("\n") }

    mutating func breakLine(_ mark: String) {
        // A cell is one line.
        text += isInTable ? " " : mark + "\n"
    }

    mutating func add(mark: String) { text += mark }

    /// A formula; in a table its bars are written by name, since they would end a cell.
    mutating func add(formula: String) {
        var tex = formula
        if isInTable {
            var (isEscaped, isName) = (false, false)
            tex = formula.reduce(into: "") { written, character in
                if character == "|" {
                    if isEscaped { written.removeLast() }
                    written += isEscaped ? "\\Vert" : "\\vert"
                } else {
                    if isName, character.isLetter { written += " " }
                    written.append(character)
                }
                isName = character == "|"
                isEscaped = character == "\\" && !isEscaped
            }
        }
        text += "$\(tex)$"
        calculated = text.utf8.count
    }

    /// Emphasis, whose marks are read as such whatever stands beside them.
    mutating func wrap(_ mark: String, _ write: (inout InlineText) -> Void) {
        if closed == text.utf8.count { text += Self.nothing }
        let (start, isFirst, before) = (text.utf8.count, isOpen, text.last)
        text += mark
        opened = text.utf8.count
        write(&self)
        let first = text.utf8.index(text.startIndex, offsetBy: start + mark.utf8.count)
        if let before, !isFirst, Self.isWord(before), first < text.endIndex, Self.isMark(text[first]) {
            text.insert(contentsOf: Self.nothing, at: text.utf8.index(text.startIndex, offsetBy: start))
        }
        text += mark
        closed = text.utf8.count
    }

    private static func isMark(_ character: Character) -> Bool { character.isPunctuation || character.isSymbol }
    private static func isWord(_ character: Character) -> Bool { !character.isWhitespace && !isMark(character) }

    /// Words that mean themselves, whatever they are.
    mutating func add(words: String) {
        // Dollars in front of a digit are money.
        if calculated == text.utf8.count, words.first?.isNumber == true { text += Self.nothing }
        if closed == text.utf8.count, let first = words.first, Self.isWord(first),
            let last = text.last(where: { !"*_".contains($0) }), Self.isMark(last)
        {
            text += Self.nothing
        }
        for (index, line) in words.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            text += index > 0 ? "&#10;" : ""
            add(line: Array(line))
        }
    }

    private mutating func add(line: [Character]) {
        var start = 0
        if !isInTable, isAtLineStart, let first = line.first {
            let digits = line.prefix { $0.isASCII && $0.isNumber }.count
            if "#+-:%=>|".contains(first) {
                text += "\\" + String(first)
                start = 1
            } else if digits > 0, line.count > digits, ".)".contains(line[digits]),
                line.count == digits + 1 || line[digits + 1] == " "
            {
                text += String(line[..<digits]) + "\\" + String(line[digits])
                start = digits + 1
            } else if first == " " || first == "\t" {
                text += first == " " ? "&#32;" : "&#9;"
                start = 1
            }
        }
        for index in line.indices.dropFirst(start) {
            let next = index + 1 < line.count ? line[index + 1] : nil
            let isSpecial =
                switch line[index] {
                case "-": next == "-" || index > 0 && line[index - 1] == "-"
                case "!", "#": next == nil
                case "&": next.map { $0.isLetter || $0 == "#" } ?? false
                case "|": isInTable
                default: Self.special.contains(line[index])
                }
            text += isSpecial ? "\\" : ""
            text.append(line[index])
        }
    }

    mutating func add(code: String) {
        let runs = code.split { $0 != "`" }.map(\.count)
        let fence = String(repeating: "`", count: (1...).first { !runs.contains($0) } ?? 1)
        let isPadded =
            code.hasPrefix("`") || code.hasSuffix("`")
            || code.hasPrefix(" ") && code.hasSuffix(" ") && !code.allSatisfy { $0 == " " }
        let pad = isPadded ? " " : ""
        text += fence + pad + (isInTable ? code.replacing("|", with: "\\|") : code) + pad + fence
    }

    static func escaped(_ text: String, of special: String) -> String {
        text.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
