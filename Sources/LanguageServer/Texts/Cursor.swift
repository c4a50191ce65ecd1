import Markdown
import Notebooks

/// What may be written at a place, as far as its line and those above it tell: the text may be half written.
enum Cursor {
    /// The name in a command's fence.
    case command(Range<Int>)
    /// A key inside a block: an option's name, or a key inside the options that are named.
    case key(WrittenBlock, within: [String], Range<Int>)
    /// The value below some keys, the option first; `isItem` when an item of a list begins there, which might be a mapping.
    case value(WrittenBlock, of: [String], isItem: Bool, Range<Int>)
    /// The path in `{= path | format }`.
    case path(Range<Int>)
    /// The format in `{= path | format }`.
    case format(Range<Int>)
    /// What a link to a place of the page names: `[Figure](#sweep)`.
    case target(Range<Int>)
    /// The key of a work: `@doe2020`.
    case work(Range<Int>)
    /// A key of the front matter.
    case frontMatterKey(Range<Int>)
    case prose

    /// Letters, digits, `_` and `-`.
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// What a path is made of.
    static func isPathByte(_ byte: UInt8) -> Bool { isWordByte(byte) || byte == UInt8(ascii: ".") }
}

extension View {
    /// What is at an offset. The range is that of the word there, which may continue after the offset.
    func cursor(at offset: Int) -> Cursor {
        let line = source.location(at: offset).line
        let start = source.range(ofLine: line).lowerBound
        let before = source.bytes[start..<max(start, offset)]
        if let found = inlineValue(before) { return found }
        if let name = Self.fenceName(before) { return .command(word(from: name, offset, Cursor.isWordByte)) }
        if let fence = fences.first(where: { $0.lines.contains(line) && $0.location.line < line }) {
            return inside(fence, line, offset)
        }
        if line < firstLine { return frontMatter(before) }
        if let target = before.end(of: "](#"), !before[target...].contains(UInt8(ascii: ")")) {
            return .target(word(from: target, offset) { $0 != UInt8(ascii: ")") && $0 > 0x20 })
        }
        if analysis.document.citationSource != nil, let sign = before.lastIndex(of: UInt8(ascii: "@")),
            before[(sign + 1)...].allSatisfy({ $0 > 0x20 && !"[];,".utf8.contains($0) })
        {
            return .work(word(from: sign + 1, offset) { Cursor.isPathByte($0) || $0 == UInt8(ascii: ":") })
        }
        return .prose
    }

    /// `{= path | format }`, when the line so far ends inside one.
    private func inlineValue(_ before: ArraySlice<UInt8>) -> Cursor? {
        guard let start = before.end(of: "`{="), !before[start...].contains(UInt8(ascii: "}")),
            !before[start...].contains(UInt8(ascii: "`"))
        else { return nil }
        if let bar = before[start...].lastIndex(of: UInt8(ascii: "|")) {
            let text = before[(bar + 1)...].drop { $0 == UInt8(ascii: " ") }
            return .format(word(from: text.startIndex, before.endIndex) { $0 > 0x20 && !"}`".utf8.contains($0) })
        }
        return .path(word(from: start, before.endIndex, Cursor.isPathByte))
    }

    private func frontMatter(_ before: ArraySlice<UInt8>) -> Cursor {
        before.allSatisfy(Cursor.isWordByte)
            ? .frontMatterKey(word(from: before.startIndex, before.endIndex, Cursor.isWordByte)) : .prose
    }

    /// Where the name starts that follows `` ```{ ``, when the line so far is a fence.
    private static func fenceName(_ before: ArraySlice<UInt8>) -> Int? {
        let text = before.drop { $0 == UInt8(ascii: " ") }
        guard let mark = text.first, "`~".utf8.contains(mark) else { return nil }
        let rest = text.drop { $0 == mark }
        guard rest.startIndex - text.startIndex >= 3, rest.first == UInt8(ascii: "{"),
            rest.dropFirst().allSatisfy(Cursor.isWordByte)
        else { return nil }
        return rest.startIndex + 1
    }

    /// A place in the body of a block.
    private func inside(_ fence: WrittenBlock, _ number: Int, _ offset: Int) -> Cursor {
        let margin = fence.location.column - 1
        let range = source.range(ofLine: number)
        let line = YAMLLine(source.bytes[range.lowerBound..<max(range.lowerBound, offset)], margin: margin)
        var keys: [String] = []
        var indent = line.indent
        // A line belongs to the nearest one above that has a key and is indented less.
        for place in stride(from: number - 1, to: fence.location.line, by: -1) where indent > 0 {
            let above = YAMLLine(source.bytes[source.range(ofLine: place)], margin: margin)
            guard above.indent < indent, let key = above.key else { continue }
            keys.insert(key, at: 0)
            indent = above.indent
        }
        // What is indented below no key is an item of a body that is a list.
        if indent > 0, keys.isEmpty, let list = catalogue[fence.command]?.listOption { keys = [list] }
        guard let key = line.key else {
            let word = word(from: line.text, offset) { Cursor.isPathByte($0) || $0 == UInt8(ascii: "$") }
            return line.isItem && !keys.isEmpty
                ? .value(fence, of: keys, isItem: true, word) : .key(fence, within: keys, word)
        }
        let inner = FlowPlace(source.bytes[line.value..<max(line.value, offset)])
        let word = word(from: inner.start, offset) { Cursor.isPathByte($0) || "$/".utf8.contains($0) }
        let path = keys + [key] + inner.keys
        return inner.isKey ? .key(fence, within: path, word) : .value(fence, of: path, isItem: false, word)
    }

    /// What an option of a block is given, on a line of its own where the block's YAML is half written.
    func written(_ option: String, in fence: WrittenBlock) -> String? {
        if let body = fence.body { return body[option]?.text }
        return fence.lines.dropFirst().lazy.compactMap { number in
            let range = source.range(ofLine: number)
            let line = YAMLLine(source.bytes[range], margin: fence.location.column - 1)
            return line.key == option && line.indent == 0 ? source.text(line.value..<range.upperBound) : nil
        }.first
    }

    /// The word around an offset, no further back than `start`.
    private func word(from start: Int, _ offset: Int, _ fits: (UInt8) -> Bool) -> Range<Int> {
        var (lower, upper) = (offset, offset)
        while lower > start, fits(source.bytes[lower - 1]) { lower -= 1 }
        while upper < source.bytes.count, fits(source.bytes[upper]) { upper += 1 }
        return lower..<upper
    }
}

extension ArraySlice<UInt8> {
    /// The index after the last occurrence of a text.
    fileprivate func end(of text: String) -> Int? {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return nil }
        return (startIndex...endIndex - wanted.count).last { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { $0 + wanted.count }
    }
}

/// A line of a block's YAML, or its beginning.
private struct YAMLLine {
    /// Columns in front of its text, the marks of list items among them.
    let indent: Int
    /// Whether an item of a list begins here.
    let isItem: Bool
    /// Where the text starts.
    let text: Int
    /// The key, where a `:` follows it, and where its value starts.
    let key: String?
    let value: Int

    /// - Parameter margin: columns that belong to the fence.
    init(_ line: ArraySlice<UInt8>, margin: Int) {
        let start = min(line.startIndex + margin, line.endIndex)
        var place = start
        var isItem = false
        while place < line.endIndex {
            if line[place] == UInt8(ascii: "-"), place + 1 == line.endIndex || line[place + 1] == UInt8(ascii: " ") {
                isItem = true
            } else if line[place] != UInt8(ascii: " ") {
                break
            }
            place += 1
        }
        (indent, self.isItem, text) = (place - start, isItem, place)
        let word = line[place...].prefix(while: Cursor.isWordByte)
        let after = line[word.endIndex...]
        let hasKey = !word.isEmpty && after.first == UInt8(ascii: ":") && after.dropFirst().first ?? 0x20 == 0x20
        key = hasKey ? String(decoding: word, as: UTF8.self) : nil
        value = hasKey ? after.dropFirst().firstIndex { $0 != UInt8(ascii: " ") } ?? line.endIndex : line.endIndex
    }
}

/// Where a value ends that is written on one line and may begin lists and mappings: `{a: [b, `.
private struct FlowPlace {
    /// The keys around the end.
    private(set) var keys: [String] = []
    /// Whether a key is to come.
    private(set) var isKey = false
    /// Where the last word may start.
    private(set) var start: Int

    init(_ text: ArraySlice<UInt8>) {
        var frames: [(isMapping: Bool, key: String?)] = []
        var quote: UInt8?
        start = text.startIndex
        for (index, byte) in zip(text.indices, text) {
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "{"), UInt8(ascii: "["): frames.append((byte == UInt8(ascii: "{"), nil))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = frames.popLast()
            case UInt8(ascii: ",") where !frames.isEmpty: frames[frames.count - 1].key = nil
            case UInt8(ascii: ":") where frames.last?.isMapping == true:
                let word = text[start..<index].drop { $0 == UInt8(ascii: " ") }
                frames[frames.count - 1].key = String(decoding: word, as: UTF8.self)
            default: continue
            }
            start = index + 1
        }
        keys = frames.compactMap(\.key)
        isKey = frames.last.map { $0.isMapping && $0.key == nil } ?? false
    }
}
