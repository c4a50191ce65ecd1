/// A stretch of whole lines of a source text that is read as YAML, with the way back from its places to the source's.
package struct YAMLSlice: Sendable {
    package let source: SourceText
    package let text: String
    /// The text in UTF-8.
    let bytes: [UInt8]
    /// Where each source line's text starts: in the slice, and in the source.
    private let segments: [(slice: Int, source: Int)]
    /// The first code point of each line as YAML counts them.
    private let lineStarts: [Int]
    /// The offset of each code point; nil where each takes one byte.
    private let offsets: [Int]?

    /// - Parameters:
    ///   - lines: the lines to read, counted from 1.
    ///   - indent: up to this many spaces at the start of each line belong to the fence, not to the text.
    package init(_ source: SourceText, lines: Range<Int>, indent: Int = 0) {
        self.source = source
        var bytes: [UInt8] = []
        var segments: [(slice: Int, source: Int)] = []
        for line in lines {
            var start = source.start(ofLine: line)
            let end = source.start(ofLine: line + 1)
            let limit = min(start + indent, end)
            while start < limit, source.bytes[start] == UInt8(ascii: " ") { start += 1 }
            segments.append((slice: bytes.count, source: start))
            bytes += source.bytes[start..<end]
        }
        if segments.isEmpty { segments.append((slice: 0, source: source.start(ofLine: lines.lowerBound))) }
        self.segments = segments
        self.bytes = bytes
        text = String(decoding: bytes, as: UTF8.self)
        lineStarts = Self.lineStarts(of: text)
        offsets = bytes.allSatisfy { $0 < 0x80 } ? nil : Self.offsets(of: text)
    }

    /// Where the slice starts in the source.
    package var start: SourceLocation { source.location(at: segments[0].source) }

    /// The source's place of a YAML mark: a line and a column in code points, both from 1.
    func location(line: Int, column: Int) -> SourceLocation { location(at: offset(line: line, column: column)) }

    /// The offset in the slice of a YAML mark.
    func offset(line: Int, column: Int) -> Int {
        guard line >= 1, line <= lineStarts.count else { return bytes.count }
        let scalar = lineStarts[line - 1] + column - 1
        guard let offsets else { return min(scalar, bytes.count) }
        return scalar < offsets.count ? offsets[scalar] : bytes.count
    }

    /// The source's place of a range of the slice.
    func location(of range: Range<Int>) -> SourceLocation {
        let start = sourceOffset(range.lowerBound)
        // What the fence indents lies between two lines of the slice.
        let end = range.isEmpty ? start : sourceOffset(range.upperBound - 1) + 1
        return source.location(of: start..<end)
    }

    /// The source's place of an offset in the slice.
    func location(at offset: Int) -> SourceLocation { source.location(at: sourceOffset(offset)) }

    private func sourceOffset(_ offset: Int) -> Int {
        var low = 0
        var high = segments.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if segments[middle].slice <= offset { low = middle } else { high = middle }
        }
        return segments[low].source + offset - segments[low].slice
    }

    /// YAML 1.1 ends lines at NEL, LS and PS too.
    private static func lineStarts(of text: String) -> [Int] {
        var starts = [0]
        var previous: Unicode.Scalar = " "
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "\n" where previous == "\r": starts[starts.count - 1] = index + 1
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": starts.append(index + 1)
            default: break
            }
            previous = scalar
        }
        return starts
    }

    private static func offsets(of text: String) -> [Int] {
        var offset = 0
        return text.unicodeScalars.map { scalar in
            defer { offset += UTF8.width(scalar) }
            return offset
        }
    }
}
