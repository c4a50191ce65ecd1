import JSON

extension Value {
    /// A value out of JSON.
    init(_ json: JSON) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .number(let value): self = .float(value)
        case .string(let text): self = .text(Text(text))
        case .array(let values): self = .list(values.map(Value.init))
        case .object(let members):
            var dictionary = Dictionary()
            for member in members { dictionary.set(Text(member.key), Value(member.value)) }
            self = .dictionary(dictionary)
        }
    }
}

/// Python's `json.dumps`, with the options that the filter `tojson` takes.
struct JSONWriter {
    let escapesNonASCII: Bool
    let indent: Text?
    let itemSeparator: Text
    let keySeparator: Text
    let sortsKeys: Bool
    private var output: [Unicode.Scalar] = []

    init(escapesNonASCII: Bool, indent: Text?, separators: (item: Text, key: Text)?, sortsKeys: Bool) {
        self.escapesNonASCII = escapesNonASCII
        self.indent = indent
        itemSeparator = separators?.item ?? (indent == nil ? ", " : ",")
        keySeparator = separators?.key ?? ": "
        self.sortsKeys = sortsKeys
    }

    /// The JSON text of a value.
    /// - Throws: `invalid`, where JSON has no such value.
    mutating func text(of value: Value) throws(TemplateError.Problem) -> Text {
        output = []
        try write(value, level: 0)
        return Text(output)
    }

    private mutating func write(_ value: Value, level: Int) throws(TemplateError.Problem) {
        if output.count > Evaluator.lengthLimit { throw .tooLong(limit: Evaluator.lengthLimit) }
        switch value {
        case .none: output += "null".unicodeScalars
        case .bool(let value): output += (value ? "true" : "false").unicodeScalars
        case .int(let value): output += String(value).unicodeScalars
        case .float(let value): output += number(value).unicodeScalars
        case .text(let text): write(text)
        case .list(let list), .tuple(let list):
            output.append("[")
            for (index, element) in list.elements.enumerated() {
                startItem(index, level: level)
                try write(element, level: level + 1)
            }
            if !list.elements.isEmpty { breakLine(level: level) }
            output.append("]")
        case .dictionary(let dictionary):
            output.append("{")
            for (index, place) in try order(of: dictionary).enumerated() {
                startItem(index, level: level)
                write(try key(dictionary.keys[place]))
                output += keySeparator.scalars
                try write(dictionary.values[place], level: level + 1)
            }
            if dictionary.count > 0 { breakLine(level: level) }
            output.append("}")
        default: throw .invalid("'\(value.typeName)' object cannot be written as JSON")
        }
    }

    private func order(of dictionary: Value.Dictionary) throws(TemplateError.Problem) -> [Int] {
        let places = Array(0..<dictionary.count)
        guard sortsKeys else { return places }
        return try stablySorted(places.map { (dictionary.keys[$0], $0) })
    }

    private func key(_ key: Value) throws(TemplateError.Problem) -> Text {
        switch key {
        case .text(let text): return text
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return Text(String(value))
        case .float(let value): return Text(number(value))
        default: throw .invalid("'\(key.typeName)' object cannot be a key of JSON")
        }
    }

    private func number(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.pythonDescription
    }

    private mutating func startItem(_ index: Int, level: Int) {
        if index > 0 { output += itemSeparator.scalars }
        breakLine(level: level + 1)
    }

    private mutating func breakLine(level: Int) {
        guard let indent else { return }
        output.append("\n")
        for _ in 0..<level { output += indent.scalars }
    }

    private mutating func write(_ text: Text) {
        output.append("\"")
        for scalar in text.scalars {
            switch scalar {
            case "\"": output += "\\\"".unicodeScalars
            case "\\": output += "\\\\".unicodeScalars
            case "\n": output += "\\n".unicodeScalars
            case "\r": output += "\\r".unicodeScalars
            case "\t": output += "\\t".unicodeScalars
            case "\u{8}": output += "\\b".unicodeScalars
            case "\u{C}": output += "\\f".unicodeScalars
            case _ where scalar.value < 0x20 || (escapesNonASCII && scalar.value > 0x7F):
                for unit in String(scalar).utf16 { writeEscape(unit) }
            default: output.append(scalar)
            }
        }
        output.append("\"")
    }

    private mutating func writeEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        output += "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".unicodeScalars
    }
}
