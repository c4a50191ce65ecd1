import Values

/// A text token by token, each on the colour of its value; text in HTML, so that it wraps, can be read out and searched.
public struct TokenStrip: Graphic, Equatable {
    /// One token with its value.
    public struct Token: Sendable, Equatable, Codable {
        /// The token as text, blanks and line ends included.
        public let text: String
        /// What its colour shows; `nil` where there is no value, as in a prompt.
        public let value: Double?
        /// What the reader who points at it reads after the value: `layer 7 explains 40%`.
        public let note: String

        /// A token out of its parts.
        public init(_ text: String, value: Double?, note: String = "") {
            self.text = text
            self.value = value
            self.note = note
        }
    }

    /// Tokens under one heading.
    public typealias Passage = TokenPassage<Token>

    /// The passages, top to bottom.
    public let passages: [Passage]
    /// The quantity behind the colours with its unit.
    public let valueTitle: String
    /// How values become colours.
    public let scale: Heatmap.Scale

    /// Passages on one scale of colours.
    public init(_ passages: [Passage], valueTitle: String, scale: Heatmap.Scale = .diverging) {
        self.passages = passages
        self.valueTitle = valueTitle
        self.scale = scale
    }

    /// The largest number of tokens of a passage that are shown; the strip says how many there are.
    private static let limit = 2000

    /// The key as SVG, then each passage as a paragraph of spans.
    public func markup(in theme: Theme) -> String {
        let heat = HeatScale(scale, of: passages.flatMap { $0.tokens.compactMap(\.value) })
        var out = "<div class=\"pb-strip\">\n\(key(heat, theme).markup)\n"
        for passage in passages {
            if !passage.title.isEmpty { out += "<p class=\"pb-passage\">\(Markup.escaped(passage.title))</p>\n" }
            out += "<p class=\"pb-tokens\">"
            for token in passage.tokens.prefix(Self.limit) { out += span(token, heat) }
            out += "</p>\n"
            if passage.tokens.count > Self.limit {
                let rest = passage.tokens.count - Self.limit
                out += "<p class=\"pb-count\">The other \(Scalar.int(rest).text) tokens are in the data.</p>\n"
            }
        }
        return out + "</div>"
    }

    /// A token's text with a sign for each line end, and for nothing at all.
    static func shown(_ text: String) -> String {
        let shown = Markup.escaped(text.replacing("\r\n", with: "\n")).replacing("\n", with: "⏎\n")
        return shown.isEmpty ? "·" : shown
    }

    private func span(_ token: Token, _ heat: HeatScale) -> String {
        let value = token.value.flatMap { $0.isDrawable ? $0 : nil }
        let text = Self.shown(token.text)
        guard let value else {
            let title = token.note.isEmpty ? "" : " title=\"\(Markup.escaped(token.note))\""
            return "<span\(title)>\(text)</span>"
        }
        let reading = Numerals.reading(value) + (token.note.isEmpty ? "" : "; \(token.note)")
        return
            "<span class=\"\(heat.style(of: value))\" title=\"\(Markup.escaped(reading))\">\(text)</span>"
    }

    /// The key, only as wide as it must be, so that a phone shows it in its own size.
    private func key(_ heat: HeatScale, _ theme: Theme) -> SVG {
        var drawing = Drawing(in: theme)
        let title = theme.fitted(valueTitle, into: theme.width)
        drawing.text(title, x: 0, y: theme.fontSize - 1, style: "pb-axis-title")
        let width = heat.keyWidth(180, theme: theme)
        heat.drawKey(into: &drawing, x: 0, y: theme.lineHeight + 4, width: width, theme: theme)
        return SVG(
            drawing, width: max(theme.textWidth(title), width).rounded(.up), height: 2 * theme.lineHeight + 20,
            theme: theme)
    }
}
