/// Reads a BibTeX file: entries, `@string` and `@comment`. A mistake is reported with its place, and the next entry is read.
struct BibTeXFile {
    /// A text with the place of each of its bytes in the file, since macros and `#` put it together from several.
    struct Value {
        var bytes: [UInt8] = []
        var places: [Int] = []

        init() {}

        init(_ range: Range<Int>, of file: [UInt8]) {
            bytes = Array(file[range])
            places = Array(range)
        }

        init(_ text: String, at place: Int) {
            bytes = Array(text.utf8)
            places = Array(repeating: place, count: bytes.count)
        }

        /// A part of the value.
        subscript(range: Range<Int>) -> Value {
            var part = Value()
            part.bytes = Array(bytes[range])
            part.places = Array(places[range])
            return part
        }

        /// As written.
        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// The bytes of the file from the first to the last of some.
        func range(_ range: Range<Int>) -> Range<Int> {
            guard let first = places.first else { return 0..<0 }
            let start = range.lowerBound < places.count ? places[range.lowerBound] : places[places.count - 1] + 1
            let end = range.upperBound > range.lowerBound ? places[min(range.upperBound, places.count) - 1] + 1 : start
            return min(start, end)..<max(start, end, first)
        }

        var whole: Range<Int> { range(0..<bytes.count) }
    }

    struct Field {
        let name: String
        let range: Range<Int>
        let value: Value
    }

    struct Entry {
        let type: String
        let key: String
        let keyRange: Range<Int>
        var fields: [Field] = []

        subscript(name: String) -> Field? { fields.first { $0.name == name } }
    }

    private let bytes: [UInt8]
    private var place = 0
    /// How many texts never ended.
    private var unclosed = 0
    private var macros: [String: Value] = [:]
    private var entries: [Entry] = []
    private(set) var problems: [BibliographyProblem] = []
    private(set) var references: [Reference] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for (index, month) in PublicationDate.months.enumerated() {
            macros[month.prefix(3).lowercased()] = Value(String(index + 1), at: 0)
        }
    }

    /// Reads the whole file.
    mutating func read() {
        while let start = nextEntry() {
            place = start + 1
            do throws(BibliographyProblem) {
                try entry(startingAt: start)
            } catch {
                problems.append(error)
            }
        }
        inherit()
        for entry in entries {
            var reader = BibTeXEntry(entry)
            references.append(reader.reference())
            problems += reader.problems
        }
    }

    /// Where the next `@` starts a line; what stands between entries is comment.
    private func nextEntry() -> Int? {
        var isAtStart = place == 0 || bytes[place - 1] == UInt8(ascii: "\n") || bytes[place - 1] == UInt8(ascii: "}")
        for index in place..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "@") where isAtStart: return index
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): isAtStart = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: isAtStart = false
            }
        }
        return nil
    }

    private mutating func entry(startingAt start: Int) throws(BibliographyProblem) {
        let type = name()
        skipBlanks()
        guard !type.text.isEmpty, let opening = peek, opening == UInt8(ascii: "{") || opening == UInt8(ascii: "(")
        else {
            throw BibliographyProblem(.expected("an entry such as '@article{key, …}'"), start..<max(place, start + 1))
        }
        place += 1
        let closing = opening == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ")")
        switch type.text.lowercased() {
        case "comment": try skipBalanced(closing, from: start)
        case "preamble":
            _ = try value(of: "@preamble")
            try end(closing, "@preamble")
        case "string":
            skipBlanks()
            let name = self.name()
            try expect(UInt8(ascii: "="), "'=' after '\(name.text)'")
            macros[name.text.lowercased()] = try value(of: "@string '\(name.text)'")
            try end(closing, "@string")
        default: try work(type, closing, from: start)
        }
    }

    private mutating func work(
        _ type: (text: String, range: Range<Int>), _ closing: UInt8, from start: Int
    ) throws(BibliographyProblem) {
        if BibTeXType(type.text.lowercased()) == nil {
            problems.append(BibliographyProblem(.unknownType(type.text), type.range))
        }
        skipBlanks()
        let keyStart = place
        while let byte = peek, byte != UInt8(ascii: ","), byte != closing, !Self.isBlank(byte),
            byte != UInt8(ascii: "=")
        {
            place += 1
        }
        let keyEnd = place
        skipBlanks()
        guard keyEnd > keyStart, peek != UInt8(ascii: "=") else {
            throw BibliographyProblem(.noKey, start..<(type.range.upperBound))
        }
        var entry = Entry(
            type: type.text.lowercased(), key: String(decoding: bytes[keyStart..<keyEnd], as: UTF8.self),
            keyRange: keyStart..<keyEnd)
        while true {
            skipBlanks()
            guard let byte = peek else {
                throw BibliographyProblem(.unclosed("the entry '\(entry.key)'"), start..<type.range.upperBound)
            }
            if byte == closing {
                place += 1
                break
            }
            try expect(UInt8(ascii: ","), "',' or '\(UnicodeScalar(closing))'")
            skipBlanks()
            guard let next = peek, next != closing else { continue }
            let name = self.name()
            guard !name.text.isEmpty else {
                throw BibliographyProblem(.expected("the name of a field"), place..<(place + 1))
            }
            try expect(UInt8(ascii: "="), "'=' after '\(name.text)'")
            let value = try self.value(of: "the field '\(name.text)'")
            let field = Field(name: name.text.lowercased(), range: name.range, value: value)
            if entry[field.name] != nil {
                problems.append(BibliographyProblem(.duplicateField(field.name, key: entry.key), name.range))
            } else {
                entry.fields.append(field)
            }
        }
        entries.append(entry)
    }

    /// Braces, quotes, numbers and macros, joined by `#`.
    private mutating func value(of owner: String) throws(BibliographyProblem) -> Value {
        var value = Value()
        repeat {
            skipBlanks()
            let start = place
            var part: Value
            switch peek {
            case UInt8(ascii: "{"):
                place += 1
                try skipBalanced(UInt8(ascii: "}"), from: start, owner)
                part = Value((start + 1)..<(place - 1), of: bytes)
            case UInt8(ascii: "\""):
                place += 1
                try skipBalanced(UInt8(ascii: "\""), from: start, owner)
                part = Value((start + 1)..<(place - 1), of: bytes)
            case let byte? where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
                while let digit = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit { place += 1 }
                part = Value(start..<place, of: bytes)
            default:
                let name = self.name()
                guard !name.text.isEmpty else {
                    throw BibliographyProblem(.expected("a value for \(owner)"), start..<min(start + 1, bytes.count))
                }
                part = macros[name.text.lowercased()] ?? Value()
                if macros[name.text.lowercased()] == nil {
                    problems.append(BibliographyProblem(.unknownMacro(name.text), name.range))
                }
                // What a macro stands for is shown where it is used.
                part.places = Array(repeating: start, count: part.bytes.count)
            }
            value.bytes += part.bytes
            value.places += part.places
            skipBlanks()
        } while take(UInt8(ascii: "#"))
        return value
    }

    /// Fields that an entry takes from the one that its `crossref` names.
    private mutating func inherit() {
        let byKey = Dictionary(entries.map { ($0.key.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        for (index, entry) in entries.enumerated() {
            guard let crossref = entry["crossref"] else { continue }
            guard let parent = byKey[crossref.value.text.lowercased()] else {
                problems.append(BibliographyProblem(.unknownParent(crossref.value.text), crossref.value.whole))
                continue
            }
            for field in parent.fields where !["crossref", "title", "doi", "url", "pages"].contains(field.name) {
                if entry[field.name] == nil { entries[index].fields.append(field) }
            }
            if entry["booktitle"] == nil, let title = parent["title"] {
                entries[index].fields.append(Field(name: "booktitle", range: title.range, value: title.value))
            }
        }
    }

    // MARK: Bytes

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private static func isBlank(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }

    private mutating func skipBlanks() { while let byte = peek, Self.isBlank(byte) { place += 1 } }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func name() -> (text: String, range: Range<Int>) {
        let start = place
        while let byte = peek, !Self.isBlank(byte), !"{}(),=#\"%'@".utf8.contains(byte) { place += 1 }
        return (String(decoding: bytes[start..<place], as: UTF8.self), start..<place)
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(BibliographyProblem) {
        skipBlanks()
        guard take(byte) else {
            throw BibliographyProblem(.expected(what), place..<min(place + 1, bytes.count))
        }
    }

    private mutating func end(_ closing: UInt8, _ owner: String) throws(BibliographyProblem) {
        try expect(closing, "'\(UnicodeScalar(closing))' at the end of \(owner)")
    }

    /// Moves past what closes a text in which braces are balanced.
    private mutating func skipBalanced(
        _ closing: UInt8, from start: Int, _ owner: String = "a comment"
    ) throws(BibliographyProblem) {
        var depth = 0
        while let byte = peek {
            place += 1
            if byte == closing, depth == 0 { return }
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
        }
        // Reading continues after the line, so that a few slips do not hide the rest of the file.
        unclosed += 1
        place = unclosed > 20 ? bytes.count : bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        throw BibliographyProblem(.unclosed(owner), start..<(start + 1))
    }
}
