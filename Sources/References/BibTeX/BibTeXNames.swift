/// Reads names as BibTeX does: "First von Last", "von Last, First" and "von Last, Jr, First", with " and " between them.
struct BibTeXNames {
    private let value: BibTeXFile.Value
    private(set) var problems: [BibliographyProblem] = []

    init(_ value: BibTeXFile.Value) { self.value = value }

    mutating func names() -> [PersonName] {
        var names: [PersonName] = []
        var words: [Range<Int>] = []
        for word in self.words(0..<value.bytes.count) {
            if String(decoding: value.bytes[word], as: UTF8.self).lowercased() == "and" {
                if let name = name(words) { names.append(name) }
                words = []
            } else {
                words.append(word)
            }
        }
        if let name = name(words) { names.append(name) }
        return names
    }

    /// Words between blanks and ties outside braces; a comma outside braces ends its word and belongs to it.
    private func words(_ range: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var depth = 0
        for index in range {
            switch value.bytes[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "~"):
                if depth <= 0, let first = start {
                    words.append(first..<index)
                    start = nil
                    continue
                }
                if start == nil { continue }
            case UInt8(ascii: ",") where depth <= 0:
                words.append((start ?? index)..<(index + 1))
                start = nil
                continue
            default: break
            }
            if start == nil { start = index }
        }
        if let start { words.append(start..<range.upperBound) }
        return words
    }

    private mutating func name(_ words: [Range<Int>]) -> PersonName? {
        guard let first = words.first, let last = words.last else { return nil }
        var parts: [[Range<Int>]] = [[]]
        for word in words {
            let endsPart = value.bytes[word.upperBound - 1] == UInt8(ascii: ",")
            let bare = endsPart ? word.lowerBound..<(word.upperBound - 1) : word
            if !bare.isEmpty { parts[parts.count - 1].append(bare) }
            if endsPart { parts.append([]) }
        }
        guard parts.count <= 3 else {
            let range = value.range(first.lowerBound..<last.upperBound)
            problems.append(BibliographyProblem(.badName(text(words)), range))
            return nil
        }
        if parts.count == 1, words.count == 1 {
            if value.bytes[first.lowerBound] == UInt8(ascii: "{") {
                return PersonName(family: text(words), isLiteral: true)
            }
            return text(words).lowercased() == "others" ? .others : PersonName(family: text(words))
        }
        if parts.count == 1 {
            // The particle is what is written small, and the family follows it; without one the family is the last word.
            let small = parts[0].indices.dropLast().filter { isSmall(parts[0][$0]) }
            let start = small.first ?? words.count - 1
            let end = (small.last.map { $0 + 1 }) ?? start
            return PersonName(
                family: text(Array(words[end...])), given: text(Array(words[..<start])),
                particle: text(Array(words[start..<end])))
        }
        let family = parts[0]
        let small = family.indices.dropLast().filter { isSmall(family[$0]) }
        let end = small.first == 0 ? (small.last.map { $0 + 1 } ?? 0) : 0
        return PersonName(
            family: text(Array(family[end...])), given: text(parts[parts.count - 1]),
            particle: text(Array(family[..<end])),
            suffix: parts.count == 3 ? text(parts[1]) : "")
    }

    private mutating func text(_ words: [Range<Int>]) -> String {
        guard let first = words.first, let last = words.last else { return "" }
        var reader = LaTeXText(value[first.lowerBound..<last.upperBound])
        let text = reader.text().trimmed.plainText
        problems += reader.problems
        return text
    }

    /// Whether the first letter of a word outside braces, or that of a letter's command, is a small one.
    private func isSmall(_ word: Range<Int>) -> Bool {
        var text = String(decoding: value.bytes[word], as: UTF8.self)[...]
        if text.hasPrefix("{"), !text.hasPrefix("{\\") { return false }
        if text.hasPrefix("{") { text.removeFirst() }
        if text.hasPrefix("\\") {
            let name = text.dropFirst().prefix { $0.isLetter }
            // `\o` is a letter itself; `\'e` and `\v{c}` have theirs after them.
            if ["o", "O", "l", "L", "ae", "AE", "oe", "OE", "aa", "AA", "ss"].contains(name) {
                return name.first?.isLowercase == true
            }
            text = text.dropFirst(1 + name.count)
        }
        return text.first { $0.isLetter }?.isLowercase == true
    }
}
