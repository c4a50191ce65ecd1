import Maths

/// Markdown as Jupyter and pandoc read it, made into Markdown of ours: formulas between dollars become code spans and fences, and what the
/// text leaves open is closed.
package struct ForeignMarkdown {
    /// The text as ours.
    package private(set) var text = ""
    /// What was changed or cannot be kept, each as the end of a sentence that begins with a name for the text.
    package private(set) var notes: [String] = []

    package init(_ written: String) {
        let source = SourceText(name: "", text: written)
        let closed = CMarkNode.withDocument(source.bytes) { document in Self.closedLines(document) }
        var lines: [ArraySlice<UInt8>] = []
        var parts: [[UInt8]] = []
        func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { " \t>".utf8.contains($0) } }
        for number in 1...source.lineCount {
            let line = source.bytes[source.range(ofLine: number)]
            let isAlone = closed.contains(number) || isBlank(line) || FormulaRun.isHeading(line)
            if isAlone {
                if !lines.isEmpty { parts.append(converted(lines)) }
                lines = []
                parts.append(closed.contains(number) || isBlank(line) ? Array(line) : converted([line]))
            } else {
                lines.append(line)
            }
        }
        if !lines.isEmpty { parts.append(converted(lines)) }
        text = String(decoding: Array(parts.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
        close()
    }

    /// A text of ours, whose formulas are as they should be.
    package init(closing written: String) {
        text = written
        close()
    }

    private mutating func converted(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        var run = FormulaRun(lines)
        run.convert()
        for problem in run.problems where !notes.contains(problem) { notes.append(problem) }
        return run.out
    }

    /// The lines of code and raw HTML.
    private static func closedLines(_ node: CMarkNode) -> Set<Int> {
        var lines: Set<Int> = []
        for child in node.children {
            switch child.kind {
            case .code, .html: lines.formUnion(child.firstLine...child.lastLine)
            case .quote, .item, .list: lines.formUnion(closedLines(child))
            default: break
            }
        }
        return lines
    }

    // MARK: What is left open

    /// Ends a fence or raw HTML that would take in whatever follows the text.
    private mutating func close() {
        guard !Self.isClosed(text) else { return }
        let source = SourceText(name: "", text: text)
        let line = CMarkNode.withDocument(source.bytes) { document in
            document.children.filter { $0.kind == .code }.last?.firstLine
        }
        let opening = line.map { source.bytes[source.range(ofLine: $0)].drop { $0 == UInt8(ascii: " ") } } ?? []
        let fence = String(decoding: opening.prefix { $0 == opening.first }, as: UTF8.self)
        let ends =
            (fence.isEmpty ? [] : [fence]) + [
                "-->", "</pre>", "</script>", "</style>", "</textarea>", "?>", "]]>", ">",
            ]
        guard let end = ends.first(where: { Self.isClosed(text + "\n" + $0) }) else {
            notes.append("leaves something open that takes in the text after it")
            return
        }
        text += "\n" + end
        notes.append("left something open: '\(end)' closes it now, at the end of the cell")
    }

    private static func isClosed(_ text: String) -> Bool {
        let source = SourceText(name: "", text: text + "\n\nend\n")
        var parser = MarkdownParser(source, log: ProblemLog(source))
        guard case .prose(let blocks)? = parser.parts(from: 1).last else { return false }
        return blocks.last == .paragraph([.text("end")])
    }
}

/// Lines of one paragraph or table, whose formulas are looked for.
private struct FormulaRun {
    private(set) var out: [UInt8] = []
    private(set) var problems: [String] = []
    private let bytes: [UInt8]
    /// Whether formulas stay in their line: in tables and headings.
    private let isInLine: Bool
    private let isTable: Bool

    init(_ lines: [ArraySlice<UInt8>]) {
        bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        isTable = lines.dropFirst().contains { line in
            line.contains(UInt8(ascii: "|")) && line.contains(UInt8(ascii: "-"))
                && line.allSatisfy { " \t|:->".utf8.contains($0) }
        }
        isInLine = isTable || Self.isHeading(lines[0])
    }

    static func isHeading(_ line: ArraySlice<UInt8>) -> Bool {
        line.drop { " >".utf8.contains($0) }.first == UInt8(ascii: "#")
    }

    mutating func convert() {
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"):
                if let formula = spelled(at: place) {
                    place = add(formula)
                } else {
                    out += bytes[place..<min(place + 2, bytes.count)]
                    place += 2
                }
            case UInt8(ascii: "`"):
                let end = endOfCode(at: place)
                out += bytes[place..<end]
                place = end
            case UInt8(ascii: "$"):
                if let formula = dollars(at: place) {
                    place = add(formula)
                } else {
                    // Both dollars of a pair that encloses nothing are text, and so is a formula that is ours already.
                    let isCode = place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "`")
                    let end = isCode ? endOfCode(at: place + 1) : place + 1
                    out += bytes[place..<end]
                    place = end
                    if isCode, place < bytes.count, bytes[place] == UInt8(ascii: "$") {
                        out.append(bytes[place])
                        place += 1
                    }
                }
            default:
                out.append(bytes[place])
                place += 1
            }
        }
    }

    // MARK: Finding

    private struct Found {
        let inner: Range<Int>
        let end: Int
        let isDisplay: Bool
    }

    /// A formula between dollars, by pandoc's rules: no blank inside beside a single one, and no digit after the last.
    private func dollars(at start: Int) -> Found? {
        let isDisplay = starts(with: "$$", at: start)
        let first = start + (isDisplay ? 2 : 1)
        guard first < bytes.count, isDisplay || !Self.isBlank(bytes[first]), bytes[first] != UInt8(ascii: "`") else {
            return nil
        }
        var depth = 0
        var place = first
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: "\n") where !isDisplay && beginsItem(at: place + 1): return nil
            case UInt8(ascii: "`"): place = endOfCode(at: place) - 1
            case UInt8(ascii: "$") where depth == 0:
                if isDisplay {
                    guard starts(with: "$$", at: place) else { break }
                    let inner = first..<place
                    return bytes[inner].allSatisfy(Self.isBlank)
                        ? nil : Found(inner: inner, end: place + 2, isDisplay: true)
                }
                let after = place + 1
                guard place > first, !Self.isBlank(bytes[place - 1]),
                    after == bytes.count || !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[after])
                else { return nil }
                return Found(inner: first..<place, end: after, isDisplay: false)
            default: break
            }
            place += 1
        }
        return nil
    }

    private static let environments = ["equation", "align", "gather", "multline", "eqnarray", "alignat"]

    /// A formula between `\\(` and `\\)` or `\\[` and `\\]`, and an environment on its own.
    private func spelled(at start: Int) -> Found? {
        for (opening, closing) in [("\\\\(", "\\\\)"), ("\\\\[", "\\\\]")] where starts(with: opening, at: start) {
            return find(closing, from: start + 3).map {
                Found(inner: start + 3..<$0, end: $0 + 3, isDisplay: closing == "\\\\]")
            }
        }
        for name in Self.environments.flatMap({ [$0, $0 + "*"] }) where starts(with: "\\begin{\(name)}", at: start) {
            let closing = "\\end{\(name)}"
            return find(closing, from: start).map { place in
                let end = place + closing.utf8.count
                return Found(inner: start..<end, end: end, isDisplay: true)
            }
        }
        return nil
    }

    private func find(_ text: String, from start: Int) -> Int? {
        (start..<bytes.count).first { starts(with: text, at: $0) }
    }

    private func starts(with text: String, at place: Int) -> Bool { bytes[place...].starts(with: text.utf8) }

    private static func isBlank(_ byte: UInt8) -> Bool { " \t\n".utf8.contains(byte) }

    /// Whether an item of a list begins on the line that begins here.
    private func beginsItem(at start: Int) -> Bool {
        let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
        return Self.containers(of: line).contains { !" \t>".utf8.contains($0) }
    }

    /// Where the code span that begins here ends; after its backticks where nothing closes it.
    private func endOfCode(at start: Int) -> Int {
        func endOfRun(_ place: Int) -> Int { place + bytes[place...].prefix { $0 == UInt8(ascii: "`") }.count }
        let length = endOfRun(start) - start
        var place = start + length
        while let next = bytes[place...].firstIndex(of: UInt8(ascii: "`")) {
            place = endOfRun(next)
            if place - next == length { return place }
        }
        return start + length
    }

    // MARK: Writing

    /// Writes a formula, and gives where the text continues.
    private mutating func add(_ found: Found) -> Int {
        let lineStart = bytes[..<found.inner.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let prefix = Self.containers(of: bytes[lineStart...].prefix { $0 != UInt8(ascii: "\n") })
        let isQuoted = prefix.contains(UInt8(ascii: ">"))
        let lines = bytes[found.inner].split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            line.drop { Self.isBlank($0) || (index > 0 && isQuoted && $0 == UInt8(ascii: ">")) }
        }.filter { !$0.isEmpty }
        var end = found.end
        var tex = String(
            decoding: Array(lines.joined(separator: [UInt8(ascii: found.isDisplay && !isInLine ? "\n" : " ")])),
            as: UTF8.self)
        if let problem = MathFormula.read(tex, isDisplay: found.isDisplay && !isInLine).problems.first {
            problems.append("has a formula that cannot be drawn: \(problem)")
        }
        let longest = tex.utf8.split { $0 != UInt8(ascii: "`") }.map(\.count).max() ?? 0
        guard found.isDisplay, !isInLine else {
            let mark = String(repeating: "`", count: longest + 1)
            let pad = tex.hasPrefix("`") || tex.hasSuffix("`") ? " " : ""
            if isTable { tex = tex.replacing("|", with: "\\|") }
            out += "$\(mark)\(pad)\(tex)\(pad)\(mark)$".utf8
            return end
        }
        let mark = String(repeating: "`", count: max(3, longest + 1))
        let rest = bytes[end...].prefix { $0 != UInt8(ascii: "\n") }
        let words = rest.drop(while: Self.isBlank)
        // A full stop or a comma after a formula belongs to it.
        let isStop = words.count == 1 && ".,;".utf8.contains(words[words.startIndex])
        if isStop { tex += String(decoding: words, as: UTF8.self) }
        let indent = String(decoding: prefix.map { " \t>".utf8.contains($0) ? $0 : UInt8(ascii: " ") }, as: UTF8.self)
        let gap = "\n" + String(indent.reversed().drop { $0 == " " }.reversed()) + "\n" + indent
        let written = out.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
        if written > prefix.count {
            while out.last.map(Self.isBlank) == true { out.removeLast() }
            out += gap.utf8
        }
        out += "\(mark)math\n\(indent)\(tex.replacing("\n", with: "\n" + indent))\n\(indent)\(mark)".utf8
        end = isStop || words.isEmpty ? rest.endIndex : words.startIndex
        if end < bytes.count, bytes[end] != UInt8(ascii: "\n") { out += gap.utf8 }
        return end
    }

    /// The blanks, marks of quotes and markers of lists that a line begins with.
    private static func containers(of line: ArraySlice<UInt8>) -> [UInt8] {
        var place = line.startIndex
        while place < line.endIndex {
            let rest = line[place...]
            if isBlank(rest[place]) || rest[place] == UInt8(ascii: ">") {
                place += 1
                continue
            }
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
            let mark = place + digits
            guard mark + 1 < line.endIndex, isBlank(line[mark + 1]), digits < 10,
                (digits > 0 ? ".)" : "-*+").utf8.contains(line[mark])
            else { break }
            place = mark + 1
        }
        return Array(line[line.startIndex..<place])
    }
}
