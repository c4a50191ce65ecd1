import Values

/// The source line of a diagnostic with a caret under one column, both short enough to read.
struct SourceExcerpt: Sendable, Equatable {
    let line: String
    let caret: String

    /// Characters shown on either side of the place, when the line is longer than twice this.
    static let reach = 60

    init(of source: SourceText, at location: SourceLocation) {
        let range = source.range(ofLine: location.line)
        let place = min(max(range.lowerBound + location.column - 1, range.lowerBound), range.upperBound)
        // Five times the reach in bytes holds the reach in characters for all but absurd text, whatever the line's length.
        let from = Self.boundary(max(range.lowerBound, place - 5 * Self.reach), of: source, in: range)
        let to = Self.boundary(min(range.upperBound, place + 5 * Self.reach), of: source, in: range)
        let place0 = Self.boundary(place, of: source, in: range)
        var before = Array(source.text(from..<place0))
        var after = Array(source.text(place0..<to))
        let isCutBefore =
            from > range.lowerBound || before.count + after.count > 2 * Self.reach && before.count > Self.reach
        let isCutAfter =
            to < range.upperBound || before.count + after.count > 2 * Self.reach && after.count > Self.reach
        if isCutBefore { before = ["…"] + before.suffix(Self.reach) }
        if isCutAfter { after = after.prefix(Self.reach) + ["…"] }
        line = Self.printable(String(before + after))
        caret = before.map(Self.blank).joined() + "^"
    }

    /// The text with control characters and text-direction marks replaced, so that a terminal shows what is there; tabs stay.
    static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isPrintable(scalar) ? scalar : "\u{FFFD}") }
        return String(result)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: true
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: false
        default: true
        }
    }

    /// As much blank as a character takes on a terminal; a tab stays a tab, so that it lands on the same stop.
    private static func blank(_ character: Character) -> String {
        guard let first = character.unicodeScalars.first else { return "" }
        if first == "\t" { return "\t" }
        return String(repeating: " ", count: DisplayWidth.of(character))
    }

    /// The nearest offset at or before this one at which a UTF-8 sequence starts.
    private static func boundary(_ offset: Int, of source: SourceText, in range: Range<Int>) -> Int {
        var offset = offset
        while offset > range.lowerBound, offset < range.upperBound, source.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }
}
