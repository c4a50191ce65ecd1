/// A notebook's text with its name and the starts of its lines, so that every byte has a place.
public struct SourceText: Sendable {
    /// The file as messages name it: `notebooks/x.md`.
    public let name: String
    /// UTF-8, without a byte-order mark.
    package let bytes: [UInt8]
    /// The offset of each line's first byte; lines end at LF, CR LF or CR, as in CommonMark.
    let lineStarts: [Int]
    /// 0 for a notebook; the texts that it includes count from 1.
    package private(set) var file = 0
    /// The texts that a notebook includes, in the order in which it names them; `included[0]` is file 1.
    package var included: [SourceText] = []

    /// A notebook that is already text.
    public init(name: String, text: String) {
        self.init(name: name, checked: Array(text.utf8))
    }

    /// A notebook's bytes.
    /// - Throws: a diagnostic at the first byte that is not UTF-8.
    public init(name: String, bytes: [UInt8]) throws(Diagnostics) {
        try self.init(name: name, bytes: bytes, file: 0)
    }

    /// The bytes of a text that a notebook includes, as its file of this number.
    package init(name: String, bytes: [UInt8], file: Int) throws(Diagnostics) {
        if let offset = Self.firstInvalidByte(of: bytes) {
            var upToThere = SourceText(name: name, checked: Array(bytes[..<offset]))
            upToThere.file = file
            let place = upToThere.location(at: upToThere.bytes.count)
            let value = String(bytes[offset], radix: 16, uppercase: true)
            throw Diagnostics([
                Diagnostic(
                    .invalidUTF8, at: place, of: upToThere,
                    "the byte 0x\(value) is not UTF-8; notebooks are UTF-8 text")
            ])
        }
        self.init(name: name, checked: bytes)
        self.file = file
    }

    private init(name: String, checked bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var starts = [0]
        let count = self.bytes.count
        self.bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<count {
                let byte = bytes[offset]
                if byte == UInt8(ascii: "\n")
                    || (byte == UInt8(ascii: "\r") && !(offset + 1 < count && bytes[offset + 1] == UInt8(ascii: "\n")))
                {
                    starts.append(offset + 1)
                }
            }
        }
        if starts.count > 1, starts.last == count { starts.removeLast() }
        lineStarts = starts
    }

    /// The text in which a place stands: this one, or one that it includes.
    package func text(of location: SourceLocation) -> SourceText {
        let index = location.file - 1
        return location.file == file || !included.indices.contains(index) ? self : included[index]
    }

    /// The name of the file without any folder.
    public var fileName: String { String(name.split(separator: "/").last ?? "notebook.md") }

    package var lineCount: Int { lineStarts.count }

    /// The bytes of a line, counted from 1, without its end.
    package func range(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] : bytes.count
        while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The offset at which a line starts; the end of the text for a line past the last.
    package func start(ofLine line: Int) -> Int {
        line <= lineStarts.count ? lineStarts[max(line, 1) - 1] : bytes.count
    }

    /// The place of a range of bytes.
    package func location(of range: Range<Int>) -> SourceLocation {
        location(at: range.lowerBound, length: range.count)
    }

    package func location(at offset: Int, length: Int = 0) -> SourceLocation {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourceLocation(line: low + 1, column: offset - lineStarts[low] + 1, length: length, file: file)
    }

    package func offset(of location: SourceLocation) -> Int {
        min(start(ofLine: location.line) + location.column - 1, bytes.count)
    }

    /// The line and the column after a place's last byte.
    public func end(of place: SourceLocation) -> SourceLocation {
        let source = text(of: place)
        return source.location(at: source.offset(of: place) + place.length)
    }

    /// The text that a place is about, in this text or in one that it includes.
    public func quote(_ place: SourceLocation) -> String {
        let source = text(of: place)
        let start = source.offset(of: place)
        return source.text(start..<min(start + place.length, source.bytes.count))
    }

    /// The bytes of a line without the blank ones around its text.
    package func content(ofLine line: Int) -> Range<Int> {
        let range = range(ofLine: line)
        let start = range.first { !" \t".utf8.contains(bytes[$0]) } ?? range.upperBound
        let end = range.last { !" \t".utf8.contains(bytes[$0]) } ?? start - 1
        return start..<max(start, end + 1)
    }

    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The offset of the first byte that belongs to no UTF-8 sequence.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var codec = UTF8()
        var offset = 0
        var iterator = bytes.makeIterator()
        while true {
            switch codec.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
