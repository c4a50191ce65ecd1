import JSON

extension PreferencePair.Content {
    /// Prompt and responses as messages: the turns of a transcript of HH-RLHF, or of other texts one turn each.
    var messages: (prompt: [JSON], chosen: [JSON], rejected: [JSON], tools: JSON?) {
        switch self {
        case .messages(let prompt, let chosen, let rejected, let tools): return (prompt, chosen, rejected, tools)
        case .texts(let prompt, let chosen, let rejected):
            guard prompt.utf8.starts(with: Self.human),
                prompt.utf8.suffix(Self.assistant.count).elementsEqual(Self.assistant)
            else {
                return (
                    [Self.message("user", prompt)], [Self.message("assistant", chosen)],
                    [Self.message("assistant", rejected)], nil
                )
            }
            let opening = prompt.utf8.dropLast(Self.assistant.count)
            return (
                Self.turns(Array(opening)[...]), Self.turns((Self.assistant + chosen.utf8)[...]),
                Self.turns((Self.assistant + rejected.utf8)[...]), nil
            )
        }
    }

    private static let human = Array("\n\nHuman:".utf8)
    private static let assistant = Array(PreferencePair.marker.utf8)

    /// The turns of a transcript that begins with a marker, without the white space around them.
    private static func turns(_ transcript: ArraySlice<UInt8>) -> [JSON] {
        var turns: [JSON] = []
        var rest = transcript
        while let marker = [human, assistant].first(where: { rest.starts(with: $0) }) {
            rest = rest.dropFirst(marker.count)
            let end = [human, assistant].compactMap { rest.firstRange(of: $0)?.lowerBound }.min() ?? rest.endIndex
            let content = String(decoding: rest[..<end], as: UTF8.self).trimmingWhitespace
            turns.append(message(marker == human ? "user" : "assistant", content))
            rest = rest[end...]
        }
        return turns
    }

    private static func message(_ role: String, _ content: String) -> JSON {
        .object([.init("role", .string(role)), .init("content", .string(content))])
    }
}

extension String {
    /// The text without the white space at its ends.
    var trimmingWhitespace: String {
        var scalars = unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}
