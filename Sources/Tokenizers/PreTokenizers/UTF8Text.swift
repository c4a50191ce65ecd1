/// Steps over the scalars of bytes that are known to be UTF-8.
enum UTF8Text {
    /// How many bytes the scalar has that begins with this byte.
    static func length(of lead: UInt8) -> Int {
        switch lead {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }

    /// The scalar that begins at `position`, and its length in bytes.
    static func scalar(in text: [UInt8], at position: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let lead = text[position]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let length = length(of: lead)
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// The scalar that ends before `position`, and its length in bytes.
    static func scalar(in text: [UInt8], before position: Int) -> (scalar: Unicode.Scalar, length: Int) {
        var start = position - 1
        while text[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(in: text, at: start)
    }

    /// Where the white space that ends before `position` begins, `lower` at the earliest.
    static func spaceStart(_ text: [UInt8], _ lower: Int, _ position: Int) -> Int {
        var start = position
        while start > lower {
            let (scalar, length) = scalar(in: text, before: start)
            guard scalar.properties.isWhitespace else { break }
            start -= length
        }
        return start
    }

    /// Where the white space that begins at `position` ends, `upper` at the latest.
    static func spaceEnd(_ text: [UInt8], _ position: Int, _ upper: Int) -> Int {
        var stop = position
        while stop < upper {
            let (scalar, length) = scalar(in: text, at: stop)
            guard scalar.properties.isWhitespace else { break }
            stop += length
        }
        return stop
    }
}
