/// A Python string: Unicode scalars with constant-time access, compared scalar by scalar.
struct Text: Sendable, Hashable {
    var scalars: [Unicode.Scalar]
    /// Whether the filter `safe` marked it: `+` then escapes the other side, as MarkupSafe does.
    var isMarkup = false

    init(_ scalars: some Sequence<Unicode.Scalar>, isMarkup: Bool = false) {
        self.scalars = Array(scalars)
        self.isMarkup = isMarkup
    }

    init(_ string: String) { scalars = Array(string.unicodeScalars) }

    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func == (left: Text, right: Text) -> Bool { left.scalars == right.scalars }

    func hash(into hasher: inout Hasher) { hasher.combine(scalars) }

    /// The same text with other scalars, still marked if this one is.
    func with(_ scalars: some Sequence<Unicode.Scalar>) -> Text { Text(scalars, isMarkup: isMarkup) }
}

extension Text: ExpressibleByStringLiteral {
    init(stringLiteral value: StaticString) { self.init(value.description) }
}

extension Unicode.Scalar {
    /// Whether Python's `str.isspace` holds.
    var isPythonSpace: Bool {
        switch value {
        case 9...13, 28...32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}

// MARK: Python's string methods

extension Text {
    /// `strip`, at one end or both; `nil` strips white space.
    func stripped(_ characters: Text?, left: Bool = true, right: Bool = true) -> Text {
        let set = characters.map { Set($0.scalars) }
        func isStripped(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? scalar.isPythonSpace }
        var rest = scalars[...]
        if left { rest = rest.drop(while: isStripped) }
        if right { while let last = rest.last, isStripped(last) { rest.removeLast() } }
        return with(rest)
    }

    /// Where `other` first begins at or after `start`.
    func firstIndex(of other: Text, from start: Int = 0) -> Int? {
        let needle = other.scalars
        guard let first = needle.first else { return start <= scalars.count ? start : nil }
        guard needle.count <= scalars.count else { return nil }
        var position = start
        while position <= scalars.count - needle.count {
            if scalars[position] == first, scalars[position..<position + needle.count].elementsEqual(needle) {
                return position
            }
            position += 1
        }
        return nil
    }

    /// Where `other` last begins, with its end at or before `end`.
    func lastIndex(of other: Text, endingBefore end: Int) -> Int? {
        let count = other.scalars.count
        var position = end - count
        while position >= 0 {
            if scalars[position..<position + count].elementsEqual(other.scalars) { return position }
            position -= 1
        }
        return nil
    }

    /// `split` at a separator, at most `limit` times from the left; a negative limit is none.
    func split(at separator: Text, limit: Int) -> [Text] {
        var parts: [Text] = []
        var start = 0
        while limit < 0 || parts.count < limit, let index = firstIndex(of: separator, from: start) {
            parts.append(with(scalars[start..<index]))
            start = index + separator.scalars.count
        }
        return parts + [with(scalars[start...])]
    }

    /// `rsplit`: as `split`, from the right.
    func splitFromRight(at separator: Text, limit: Int) -> [Text] {
        var parts: [Text] = []
        var end = scalars.count
        while limit < 0 || parts.count < limit, let index = lastIndex(of: separator, endingBefore: end) {
            parts.append(with(scalars[(index + separator.scalars.count)..<end]))
            end = index
        }
        return (parts + [with(scalars[..<end])]).reversed()
    }

    /// `split` without a separator: runs of white space divide, and none begins or ends the text.
    func splitAtSpace(limit: Int) -> [Text] {
        var parts: [Text] = []
        var rest = scalars.drop(while: \.isPythonSpace)
        while !rest.isEmpty {
            if limit >= 0, parts.count == limit {
                parts.append(with(rest).stripped(nil, left: false))
                break
            }
            let word = rest.prefix { !$0.isPythonSpace }
            parts.append(with(word))
            rest = rest.dropFirst(word.count).drop(while: \.isPythonSpace)
        }
        return parts
    }

    /// `splitlines`, with or without the ends of lines.
    func lines(keepingEnds: Bool = false) -> [Text] {
        var lines: [Text] = []
        var start = 0
        var position = 0
        while position < scalars.count {
            switch scalars[position].value {
            case 10...13, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
                let end = position
                if scalars[position] == "\r", position + 1 < scalars.count, scalars[position + 1] == "\n" {
                    position += 1
                }
                position += 1
                lines.append(with(scalars[start..<(keepingEnds ? position : end)]))
                start = position
            default: position += 1
            }
        }
        if start < scalars.count { lines.append(with(scalars[start...])) }
        return lines
    }

    /// `replace`, at most `limit` times; a negative limit is none.
    func replacing(_ old: Text, by new: Text, limit: Int) -> Text {
        guard old.scalars.isEmpty else {
            return with(split(at: old, limit: limit).map(\.scalars).joined(separator: new.scalars))
        }
        var result: [Unicode.Scalar] = []
        for (index, scalar) in scalars.enumerated() {
            if limit < 0 || index < limit { result += new.scalars }
            result.append(scalar)
        }
        if limit < 0 || scalars.count < limit { result += new.scalars }
        return with(result)
    }

    /// How often `other` occurs without overlap.
    func count(of other: Text) -> Int {
        if other.scalars.isEmpty { return scalars.count + 1 }
        var count = 0
        var start = 0
        while let index = firstIndex(of: other, from: start) {
            count += 1
            start = index + other.scalars.count
        }
        return count
    }

    func hasPrefix(_ prefix: Text) -> Bool { scalars.starts(with: prefix.scalars) }

    func hasSuffix(_ suffix: Text) -> Bool { scalars.suffix(suffix.scalars.count).elementsEqual(suffix.scalars) }

    /// HTML's five characters escaped, as MarkupSafe writes them; a marked text is left alone.
    var escaped: Text {
        if isMarkup { return self }
        let escapes: [Unicode.Scalar: String] = [
            "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", "\"": "&#34;",
        ]
        var result: [Unicode.Scalar] = []
        for scalar in scalars {
            if let escape = escapes[scalar] { result += escape.unicodeScalars } else { result.append(scalar) }
        }
        return Text(result, isMarkup: true)
    }
}
