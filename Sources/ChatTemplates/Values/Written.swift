/// Values as Python writes them.
extension Value {
    /// Python's `str`.
    /// - Throws: `unsupported`, for objects whose words are an address; `tooLong`.
    func written() throws(TemplateError.Problem) -> Text {
        switch self {
        case .undefined: return ""
        case .text(let text): return Text(text.scalars)
        default:
            var output: [Unicode.Scalar] = []
            try writeRepresentation(to: &output)
            return Text(output)
        }
    }

    /// Python's `repr`.
    private func writeRepresentation(to output: inout [Unicode.Scalar]) throws(TemplateError.Problem) {
        if output.count > Evaluator.lengthLimit { throw .tooLong(limit: Evaluator.lengthLimit) }
        switch self {
        case .undefined: output += "Undefined".unicodeScalars
        case .none: output += "None".unicodeScalars
        case .bool(let value): output += (value ? "True" : "False").unicodeScalars
        case .int(let value): output += String(value).unicodeScalars
        case .float(let value): output += value.pythonDescription.unicodeScalars
        case .text(let text): output += (text.isMarkup ? "Markup(\(text.quoted))" : text.quoted).unicodeScalars
        case .list(let list): try Self.write(list.elements, between: ("[", "]"), to: &output)
        case .tuple(let list):
            try Self.write(list.elements, between: ("(", list.elements.count == 1 ? ",)" : ")"), to: &output)
        case .dictionary(let dictionary):
            output.append("{")
            for (index, (key, value)) in zip(dictionary.keys, dictionary.values).enumerated() {
                if index > 0 { output += ", ".unicodeScalars }
                try key.writeRepresentation(to: &output)
                output += ": ".unicodeScalars
                try value.writeRepresentation(to: &output)
            }
            output.append("}")
        case .view(let list, let kind): try Self.write(list.elements, between: ("\(kind)([", "])"), to: &output)
        case .range(let range):
            output += "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))".unicodeScalars
        case .namespace, .loop, .generator, .callable: throw .unsupported("writing a '\(typeName)' object")
        }
    }

    private static func write(
        _ values: [Value], between brackets: (String, String), to output: inout [Unicode.Scalar]
    ) throws(TemplateError.Problem) {
        output += brackets.0.unicodeScalars
        for (index, value) in values.enumerated() {
            if index > 0 { output += ", ".unicodeScalars }
            try value.writeRepresentation(to: &output)
        }
        output += brackets.1.unicodeScalars
    }
}

extension Text {
    /// Python's `repr` of a string.
    var quoted: String {
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in scalars {
            switch scalar {
            case quote, "\\": result.append(contentsOf: ["\\", scalar])
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.isPythonPrintable: result.append(scalar)
            default:
                let (letter, width) =
                    scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                let digits = String(scalar.value, radix: 16)
                result.append(
                    contentsOf: "\\\(letter)\(String(repeating: "0", count: width - digits.utf8.count))\(digits)"
                        .unicodeScalars)
            }
        }
        result.append(quote)
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether Python's `repr` writes the character itself.
    fileprivate var isPythonPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}

extension Double {
    /// Python's `repr`: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on.
    var pythonDescription: String {
        if isNaN { return "nan" }
        if isInfinite { return self < 0 ? "-inf" : "inf" }
        if self == 0 { return sign == .minus ? "-0.0" : "0.0" }
        let parts = magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let all = whole + fraction
        let digits = all.drop { $0 == "0" }
        let leadingZeros = all.count - digits.count
        let significant = String(digits.reversed().drop { $0 == "0" }.reversed())
        // The value is 0.d₁d₂… · 10^point.
        let point = whole.count - leadingZeros + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let sign = self < 0 ? "-" : ""
        if point > 16 || point < -3 {
            let exponent = point - 1
            let tail = significant.dropFirst()
            let written = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return
                "\(sign)\(significant.prefix(1))\(tail.isEmpty ? "" : ".\(tail)")e\(exponent < 0 ? "-" : "+")\(written)"
        }
        if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(significant)" }
        if significant.count <= point {
            return "\(sign)\(significant)\(String(repeating: "0", count: point - significant.count)).0"
        }
        return "\(sign)\(significant.prefix(point)).\(significant.dropFirst(point))"
    }
}
