/// `[^label]: text`, found in a source at the top level of its prose.
struct FootnoteDefinition {
    let label: String
    /// Where the bracket stands.
    let location: SourceLocation
    /// The lines that it takes up.
    let sourceLines: Range<Int>
    /// The bytes of its text, line by line, without label and indentation.
    let lines: [Range<Int>]

    /// The label as labels are compared.
    var key: String { label.lowercased() }

    /// Whether any line may hold a definition.
    static func mayExist(in source: SourceText, from firstLine: Int) -> Bool {
        source.firstOffset(of: "]:", in: source.start(ofLine: firstLine)..<source.bytes.count) != nil
            && source.bytes.contains(UInt8(ascii: "^"))
    }

    /// All definitions, in order.
    /// - Parameter isProse: whether a line stands at the top level of prose, and in no code, list or quote.
    static func all(in source: SourceText, from firstLine: Int, isProse: (Int) -> Bool) -> [FootnoteDefinition] {
        var found: [FootnoteDefinition] = []
        var line = firstLine
        while line <= source.lineCount {
            guard let (label, text) = label(ofLine: line, source), isProse(line) else {
                line += 1
                continue
            }
            let first = source.range(ofLine: line)
            var lines = [text..<first.upperBound]
            var end = line + 1
            var next = line + 1
            var isAfterBlank = false
            while next <= source.lineCount {
                let range = source.range(ofLine: next)
                let indent = source.bytes[range].prefix { $0 == UInt8(ascii: " ") }.count
                let isTabbed = !range.isEmpty && source.bytes[range.lowerBound] == UInt8(ascii: "\t")
                if source.bytes[range].allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
                    isAfterBlank = true
                } else if indent >= 4 || isTabbed {
                    // Blank lines in between belong to the footnote now.
                    for line in end..<next {
                        lines.append(source.range(ofLine: line).upperBound..<source.range(ofLine: line).upperBound)
                    }
                    lines.append((range.lowerBound + (isTabbed ? 1 : 4))..<range.upperBound)
                    end = next + 1
                    isAfterBlank = false
                } else if !isAfterBlank, self.label(ofLine: next, source) == nil, !startsABlock(source.bytes[range]) {
                    lines.append(range)
                    end = next + 1
                } else {
                    break
                }
                next += 1
            }
            found.append(
                FootnoteDefinition(
                    label: label,
                    location: source.location(
                        at: first.lowerBound + leadingSpaces(first, source), length: label.utf8.count + 3),
                    sourceLines: line..<end, lines: lines))
            line = end
        }
        return found
    }

    /// Lines in lists and quotes that look like a definition: the place of `[^label]`.
    static func nested(in source: SourceText, _ areas: TextAreas) -> [SourceLocation] {
        areas.nested.flatMap { lines in
            lines.compactMap { line in
                guard !areas.isCode(line) else { return nil }
                let range = source.range(ofLine: line)
                // The marks of lists and quotes in front of it.
                guard
                    let start = range.first(where: {
                        let byte = source.bytes[$0]
                        return !" \t>-+*.)".utf8.contains(byte) && !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte)
                    }), let (label, _) = label(from: start, of: source, upTo: range.upperBound)
                else { return nil }
                return source.location(at: start, length: label.utf8.count + 3)
            }
        }
    }

    private static func leadingSpaces(_ range: Range<Int>, _ source: SourceText) -> Int {
        source.bytes[range].prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// A fence, a heading or a quote, which end a footnote's first paragraph.
    private static func startsABlock(_ bytes: ArraySlice<UInt8>) -> Bool {
        let bytes = bytes.drop { $0 == UInt8(ascii: " ") }
        return bytes.starts(with: "```".utf8) || bytes.starts(with: "~~~".utf8) || bytes.first == UInt8(ascii: "#")
            || bytes.first == UInt8(ascii: ">")
    }

    /// The label of a line such as `[^label]: text`, and where its text starts.
    private static func label(ofLine line: Int, _ source: SourceText) -> (label: String, text: Int)? {
        let range = source.range(ofLine: line)
        let indent = leadingSpaces(range, source)
        guard indent < 4 else { return nil }
        return label(from: range.lowerBound + indent, of: source, upTo: range.upperBound)
    }

    private static func label(from start: Int, of source: SourceText, upTo limit: Int) -> (label: String, text: Int)? {
        let bytes = source.bytes[start..<limit]
        guard bytes.starts(with: "[^".utf8) else { return nil }
        guard let end = bytes.dropFirst(2).prefix(200).firstIndex(of: UInt8(ascii: "]")), end + 1 < limit,
            source.bytes[end + 1] == UInt8(ascii: ":"), end > bytes.startIndex + 2
        else { return nil }
        let label = source.bytes[(bytes.startIndex + 2)..<end]
        guard label.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "\\") }) else { return nil }
        var text = end + 2
        while text < limit, " \t".utf8.contains(source.bytes[text]) { text += 1 }
        return (String(decoding: label, as: UTF8.self), text)
    }
}
