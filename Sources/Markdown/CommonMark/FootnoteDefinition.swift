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

    /// Whether any line looks like a definition.
    static func mayExist(in source: SourceText, from firstLine: Int) -> Bool {
        source.bytes.contains(UInt8(ascii: "^"))
            && stride(from: firstLine, through: source.lineCount, by: 1).contains { label(ofLine: $0, source) != nil }
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
                    label: label, location: source.location(at: first.lowerBound + leadingSpaces(first, source)),
                    sourceLines: line..<end, lines: lines))
            line = end
        }
        return found
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
        let bytes = source.bytes[(range.lowerBound + indent)..<range.upperBound]
        guard indent < 4, bytes.starts(with: "[^".utf8) else { return nil }
        guard let end = bytes.dropFirst(2).prefix(200).firstIndex(of: UInt8(ascii: "]")), end + 1 < range.upperBound,
            source.bytes[end + 1] == UInt8(ascii: ":"), end > bytes.startIndex + 2
        else { return nil }
        let label = source.bytes[(bytes.startIndex + 2)..<end]
        guard label.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "\\") }) else { return nil }
        var text = end + 2
        while text < range.upperBound,
            source.bytes[text] == UInt8(ascii: " ") || source.bytes[text] == UInt8(ascii: "\t")
        {
            text += 1
        }
        return (String(decoding: label, as: UTF8.self), text)
    }
}
