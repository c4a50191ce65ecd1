import Markdown
import Values

extension YAMLValue {
    /// What a scalar means: without quotes `null`, `true`, `12` and `0.5` are themselves, all else is text; nil for lists and mappings.
    public var scalar: Scalar? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        guard isPlain else { return .string(text) }
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: return Self.number(text) ?? .string(text)
        }
    }

    /// A decimal number as YAML 1.2 and JSON write it; nil for all else, also for `nan`, `inf`, hexadecimal and `1_000`.
    static func number(_ text: String) -> Scalar? {
        let body =
            text.utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } == true
            ? text.dropFirst() : text[...]
        guard let first = body.utf8.first, first == UInt8(ascii: ".") || isDigit(first),
            body.utf8.contains(where: isDigit),
            body.utf8.allSatisfy({ isDigit($0) || ".eE+-".utf8.contains($0) })
        else { return nil }
        if body.utf8.allSatisfy(isDigit) { return Int(text).map(Scalar.int) }
        guard let value = Double(text), value.isFinite else { return nil }
        return .number(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

}
