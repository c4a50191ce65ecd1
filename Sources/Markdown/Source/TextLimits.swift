/// What a text may hold, so that reading it takes seconds and not hours: cmark's time grows with the product of some counts.
package struct TextLimits {
    /// The largest text in bytes; what is larger is data, and belongs into a file of its own.
    package static let bytes = 2 << 20
    /// The most pictures that a stretch of text without an empty line may start.
    static let pictures = 1_000
    /// The most command blocks, and the most cells of the tables in its prose.
    package static let blocks = 5_000
    static let cells = 200_000
    /// The largest body of a block, and the largest front matter, in bytes.
    static let yaml = 512 << 10
    /// The most levels of lists times empty lines.
    static let levels = 50_000_000

    private let source: SourceText
    private var pictures = 0
    private var emptyLines = 0
    private var deepest = (levels: 0, line: 1)

    /// Why a text is not even parsed; nil for a text that is.
    package static func refusal(of source: SourceText) -> Diagnostic? {
        guard source.bytes.count <= bytes else {
            return Diagnostic(
                .tooLarge, at: SourceLocation(line: 1, column: 1, file: source.file), of: source,
                "the text holds \(source.bytes.count) bytes, more than the \(bytes) that a notebook may",
                help: "keep data in a file of its own, and name its path")
        }
        var limits = TextLimits(source: source)
        return source.bytes.withUnsafeBufferPointer { limits.refusal($0) }
    }

    private init(source: SourceText) { self.source = source }

    private mutating func refusal(_ bytes: UnsafeBufferPointer<UInt8>) -> Diagnostic? {
        for line in 1...source.lineCount {
            let range = source.range(ofLine: line)
            guard let start = range.first(where: { !" \t>".utf8.contains(bytes[$0]) }) else {
                if !range.contains(where: { bytes[$0] == UInt8(ascii: ">") }) {
                    emptyLines += 1
                    pictures = 0
                }
                continue
            }
            var place = start
            while place + 1 < range.upperBound {
                if bytes[place] == UInt8(ascii: "!"), bytes[place + 1] == UInt8(ascii: "[") {
                    pictures += 1
                    if pictures > Self.pictures {
                        return Diagnostic(
                            .tooLarge, at: source.location(at: place), of: source,
                            "more than \(Self.pictures) pictures start in a stretch of text without an empty line")
                    }
                }
                place += 1
            }
            let levels = levels(of: range, from: start, bytes)
            if levels > deepest.levels { deepest = (levels, line) }
        }
        guard deepest.levels * emptyLines > Self.levels else { return nil }
        return Diagnostic(
            .tooLarge, at: source.location(at: source.range(ofLine: deepest.line).lowerBound), of: source,
            "lists nested up to \(deepest.levels) deep and \(emptyLines) empty lines are more than can be read")
    }

    /// How deep a line's lists may be nested: a level takes two columns of indentation, or a mark of its own.
    private func levels(of range: Range<Int>, from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard Self.isMark(bytes[start]) else { return 0 }
        var columns = 0
        for place in range.lowerBound..<start { columns += bytes[place] == UInt8(ascii: "\t") ? 4 : 1 }
        var marks = 0
        var place = start
        while place < range.upperBound, Self.isMark(bytes[place]) || " \t.)>".utf8.contains(bytes[place]) {
            if "-+*.)".utf8.contains(bytes[place]) { marks += 1 }
            place += 1
        }
        return columns / 2 + marks
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        "-+*".utf8.contains(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
