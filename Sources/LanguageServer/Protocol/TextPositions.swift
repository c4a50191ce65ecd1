import JSON
import Markdown

/// What an editor counts along a line.
enum PositionEncoding: String {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
}

/// Places of a text as an editor counts them: lines from 0, and columns from 0 in bytes or UTF-16 code units.
struct TextPositions {
    private let source: SourceText
    /// Whether a column is a count of bytes.
    private let countsBytes: Bool

    init(_ source: SourceText, _ encoding: PositionEncoding) {
        self.source = source
        countsBytes = encoding == .utf8 || source.bytes.allSatisfy { $0 < 0x80 }
    }

    /// The offset of a position; a place past a line's end is the line's end, and inside a character its start.
    /// - Throws: an error for what is no position.
    func offset(_ position: JSON?) throws(ResponseError) -> Int {
        guard let line = position?["line"]?.int, let column = position?["character"]?.int, line >= 0, column >= 0 else {
            throw ResponseError(.invalidParams, "a position has 'line' and 'character', whole numbers from 0")
        }
        guard line < source.lineCount else { return source.bytes.count }
        let range = source.range(ofLine: line + 1)
        var offset = range.lowerBound
        if countsBytes {
            offset += min(column, range.count)
            while offset > range.lowerBound, offset < range.upperBound, Self.continues(source.bytes[offset]) {
                offset -= 1
            }
            return offset
        }
        var left = column
        while offset < range.upperBound {
            left -= Self.units(source.bytes[offset])
            guard left >= 0 else { break }
            offset += 1
            while offset < range.upperBound, Self.continues(source.bytes[offset]) { offset += 1 }
        }
        return offset
    }

    /// The offsets of a range.
    /// - Throws: an error for what is no range.
    func offsets(_ range: JSON?) throws(ResponseError) -> Range<Int> {
        let (start, end) = (try offset(range?["start"]), try offset(range?["end"]))
        guard start <= end else { throw ResponseError(.invalidParams, "a range ends before it starts") }
        return start..<end
    }

    /// The position of an offset.
    func position(_ offset: Int) -> JSON {
        if offset == source.bytes.count, let last = source.bytes.last, "\r\n".utf8.contains(last) {
            return .members(["line": .int(source.lineCount), "character": .int(0)])
        }
        let place = source.location(at: offset)
        var column = place.column - 1
        if !countsBytes {
            column = source.bytes[source.start(ofLine: place.line)..<offset].reduce(0) {
                $0 + (Self.continues($1) ? 0 : Self.units($1))
            }
        }
        return .members(["line": .int(place.line - 1), "character": .int(column)])
    }

    /// The range of some bytes.
    func range(_ range: Range<Int>) -> JSON {
        .members(["start": position(range.lowerBound), "end": position(range.upperBound)])
    }

    /// The range of a place.
    func range(_ place: SourceLocation) -> JSON { range(source.bytes(of: place)) }

    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// UTF-16 code units of the character that starts with this byte.
    private static func units(_ byte: UInt8) -> Int { byte >= 0xF0 ? 2 : 1 }
}

extension SourceText {
    /// The bytes of a place of this text.
    func bytes(of place: SourceLocation) -> Range<Int> {
        let start = offset(of: place)
        return start..<min(start + place.length, bytes.count)
    }
}
