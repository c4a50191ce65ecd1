extension Reader {
    /// Reads the string that starts at the quote here.
    mutating func string() throws(JSONError) -> String {
        let quote = position
        advance()
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { advance() }
        if next == UInt8(ascii: "\"") {
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            advance()
            return text
        }
        var decoded = Array(bytes[start..<position])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                advance()
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &decoded)
            case ..<0x20:
                throw error("the control character \(byte) must be escaped in a string")
            default:
                decoded.append(byte)
                advance()
            }
        }
        throw error("the string has no closing quote", at: quote)
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        let start = position
        advance()
        let letter = next
        advance()
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter ?? 0)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: Array(String(try scalar(from: start)).utf8))
        default: throw error("unknown escape in a string", at: start)
        }
    }

    /// The scalar of `\u` and four hexadecimal digits, or of two of them that make a surrogate pair.
    private mutating func scalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let high = try hexadecimal(from: start)
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, next == UInt8(ascii: "\\") else { throw error("lone surrogate in a string", at: start) }
        advance()
        guard next == UInt8(ascii: "u") else { throw error("lone surrogate in a string", at: start) }
        advance()
        let low = try hexadecimal(from: start)
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("lone surrogate in a string", at: start) }
        return scalar
    }

    private mutating func hexadecimal(from start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch next {
            case .some(let byte) where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
                digit = byte - UInt8(ascii: "0")
            case .some(let byte) where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
                digit = (byte | 0x20) - UInt8(ascii: "a") + 10
            default:
                throw error("\\u needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            advance()
        }
        return value
    }

    /// Reads the number that starts here: `.int` where it is written as an integer that fits, else `.number`.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        let negative = take("-")
        var magnitude: Int? = 0
        if take("0") {
            if let byte = next, isDigit(byte) { throw error("a number must not start with 0", at: start) }
        } else {
            guard
                digits({ digit in
                    guard let sofar = magnitude else { return }
                    let (shifted, overShift) = sofar.multipliedReportingOverflow(by: 10)
                    let (sum, overSum) = shifted.subtractingReportingOverflow(Int(digit))
                    magnitude = overShift || overSum ? nil : sum
                })
            else { throw error("expected a digit, found \(found)") }
        }
        var whole = true
        if take(".") {
            whole = false
            guard digits({ _ in }) else { throw error("expected a digit, found \(found)") }
        }
        if take("e") || take("E") {
            whole = false
            _ = take("+") || take("-")
            guard digits({ _ in }) else { throw error("expected a digit, found \(found)") }
        }
        // The magnitude is summed as a negative number, so that Int.min is reached.
        if whole, let minus = magnitude, !(negative && minus == 0) {
            if negative { return .int(minus) }
            if minus != Int.min { return .int(-minus) }
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw error("the number does not fit a float64", at: start)
        }
        return .number(value)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Reads digits and hands each on; false where there is none.
    private mutating func digits(_ each: (UInt8) -> Void) -> Bool {
        let start = position
        while let byte = next, isDigit(byte) {
            each(byte - UInt8(ascii: "0"))
            advance()
        }
        return position > start
    }
}
