/// Finds code spans, images and other marks in the source, in document order, since cmark's own inline columns are off in paragraphs
/// of several lines and inside lists and quotes.
struct CodeSpanFinder {
    private let bytes: [UInt8]
    private var offset: Int
    private var imageOffset: Int
    private var textOffset: Int
    private let end: Int
    /// Lengths of backtick runs that have no partner in the rest of the text.
    private var unclosed: Set<Int> = []

    /// - Parameter range: the block's bytes.
    init(_ source: SourceText, in range: Range<Int>) {
        bytes = source.bytes
        offset = range.lowerBound
        imageOffset = range.lowerBound
        textOffset = range.lowerBound
        end = range.upperBound
    }

    /// The bytes between the backticks of the next code span with this content.
    mutating func nextSpan(_ content: String) -> Range<Int>? {
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

    /// Whether the next code span with this content stands right between two `$` that no backslash makes plain text; true where the
    /// span is not found.
    func isBetweenDollars(nextSpan content: String) -> Bool {
        var ahead = self
        guard let span = ahead.nextSpan(content) else { return true }
        var start = span.lowerBound
        while start > 0, bytes[start - 1] == UInt8(ascii: "`") { start -= 1 }
        let end = endOfRun(span.upperBound)
        guard start > 0, bytes[start - 1] == UInt8(ascii: "$"), end < bytes.count, bytes[end] == UInt8(ascii: "$")
        else {
            return false
        }
        return !bytes.isEscaped(at: start - 1)
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

    /// Where the destination of the image that starts at an offset stands; nil for one that is named by a reference.
    func destination(_ destination: String, ofImageAt start: Int) -> Range<Int>? {
        find(Array("](\(destination)".utf8), from: start).map { $0 + 2..<$0 + 2 + destination.utf8.count }
    }

    /// Where this text stands next, outside the code spans found so far.
    mutating func next(_ text: String) -> Int? {
        guard let place = find(Array(text.utf8), from: max(offset, textOffset)) else { return nil }
        textOffset = place + text.utf8.count
        return place
    }

    /// Where the next `[^label]` stands, and whether a backslash makes it plain text.
    mutating func nextMention(of label: String) -> (offset: Int, isEscaped: Bool)? {
        let wanted = Array("^\(label)]".utf8)
        var from = max(offset, textOffset)
        while let place = find(wanted, from: from) {
            from = place + 1
            guard place > 0 else { continue }
            let isMark = bytes[place - 1] == UInt8(ascii: "\\")
            let bracket = isMark ? place - 2 : place - 1
            guard bracket >= 0, bytes[bracket] == UInt8(ascii: "[") else { continue }
            textOffset = place + wanted.count
            return (bracket, isMark || bytes.isEscaped(at: bracket))
        }
        return nil
    }

    /// Where the next `@key` stands, and whether a backslash makes it plain text.
    mutating func nextCitation(of key: String) -> (offset: Int, isEscaped: Bool)? {
        let wanted = Array("@\(key)".utf8)
        var from = max(offset, textOffset)
        while let place = find(wanted, from: from) {
            from = place + 1
            let after = place + wanted.count
            if after < end,
                bytes[after] == UInt8(ascii: "_") || (bytes[after] | 0x20) &- UInt8(ascii: "a") < 26
                    || bytes[after] &- UInt8(ascii: "0") < 10
            {
                continue
            }
            textOffset = after
            return (place, bytes.isEscaped(at: place))
        }
        return nil
    }

    private func find(_ wanted: [UInt8], from start: Int) -> Int? {
        guard let first = wanted.first, start <= end - wanted.count else { return nil }
        return (start...(end - wanted.count)).first { place in
            bytes[place] == first && bytes[place..<(place + wanted.count)].elementsEqual(wanted)
        }
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
        bytes.filter { !" \t\r\n>\0\\".utf8.contains($0) }.filter { $0 < 0x80 }
    }
}

extension [UInt8] {
    /// Whether a backslash in front of a place makes what is there plain text.
    func isEscaped(at place: Int) -> Bool {
        self[..<place].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
    }
}
