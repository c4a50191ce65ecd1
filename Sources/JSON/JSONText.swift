extension JSON {
    /// The value as JSON text: members in their order, float64 in the shortest form that reads back as the same
    /// number, NaN and the infinities as `null`.
    /// - Parameter pretty: one element a line, indented by two spaces, instead of all on one line.
    public func text(pretty: Bool = false) -> String {
        var out: [UInt8] = []
        write(to: &out, indent: pretty ? 0 : nil)
        return String(decoding: out, as: UTF8.self)
    }

    private func write(to out: inout [UInt8], indent: Int?) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .int(let value): out += String(value).utf8
        case .number(let value): out += (value.isFinite ? value.description : "null").utf8
        case .string(let value): Self.writeQuoted(value, to: &out)
        case .array(let values):
            Self.writeList(values, between: ("[", "]"), to: &out, indent: indent) { value, out, inner in
                value.write(to: &out, indent: inner)
            }
        case .object(let members):
            Self.writeList(members, between: ("{", "}"), to: &out, indent: indent) { member, out, inner in
                Self.writeQuoted(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                if inner != nil { out.append(UInt8(ascii: " ")) }
                member.value.write(to: &out, indent: inner)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], between brackets: (Unicode.Scalar, Unicode.Scalar), to out: inout [UInt8], indent: Int?,
        each: (Element, inout [UInt8], Int?) -> Void
    ) {
        out.append(UInt8(ascii: brackets.0))
        let inner = indent.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            breakLine(inner, to: &out)
            each(element, &out, inner)
        }
        if !elements.isEmpty { breakLine(indent, to: &out) }
        out.append(UInt8(ascii: brackets.1))
    }

    private static func breakLine(_ indent: Int?, to out: inout [UInt8]) {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        for _ in 0..<indent { out.append(UInt8(ascii: " ")) }
    }

    private static func writeQuoted(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case UInt8(ascii: "\n"): out += "\\n".utf8
            case UInt8(ascii: "\r"): out += "\\r".utf8
            case UInt8(ascii: "\t"): out += "\\t".utf8
            case 0x08: out += "\\b".utf8
            case 0x0C: out += "\\f".utf8
            case ..<0x20:
                let digits = String(byte, radix: 16)
                out += "\\u".utf8
                for _ in digits.utf8.count..<4 { out.append(UInt8(ascii: "0")) }
                out += digits.utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
