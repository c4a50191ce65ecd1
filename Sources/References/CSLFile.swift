import JSON

/// Reads a bibliography in CSL-JSON.
struct CSLFile {
    private let bytes: [UInt8]
    private var problems: [BibliographyProblem] = []

    static func read(_ bytes: [UInt8]) -> (references: [Reference], problems: [BibliographyProblem]) {
        var file = CSLFile(bytes: bytes)
        let references = file.references()
        return (references, file.problems)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func references() -> [Reference] {
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            let place = offset(line: error.line, column: error.column)
            problems.append(BibliographyProblem(.notJSON(error.problem), place..<min(place + 1, bytes.count)))
            return []
        }
        guard let items = json.array ?? json["items"]?.array else {
            problems.append(BibliographyProblem(.notAList, 0..<min(1, bytes.count)))
            return []
        }
        let places = Self.places(of: bytes)
        var references: [Reference] = []
        for (index, item) in items.enumerated() {
            let range = index < places.count ? places[index]..<(places[index] + 1) : 0..<0
            if let reference = reference(item, range) { references.append(reference) }
        }
        return references
    }

    private mutating func reference(_ item: JSON, _ range: Range<Int>) -> Reference? {
        guard case .object = item else {
            problems.append(BibliographyProblem(.notAList, range))
            return nil
        }
        guard let key = Self.word(item["id"]), !key.isEmpty else {
            problems.append(BibliographyProblem(.noKey, range))
            return nil
        }
        let type = item["type"]?.string ?? ""
        // Names of CSL 1.0.2 and of the versions before it.
        let kind = Reference.Kind(rawValue: type) ?? ["": .document, "posts": .post][type]
        if kind == nil {
            problems.append(BibliographyProblem(.badField("type", expected: "a CSL type, found '\(type)'"), range))
        }
        var work = Reference(key: key, kind: kind ?? .document, range: range)
        for (role, name) in [
            (Reference.Role.author, "author"), (.editor, "editor"), (.translator, "translator"),
            (.containerAuthor, "container-author"),
        ] {
            guard let value = item[name] else { continue }
            guard let people = value.array else {
                problems.append(BibliographyProblem(.badField(name, expected: "a list of names"), range))
                continue
            }
            let names = people.compactMap(Self.name)
            if names.count < people.count {
                problems.append(
                    BibliographyProblem(.badField(name, expected: "a list of names with 'family' or 'literal'"), range))
            }
            if !names.isEmpty { work.names[role] = names }
        }
        for field in Reference.Field.allCases {
            guard let value = item[field.rawValue] else { continue }
            guard let text = Self.word(value) else {
                problems.append(BibliographyProblem(.badField(field.rawValue, expected: "a text or a number"), range))
                continue
            }
            let rich = Self.text(text)
            if !rich.isEmpty {
                work.texts[field] = field == .page ? rich.mapped { $0.replacing("-", with: "–") } : rich
            }
        }
        if let value = item["issued"] { work.issued = date(value, "issued", range) }
        if let value = item["accessed"] { work.accessed = date(value, "accessed", range) }
        return work
    }

    private static func word(_ value: JSON?) -> String? {
        switch value {
        case .string(let text)?: text
        case .int(let number)?: String(number)
        default: nil
        }
    }

    private static func name(_ value: JSON) -> PersonName? {
        if let literal = value["literal"]?.string { return PersonName(family: literal, isLiteral: true) }
        guard let family = value["family"]?.string else { return nil }
        let particles = [value["dropping-particle"]?.string, value["non-dropping-particle"]?.string].compactMap(\.self)
        return PersonName(
            family: family, given: value["given"]?.string ?? "", particle: particles.joined(separator: " "),
            suffix: value["suffix"]?.string ?? "")
    }

    private mutating func date(_ value: JSON, _ field: String, _ range: Range<Int>) -> PublicationDate? {
        if let text = value["literal"]?.string ?? value["raw"]?.string ?? value.string {
            let parts = text.split(separator: "-").map { Int($0) }
            if parts.count > 1, parts.allSatisfy({ $0 != nil }) { return Self.date(parts.compactMap(\.self)) }
            return PublicationDate(year: text)
        }
        let dates = value["date-parts"]?.array?.map { $0.array?.compactMap { Self.word($0).flatMap { Int($0) } } ?? [] }
        guard let first = dates?.first, let start = Self.date(first) else {
            problems.append(
                BibliographyProblem(
                    .badField(field, expected: "a date such as {\"date-parts\": [[2020, 6, 3]]}"), range))
            return nil
        }
        guard let last = dates?.last, let end = Self.date(last), end.year != start.year else { return start }
        return PublicationDate(year: "\(start.year)–\(end.year)")
    }

    private static func date(_ parts: [Int]) -> PublicationDate? {
        guard (1...3).contains(parts.count), parts.count < 2 || 1...12 ~= parts[1],
            parts.count < 3 || 1...31 ~= parts[2]
        else { return nil }
        return PublicationDate(
            year: String(parts[0]), month: parts.count > 1 ? parts[1] : nil, day: parts.count > 2 ? parts[2] : nil)
    }

    /// A text with the few tags that CSL-JSON allows; any other `<` is text.
    private static func text(_ source: String) -> RichText {
        let tags: [(open: String, close: String, style: RichText.Style)] = [
            ("<i>", "</i>", .italic), ("<b>", "</b>", .bold), ("<sup>", "</sup>", .superscript),
            ("<sub>", "</sub>", .subscript), ("<span class=\"nocase\">", "</span>", .plain),
            ("<span style=\"font-variant:small-caps;\">", "</span>", .plain),
        ]
        var text = RichText()
        var rest = source[...]
        while let start = rest.firstIndex(of: "<") {
            text.add(String(rest[..<start]))
            rest = rest[start...]
            guard let tag = tags.first(where: { rest.hasPrefix($0.open) }), let end = rest.firstRange(of: tag.close)
            else {
                text.add("<")
                rest = rest.dropFirst()
                continue
            }
            text.add(String(rest.dropFirst(tag.open.count)[..<end.lowerBound]), tag.style)
            rest = rest[end.upperBound...]
        }
        text.add(String(rest))
        return text.trimmed
    }

    // MARK: Places

    private func offset(line: Int, column: Int) -> Int {
        var place = 0
        var current = 1
        while current < line, let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) {
            place = end + 1
            current += 1
        }
        let rest = String(decoding: bytes[place...], as: UTF8.self).unicodeScalars.prefix(column - 1)
        return min(place + String(String.UnicodeScalarView(rest)).utf8.count, bytes.count)
    }

    /// Where the entries of the outermost list begin.
    private static func places(of bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var depth = 0
        var isInText = false
        var index = 0
        // A list under `items` is one level further in.
        let level = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{") ? 2 : 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isInText: index += 1
            case UInt8(ascii: "\""): isInText.toggle()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if isInText { break }
                if depth == level, bytes[index] == UInt8(ascii: "{") { places.append(index) }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if !isInText { depth -= 1 }
            default: break
            }
            index += 1
        }
        return places
    }
}
