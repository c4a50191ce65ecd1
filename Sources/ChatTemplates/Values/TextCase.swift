/// Upper and lower case by Unicode's full mappings, as Python's string methods have them.
extension Text {
    var uppercased: Text {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        for scalar in scalars {
            if scalar.isASCII {
                result.append(("a"..."z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value - 32)) : scalar)
            } else {
                result += scalar.properties.uppercaseMapping.unicodeScalars
            }
        }
        return with(result)
    }

    var lowercased: Text {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        for (index, scalar) in scalars.enumerated() {
            if scalar.isASCII {
                result.append(("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
            } else {
                result += lowercase(at: index)
            }
        }
        return with(result)
    }

    /// The first character in title case, the rest in lower case.
    var capitalized: Text {
        guard let first = scalars.first else { return self }
        return with(
            Array(first.properties.titlecaseMapping.unicodeScalars)
                + scalars.indices.dropFirst().flatMap { lowercase(at: $0) })
    }

    /// Python's `title`: each run of cased letters begins in title case.
    var titlecased: Text {
        var result: [Unicode.Scalar] = []
        var isInside = false
        for (index, scalar) in scalars.enumerated() {
            result += isInside ? lowercase(at: index) : Array(scalar.properties.titlecaseMapping.unicodeScalars)
            isInside = scalar.properties.isCased
        }
        return with(result)
    }

    /// The lower case of one character; a capital sigma that ends a word has a form of its own.
    private func lowercase(at index: Int) -> [Unicode.Scalar] {
        let scalar = scalars[index]
        guard scalar == "Σ" else { return Array(scalar.properties.lowercaseMapping.unicodeScalars) }
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true ? ["ς"] : ["σ"]
    }

    /// `islower` and `isupper`: some letter has case, and none the other one.
    var isLower: Bool {
        scalars.contains { $0.properties.isLowercase }
            && !scalars.contains { $0.properties.isUppercase || $0.properties.generalCategory == .titlecaseLetter }
    }

    var isUpper: Bool {
        scalars.contains { $0.properties.isUppercase }
            && !scalars.contains { $0.properties.isLowercase || $0.properties.generalCategory == .titlecaseLetter }
    }
}
