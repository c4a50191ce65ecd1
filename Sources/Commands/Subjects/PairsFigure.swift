import Charts
import Notebooks
import Preferences
import Tokenizers
import Values

/// The figure of a pair as the models read it: every token with its id, what wrote it, and where the prompt ends.
struct PairsFigure {
    static let name = "audit"

    private let example: PairExample
    private let tokenizer: Tokenizer

    init(_ example: PairExample, _ tokenizer: Tokenizer) {
        self.example = example
        self.tokenizer = tokenizer
    }

    /// - Throws: what keeps the texts from being encoded, which they were before.
    func figure() throws -> Figure {
        let pair = example.pair
        let wholes = try [example.text.chosen, example.text.rejected].enumerated().map { place, response in
            try kinds(of: response, ids: pair.prompt.count + [pair.chosen, pair.rejected][place].count, place)
        }
        let boundary = pair.prompt.count
        let passages = [
            passage("prompt", pair.prompt, wholes[0].prefix(boundary)),
            passage("chosen response, scored", pair.chosen, wholes[0].dropFirst(boundary)),
            passage("rejected response, scored", pair.rejected, wholes[1].dropFirst(boundary)),
        ]
        let rows = zip(PairsTable.parts, passages).flatMap { part, passage in
            passage.tokens.enumerated().map { place, token -> [Scalar] in
                [
                    .string(part), .int(place + (part == "prompt" ? 0 : boundary)), .int(token.id), .string(token.text),
                    .string(token.kind.rawValue), .int(part == "prompt" ? 0 : 1),
                ]
            }
        }
        return Figure(
            name: Self.name, title: "What the models read: the first pair, row \(pair.row)",
            description:
                "Each token of the prompt and of both responses with its id; only the responses' tokens are scored.",
            chart: TokenParts(passages),
            data: Table(columns: ["part", "position", "id", "token", "kind", "scored"], rows: rows))
    }

    private func passage(
        _ title: String, _ ids: [Int], _ kinds: some Sequence<TokenParts.Kind>
    ) -> TokenParts.Passage {
        let tokens = zip(ids, kinds).map { id, kind in
            TokenParts.Token(
                String(decoding: tokenizer.text(of: id) ?? [], as: UTF8.self), id: id, kind: kind)
        }
        return TokenParts.Passage(title, tokens: tokens)
    }

    /// What each token of the prompt with one response is; `count` of them, an appended end token among them.
    private func kinds(of response: String, ids count: Int, _ place: Int) throws -> [TokenParts.Kind] {
        let text = example.text
        let adds = try !text.isRendered && !tokenizer.hasOwnOpening(text.prompt)
        let boundary = text.prompt.utf8.count
        let ranges: [Range<Int>]
        if example.isTogether {
            ranges = try tokenizer.pieces(of: text.prompt + response, addingSpecialTokens: adds).map(\.range)
        } else {
            ranges =
                try tokenizer.pieces(of: text.prompt, addingSpecialTokens: adds).map(\.range)
                + tokenizer.pieces(of: response, addingSpecialTokens: false).map {
                    $0.range.lowerBound + boundary..<$0.range.upperBound + boundary
                }
        }
        let own = example.ownRanges[place] ?? []
        let kinds = ranges.map { range -> TokenParts.Kind in
            if range.isEmpty { return .added }
            if range.lowerBound < boundary, range.upperBound > boundary { return .straddling }
            return own.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
                ? .template : .text
        }
        return kinds + Array(repeating: .added, count: max(0, count - kinds.count))
    }
}
