import Maths

/// Text with the few styles that a reference needs.
public struct RichText: Sendable, Equatable {
    /// How a run of text is set.
    public enum Style: Sendable, Equatable {
        case plain, italic, bold, superscript, `subscript`, code
    }

    /// A run of one style.
    public enum Run: Sendable, Equatable {
        case text(String, Style)
        case formula(MathFormula)
        /// A web address with what it reads.
        case link(address: String, text: String)
    }

    /// The runs in order.
    public private(set) var runs: [Run] = []

    /// Nothing.
    public init() {}

    /// Plain text.
    public init(_ text: String, _ style: Style = .plain) { add(text, style) }

    /// Whether it holds nothing.
    public var isEmpty: Bool { runs.isEmpty }

    /// The text alone.
    public var plainText: String {
        runs.map { run in
            switch run {
            case .text(let text, _), .link(_, let text): text
            case .formula(let formula): formula.text
            }
        }.joined()
    }

    /// Adds text at the end.
    mutating func add(_ text: String, _ style: Style = .plain) {
        guard !text.isEmpty else { return }
        if case .text(let before, style)? = runs.last {
            runs[runs.count - 1] = .text(before + text, style)
        } else {
            runs.append(.text(text, style))
        }
    }

    mutating func add(_ run: Run) {
        if case .text(let text, let style) = run { add(text, style) } else { runs.append(run) }
    }

    mutating func add(_ other: RichText) { for run in other.runs { add(run) } }

    /// The same text with each plain run in this style.
    func styled(_ style: Style) -> RichText {
        var text = RichText()
        for run in runs {
            if case .text(let words, .plain) = run { text.add(words, style) } else { text.add(run) }
        }
        return text
    }

    /// The same text with each run's words changed.
    func mapped(_ change: (String) -> String) -> RichText {
        var text = RichText()
        for run in runs {
            if case .text(let words, let style) = run { text.add(change(words), style) } else { text.add(run) }
        }
        return text
    }

    /// Without blanks at both ends.
    var trimmed: RichText {
        var text = RichText()
        for (index, run) in runs.enumerated() {
            guard case .text(var words, let style) = run else {
                text.add(run)
                continue
            }
            if index == 0 { while words.first?.isWhitespace == true { words.removeFirst() } }
            if index == runs.count - 1 { while words.last?.isWhitespace == true { words.removeLast() } }
            text.add(words, style)
        }
        return text
    }

    /// In quotation marks, with those inside one level further in.
    var quoted: RichText {
        var text = RichText("“")
        text.add(mapped { $0.replacing("“", with: "‘").replacing("”", with: "’") })
        text.add("”")
        return text
    }

    /// Adds a mark and a blank, such as `. `: a mark that a sentence ends with already is not repeated, and full stops and commas
    /// stand inside quotation marks, as American English has them.
    mutating func separate(_ mark: String) {
        guard let sign = mark.first, ".,".contains(sign), case .text(let words, let style)? = runs.last else {
            return add(mark)
        }
        let isQuoted = words.hasSuffix("”")
        var inner = words
        var closing = ""
        while isQuoted, let last = inner.last, "”’".contains(last) {
            inner.removeLast()
            closing = String(last) + closing
        }
        let ends: String = sign == "." ? ".?!" : ",?!"
        let isEnded = inner.last.map { ends.contains($0) } ?? false
        // After a question a comma stands outside the title, where it belongs to the sentence around it.
        if isQuoted {
            runs[runs.count - 1] = .text(inner + (isEnded ? "" : String(sign)) + closing, style)
        } else if !(sign == "." && isEnded) {
            add(String(sign))
        }
        add(String(mark.dropFirst()))
    }
}
