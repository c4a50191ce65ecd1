extension JSON {
    /// The value as JSON text: members in their order, float64 in the shortest form that reads back as the same
    /// number, NaN and the infinities as `null`.
    /// - Parameter pretty: one element a line, indented by two spaces, instead of all on one line.
    public func text(pretty: Bool = false) -> String {
        var out = ""
        write(to: &out, indent: pretty ? 0 : nil)
        return out
    }

    private func write(to out: inout String, indent: Int?) {
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .int(let value): out += String(value)
        case .number(let value): out += value.isFinite ? value.description : "null"
        case .string(let value): Self.writeQuoted(value, to: &out)
        case .array(let values):
            Self.writeList(values, between: ("[", "]"), to: &out, indent: indent) { value, out, inner in
                value.write(to: &out, indent: inner)
            }
        case .object(let members):
            Self.writeList(members, between: ("{", "}"), to: &out, indent: indent) { member, out, inner in
                Self.writeQuoted(member.key, to: &out)
                out += inner == nil ? ":" : ": "
                member.value.write(to: &out, indent: inner)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], between brackets: (String, String), to out: inout String, indent: Int?,
        each: (Element, inout String, Int?) -> Void
    ) {
        out += brackets.0
        let inner = indent.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { out += "," }
            breakLine(inner, to: &out)
            each(element, &out, inner)
        }
        if !elements.isEmpty { breakLine(indent, to: &out) }
        out += brackets.1
    }

    private static func breakLine(_ indent: Int?, to out: inout String) {
        guard let indent else { return }
        out += "\n" + String(repeating: " ", count: indent)
    }

    private static func writeQuoted(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{08}": out += "\\b"
            case "\u{0C}": out += "\\f"
            case ..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
