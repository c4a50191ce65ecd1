/// Finds code spans and images in the source, in document order, since cmark's own inline columns are off in paragraphs of several
/// lines and inside lists and quotes.
struct CodeSpanFinder {
    private let bytes: [UInt8]
    private var offset: Int
    private var imageOffset: Int
    private let end: Int
    /// Lengths of backtick runs that have no partner in the rest of the text.
    private var unclosed: Set<Int> = []

    /// - Parameter range: the block's bytes.
    init(_ source: SourceText, in range: Range<Int>) {
        bytes = source.bytes
        offset = range.lowerBound
        imageOffset = range.lowerBound
        end = range.upperBound
    }

    /// The bytes between the backticks of the next code span with this content.
    mutating func next(_ content: String) -> Range<Int>? {
        let wanted = Self.essence(Array(content.utf8)[...])
        var place = offset
        while place < end {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            case UInt8(ascii: "`"):
                let start = endOfRun(place)
                if let close = partner(ofLength: start - place, from: start),
                    Self.essence(bytes[start..<close]) == wanted
                {
                    offset = close + start - place
                    return start..<close
                }
                place = start
            default: place += 1
            }
        }
        return nil
    }

    /// Where the next `![` stands.
    mutating func nextImage() -> Int? {
        var place = imageOffset
        while place + 1 < end {
            if bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if bytes[place] == UInt8(ascii: "!"), bytes[place + 1] == UInt8(ascii: "[") {
                imageOffset = place + 2
                return place
            }
            place += 1
        }
        return nil
    }

    private func endOfRun(_ start: Int) -> Int {
        var place = start
        while place < end, bytes[place] == UInt8(ascii: "`") { place += 1 }
        return place
    }

    private mutating func partner(ofLength length: Int, from start: Int) -> Int? {
        guard !unclosed.contains(length) else { return nil }
        var place = start
        while place < end {
            guard bytes[place] == UInt8(ascii: "`") else {
                place += 1
                continue
            }
            let after = endOfRun(place)
            if after - place == length { return place }
            place = after
        }
        unclosed.insert(length)
        return nil
    }

    /// The content without what line ends, block markers and cmark's own trimming may change.
    private static func essence(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.filter { !" \t\r\n>\0".utf8.contains($0) }.filter { $0 < 0x80 }
    }
}
