import Values

/// A text token by token, each with its id, on the tint of what it is; text in HTML, as in ``TokenStrip``.
public struct TokenParts: Graphic, Equatable {
    /// What a token is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Part of a text as it was given.
        case text
        /// Written by a chat template.
        case template
        /// Put before or after the text by the tokenizer.
        case added
        /// The end of one passage and the beginning of the next.
        case straddling

        var meaning: String {
            switch self {
            case .text: "of the text"
            case .template: "written by the chat template"
            case .added: "added by the tokenizer"
            case .straddling: "holds the end of the prompt and the beginning of a response"
            }
        }
    }

    /// One token.
    public struct Token: Sendable, Equatable, Codable {
        /// The token as text, blanks and line ends included.
        public let text: String
        /// Its id.
        public let id: Int
        /// What it is.
        public let kind: Kind

        /// A token out of its parts.
        public init(_ text: String, id: Int, kind: Kind) {
            self.text = text
            self.id = id
            self.kind = kind
        }
    }

    /// Tokens under one heading.
    public typealias Passage = TokenPassage<Token>

    /// The passages, top to bottom.
    public let passages: [Passage]

    /// Passages in order.
    public init(_ passages: [Passage]) { self.passages = passages }

    /// The number of tokens shown at each end of a passage that is longer than both; the page says how many are left out.
    private static let ends = (first: 60, last: 240)

    /// The key, then each passage as a paragraph of spans.
    public func markup(in theme: Theme) -> String {
        var out = "<div class=\"pb-strip pb-parts\">\n"
        let found = Set(passages.flatMap { $0.tokens.map(\.kind) })
        let keys = Kind.allCases.filter { $0 != .text && found.contains($0) }
        if !keys.isEmpty {
            let entries = keys.map { "<span class=\"pb-\($0.rawValue)\">\($0.meaning)</span>" }
            out += "<p class=\"pb-token-key\">\(entries.joined(separator: " "))</p>\n"
        }
        for passage in passages {
            out += "<p class=\"pb-passage\">\(Markup.escaped(passage.title))</p>\n<p class=\"pb-tokens\">"
            let left = passage.tokens.count - Self.ends.first - Self.ends.last
            if left > 0 {
                out += spans(passage.tokens.prefix(Self.ends.first))
                out +=
                    "</p>\n<p class=\"pb-count\">Left out here: \(Scalar.int(left).text) tokens, which are in the data.</p>\n"
                out += "<p class=\"pb-tokens\">" + spans(passage.tokens.suffix(Self.ends.last))
            } else {
                out += spans(passage.tokens[...])
            }
            out += "</p>\n"
        }
        return out + "</div>"
    }

    private func spans(_ tokens: ArraySlice<Token>) -> String {
        tokens.map { token in
            // The id stands below each token, and most tokens are of the text.
            let isText = token.kind == .text
            let style = isText ? "" : " class=\"pb-\(token.kind.rawValue)\" title=\"\(token.kind.meaning)\""
            return "<span data-id=\"\(token.id)\"\(style)>\(TokenStrip.shown(token.text))</span>"
        }.joined()
    }
}
