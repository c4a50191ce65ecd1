import ChatTemplates
import JSON

extension PairRenderer {
    /// Which bytes of a prompt with one of its responses the template wrote, and not the authors of the messages.
    ///
    /// It is what stays when marks are rendered in the places of the contents. nil where that does not tell: where the template changes
    /// contents, or writes other words around other contents.
    public func ownRanges(of content: PreferencePair.Content, chosen isChosen: Bool) -> [Range<Int>]? {
        let turns = content.messages
        let messages = turns.prompt + (isChosen ? turns.chosen : turns.rejected)
        let marked = messages.enumerated().map { place, message in
            JSON.object(
                (message.object ?? []).map {
                    $0.key == "content" ? JSON.Member($0.key, .string(Self.mark(place))) : $0
                })
        }
        guard let template,
            let text = try? template.render(messages, tools: turns.tools, addGenerationPrompt: false, date: date),
            let frame = try? template.render(marked, tools: turns.tools, addGenerationPrompt: false, date: date),
            let frames = Self.split(Array(frame.utf8), at: messages.indices.map { Array(Self.mark($0).utf8) })
        else { return nil }
        var rest = Array(text.utf8)[...]
        var ranges: [Range<Int>] = []
        for (place, own) in frames.enumerated() {
            guard rest.starts(with: own) else { return nil }
            ranges.append(rest.startIndex..<rest.startIndex + own.count)
            rest = rest.dropFirst(own.count)
            guard messages.indices.contains(place) else { break }
            let content = messages[place]["content"]?.string ?? ""
            let written = [content, content.trimmingWhitespace].first {
                rest.starts(with: $0.utf8) && rest.dropFirst($0.utf8.count).starts(with: frames[place + 1])
            }
            guard let written else { return nil }
            rest = rest.dropFirst(written.utf8.count)
        }
        return rest.isEmpty ? ranges.filter { !$0.isEmpty } : nil
    }

    private static func mark(_ place: Int) -> String { "\u{F8FF}\(place)\u{F8FF}" }

    /// What lies around the marks, which must come in order.
    private static func split(_ text: [UInt8], at marks: [[UInt8]]) -> [ArraySlice<UInt8>]? {
        var rest = text[...]
        var parts: [ArraySlice<UInt8>] = []
        for mark in marks {
            guard let place = rest.firstRange(of: mark) else { return nil }
            parts.append(rest[..<place.lowerBound])
            rest = rest[place.upperBound...]
        }
        return parts + [rest]
    }
}
