/// Finds where a YAML value ends, which the parser does not tell.
struct YAMLExtent {
    let bytes: [UInt8]

    /// The end of a scalar that starts at an offset and says this text.
    func end(of text: String, from start: Int) -> Int {
        guard start < bytes.count else { return start }
        switch bytes[start] {
        case UInt8(ascii: "'"): return quoted(from: start, escape: nil)
        case UInt8(ascii: "\""): return quoted(from: start, escape: UInt8(ascii: "\\"))
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            let header = bytes[start...].firstIndex { Self.isLineEnd($0) } ?? bytes.count
            return matched(text, from: header, orElse: header)
        default: return matched(text, from: start, orElse: start)
        }
    }

    /// Whether a list or a mapping on one line starts at an offset.
    func isOpening(_ bracket: Character, at start: Int) -> Bool {
        start < bytes.count && bytes[start] == bracket.asciiValue
    }

    /// The offset after the bracket that closes a list or a mapping on one line, after its last entry.
    func closing(_ bracket: Character, from start: Int) -> Int {
        let wanted = bracket.asciiValue
        var place = start
        while place < bytes.count, bytes[place] != wanted {
            if bytes[place] == UInt8(ascii: "#") {
                while place < bytes.count, !Self.isLineEnd(bytes[place]) { place += 1 }
            } else {
                place += 1
            }
        }
        return min(place + 1, bytes.count)
    }

    /// After the quote that ends a text in quotes; two single quotes stand for one.
    private func quoted(from start: Int, escape: UInt8?) -> Int {
        let quote = bytes[start]
        var place = start + 1
        while place < bytes.count {
            if bytes[place] == escape {
                place += 2
            } else if bytes[place] == quote {
                guard escape == nil, place + 1 < bytes.count, bytes[place + 1] == quote else { return place + 1 }
                place += 2
            } else {
                place += 1
            }
        }
        return bytes.count
    }

    /// After the last letter of a text whose line ends and indentation YAML folded.
    private func matched(_ text: String, from start: Int, orElse empty: Int) -> Int {
        var place = start
        var end = empty
        for byte in text.utf8 where !Self.isBlank(byte) {
            while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
            guard place < bytes.count, bytes[place] == byte else { return end }
            place += 1
            end = place
        }
        return end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || isLineEnd(byte) }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}

extension YAMLValue {
    /// Whether it is text where a mapping was meant, or has a key with a space that YAML reads as a letter.
    var isOddlySpaced: Bool {
        switch content {
        case .scalar(let text, isPlain: true):
            text.unicodeScalars.contains { $0.properties.generalCategory == .spaceSeparator && $0 != " " }
        case .scalar: false
        case .sequence(let values): values.contains(where: \.isOddlySpacedMapping)
        case .mapping: isOddlySpacedMapping
        }
    }

    private var isOddlySpacedMapping: Bool {
        guard let entries = mapping else { return false }
        return entries.contains { entry in
            entry.key.unicodeScalars.contains { $0.properties.generalCategory == .spaceSeparator && $0 != " " }
                || entry.value.isOddlySpacedMapping
        }
    }
}
