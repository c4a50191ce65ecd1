/// A text that changed in two ways, put together again: what its author wrote, with the edits that were made to its rendered form.
struct MergedText {
    private(set) var text = ""
    /// Whether something was edited that its author did not write so, such as a computed value: the edited words are kept there.
    private(set) var hasConflict = false

    /// - Parameters:
    ///   - shown: what was made of the text.
    ///   - edited: the same after it was edited.
    init(written: String, shown: String, edited: String) {
        // A report has its footnotes at the end; each is merged by itself, and stays where its author put it.
        let parts = (Footnotes(written, leavesMarks: true), Footnotes(shown), Footnotes(edited))
        merge(parts.0.text, parts.1.text, parts.2.text)
        for (label, note) in parts.0.notes {
            var merged = MergedText()
            merged.merge(note, parts.1.notes[label] ?? note, parts.2.notes[label] ?? "")
            text = text.replacing(Footnotes.mark(label), with: merged.text)
            hasConflict = hasConflict || merged.hasConflict
        }
        for (label, note) in parts.2.notes.sorted(by: { $0.key < $1.key }) where parts.0.notes[label] == nil {
            text += "\n" + note
        }
        while text.last == "\n" { text.removeLast() }
    }

    private init() {}

    private mutating func merge(_ written: String, _ shown: String, _ edited: String) {
        merge(written, shown, edited, [{ Self.lines(of: $0) }, { Self.words(of: $0) }])
    }

    /// A text without the definitions of its footnotes, and these by their labels; every line of both ends with a line end.
    private struct Footnotes {
        private(set) var text = ""
        private(set) var notes: [String: String] = [:]

        /// - Parameter leavesMarks: whether a mark is left where a definition was.
        init(_ whole: String, leavesMarks: Bool = false) {
            var label: String?
            var blanks = ""
            for line in whole.split(separator: "\n", omittingEmptySubsequences: false) {
                let isBlank = line.allSatisfy { $0 == " " || $0 == "\t" }
                if line.hasPrefix("[^"), let end = line.firstRange(of: "]:") {
                    text += blanks
                    blanks = ""
                    label = String(line[..<end.lowerBound].dropFirst(2))
                    if leavesMarks { text += Self.mark(label ?? "") }
                } else if !isBlank, !line.hasPrefix("    "), !line.hasPrefix("\t") {
                    text += blanks
                    (label, blanks) = (nil, "")
                }
                guard let label else {
                    text += line + "\n"
                    continue
                }
                if isBlank {
                    blanks += line + "\n"
                } else {
                    notes[label, default: ""] += blanks + line + "\n"
                    blanks = ""
                }
            }
            text += blanks
            while text.hasSuffix("\n\n") { text.removeLast() }
        }

        static func mark(_ label: String) -> String { "\0\(label)\0\n" }
    }

    private mutating func merge(
        _ written: String, _ shown: String, _ edited: String, _ cuts: ArraySlice<(String) -> [Substring]>
    ) {
        if edited == shown {
            text += written
        } else if written == shown || written == edited {
            text += edited
        } else if let cut = cuts.first {
            let parts = (written: cut(written), shown: cut(shown), edited: cut(edited))
            let paths = (
                written: EditPath(from: parts.shown, to: parts.written),
                edited: EditPath(from: parts.shown, to: parts.edited)
            )
            var start = (written: 0, shown: 0, edited: 0)
            func mergeUp(to end: (written: Int, shown: Int, edited: Int)) {
                merge(
                    parts.written[start.written..<end.written].joined(), parts.shown[start.shown..<end.shown].joined(),
                    parts.edited[start.edited..<end.edited].joined(), cuts.dropFirst())
                start = end
            }
            for (index, places) in zip(paths.written.places, paths.edited.places).enumerated() {
                guard let inWritten = places.0, let inEdited = places.1 else { continue }
                mergeUp(to: (inWritten.lowerBound, index, inEdited.lowerBound))
                mergeUp(to: (inWritten.upperBound, index, inEdited.upperBound))
            }
        } else {
            text += edited
            hasConflict = true
        }
    }

    /// Lines, each with the empty ones after it.
    private static func lines(of text: String) -> [Substring] {
        var lines: [Substring] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            let next = rest[end...].firstIndex { $0 != "\n" } ?? rest.endIndex
            lines.append(rest[..<next])
            rest = rest[next...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }

    /// Words and single signs, each with the blanks after it; a code span or a formula is one word, and so is where a link leads.
    private static func words(of text: String) -> [Substring] {
        var words: [Substring] = []
        var rest = text[...]
        while let first = rest.first {
            var end = rest.index(after: rest.startIndex)
            if first.isLetter || first.isNumber {
                end = rest.firstIndex { !$0.isLetter && !$0.isNumber } ?? rest.endIndex
            } else if first == "`" || rest.hasPrefix("$`") {
                let ticks = rest.drop { $0 == "$" }.prefix { $0 == "`" }
                if let close = rest[ticks.endIndex...].firstRange(of: ticks) {
                    end = close.upperBound
                    if first == "$", end < rest.endIndex, rest[end] == "$" { end = rest.index(after: end) }
                }
            } else if rest.hasPrefix("](") {
                end = rest.firstIndex { ") \n".contains($0) } ?? rest.endIndex
            }
            end = rest[end...].firstIndex { $0 != " " } ?? rest.endIndex
            words.append(rest[..<end])
            rest = rest[end...]
        }
        return words
    }
}

/// How one list becomes another: for the place in front of each part, and the last one, where it is in the other list.
private struct EditPath {
    /// More than one place where parts were put in; nil inside what was replaced.
    private(set) var places: [Range<Int>?]

    /// The most parts that are compared one by one.
    private static let most = 4_000

    init(from list: [Substring], to other: [Substring]) {
        // Blanks at the end of a part tell nothing.
        let (keys, others) = (list.map(Self.key), other.map(Self.key))
        places = [Range<Int>?](repeating: nil, count: list.count + 1)
        let front = zip(keys, others).prefix { $0 == $1 }.count
        let back = zip(keys[front...].reversed(), others[front...].reversed()).prefix { $0 == $1 }.count
        let middle = (front..<(keys.count - back), front..<(others.count - back))
        var (gone, new) = (Set(middle.0), Set(middle.1))
        if middle.0.count + middle.1.count <= Self.most {
            (gone, new) = ([], [])
            for change in Array(others[middle.1]).difference(from: Array(keys[middle.0])) {
                switch change {
                case .insert(let offset, _, _): new.insert(front + offset)
                case .remove(let offset, _, _): gone.insert(front + offset)
                }
            }
        }
        var (index, place) = (0, 0)
        while index <= list.count {
            let (first, start) = (index, place)
            while gone.contains(index) || new.contains(place) {
                if gone.contains(index) { index += 1 } else { place += 1 }
            }
            if first < index { places[first] = start..<start }
            places[index] = (first < index ? place : start)..<place
            (index, place) = (index + 1, place + 1)
        }
    }

    private static func key(_ part: Substring) -> Substring {
        let end = part.lastIndex { $0 != " " && $0 != "\n" }
        return end.map { part[...$0] } ?? part
    }
}
