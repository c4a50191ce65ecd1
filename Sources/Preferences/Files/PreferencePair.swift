import JSON

/// A prompt with the response that people preferred and the one that they did not, as texts or as messages.
public struct PreferencePair: Sendable, Equatable {
    /// What a row holds.
    public enum Content: Sendable, Equatable {
        /// Texts; each response continues the prompt.
        case texts(prompt: String, chosen: String, rejected: String)
        /// Messages; each response's follow the prompt's. Tools are what the assistant may call, as the template describes them.
        case messages(prompt: [JSON], chosen: [JSON], rejected: [JSON], tools: JSON? = nil)

        /// Whether both hold the same, texts byte by byte.
        public static func == (left: Content, right: Content) -> Bool {
            switch (left, right) {
            case (.texts(let a, let b, let c), .texts(let d, let e, let f)):
                zip([a, b, c], [d, e, f]).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
            case (.messages(let a, let b, let c, let g), .messages(let d, let e, let f, let h)):
                (a, b, c, g) == (d, e, f, h)
            default: false
            }
        }
    }

    /// The row of the file: its line, from 1, or its place in a JSON list, from 1.
    public let row: Int
    /// Prompt and responses.
    public let content: Content

    /// A pair of a row.
    public init(row: Int, _ content: Content) {
        self.row = row
        self.content = content
    }

    /// A pair of texts.
    public init(row: Int, prompt: String, chosen: String, rejected: String) {
        self.init(row: row, .texts(prompt: prompt, chosen: chosen, rejected: rejected))
    }

    /// What opens the assistant's turn in a transcript of HH-RLHF (Bai et al. 2022).
    public static let marker = "\n\nAssistant:"
}

extension PreferencePair.Content {
    /// A pair out of two whole transcripts, nil where they share no ``PreferencePair/marker``.
    ///
    /// The prompt ends with the last marker inside the prefix that both share, byte by byte: a response may hold the marker too, and may
    /// begin as the other one does.
    init?(chosenTranscript: String, rejectedTranscript: String) {
        let chosen = Array(chosenTranscript.utf8)
        let shared = zip(chosen, rejectedTranscript.utf8).prefix { $0 == $1 }.count
        let marker = Array(PreferencePair.marker.utf8)
        let starts = stride(from: shared - marker.count, through: 0, by: -1)
        guard let start = starts.first(where: { chosen[$0..<$0 + marker.count] == marker[...] }) else { return nil }
        self.init(chosenTranscript, rejectedTranscript, promptLength: start + marker.count)
    }

    /// A pair out of two texts that begin with the prompt: all that both share, without a space at its end, as TRL splits them.
    init(chosenText: String, rejectedText: String) {
        let pairs = zip(chosenText.unicodeScalars, rejectedText.unicodeScalars)
        var shared = Array(pairs.lazy.map(\.0).prefix(pairs.prefix { $0 == $1 }.count))
        if shared.last == " " { shared.removeLast() }
        var prompt = String.UnicodeScalarView()
        prompt.append(contentsOf: shared)
        self.init(chosenText, rejectedText, promptLength: String(prompt).utf8.count)
    }

    private init(_ chosen: String, _ rejected: String, promptLength: Int) {
        self = .texts(
            prompt: String(decoding: chosen.utf8.prefix(promptLength), as: UTF8.self),
            chosen: String(decoding: chosen.utf8.dropFirst(promptLength), as: UTF8.self),
            rejected: String(decoding: rejected.utf8.dropFirst(promptLength), as: UTF8.self))
    }

    /// A pair out of two conversations that begin with the prompt's messages, nil where they share none.
    init?(chosenConversation chosen: [JSON], rejectedConversation rejected: [JSON]) {
        let shared = zip(chosen, rejected).prefix { $0 == $1 }.count
        guard shared > 0 else { return nil }
        self = .messages(
            prompt: Array(chosen[..<shared]), chosen: Array(chosen[shared...]), rejected: Array(rejected[shared...]))
    }

    /// Whether both responses begin with the whole prompt, so that it would be read twice.
    var repeatsPrompt: Bool {
        switch self {
        case .texts(let prompt, let chosen, let rejected):
            !prompt.utf8.isEmpty && chosen.utf8.starts(with: prompt.utf8) && rejected.utf8.starts(with: prompt.utf8)
        case .messages(let prompt, let chosen, let rejected, _):
            !prompt.isEmpty && chosen.starts(with: prompt) && rejected.starts(with: prompt)
        }
    }

    /// The same pair with the row's tools, where it holds messages.
    func with(tools: JSON?) -> Self {
        guard case .messages(let prompt, let chosen, let rejected, _) = self else { return self }
        return .messages(prompt: prompt, chosen: chosen, rejected: rejected, tools: tools)
    }
}
