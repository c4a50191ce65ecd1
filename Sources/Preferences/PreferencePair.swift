/// A prompt with the response that people preferred and the one that they did not.
public struct PreferencePair: Sendable {
    /// The row of the file, from 0.
    public let row: Int
    /// The text both responses answer.
    public let prompt: String
    /// The preferred response, as it goes on from the prompt.
    public let chosen: String
    /// The other response.
    public let rejected: String

    /// A pair out of its parts.
    public init(row: Int, prompt: String, chosen: String, rejected: String) {
        self.row = row
        self.prompt = prompt
        self.chosen = chosen
        self.rejected = rejected
    }

    /// What opens the assistant's turn in a transcript of HH-RLHF (Bai et al. 2022).
    public static let marker = "\n\nAssistant:"

    /// A pair out of two whole transcripts, `nil` where they share no ``marker``.
    ///
    /// The prompt ends with the last marker inside the prefix that both share, byte by byte: a response may hold the marker too, and may
    /// begin as the other one does.
    public init?(row: Int, chosenTranscript: String, rejectedTranscript: String) {
        let chosen = Array(chosenTranscript.utf8)
        let rejected = Array(rejectedTranscript.utf8)
        let marker = Array(Self.marker.utf8)
        let shared = zip(chosen, rejected).prefix { $0 == $1 }.count
        let starts = stride(from: shared - marker.count, through: 0, by: -1)
        guard let start = starts.first(where: { chosen[$0..<$0 + marker.count] == marker[...] }) else { return nil }
        let end = start + marker.count
        self.init(
            row: row, prompt: String(decoding: chosen[..<end], as: UTF8.self),
            chosen: String(decoding: chosen[end...], as: UTF8.self),
            rejected: String(decoding: rejected[end...], as: UTF8.self))
    }
}

extension PreferencePair: Equatable {
    /// Whether row and texts are the same, byte by byte.
    public static func == (left: PreferencePair, right: PreferencePair) -> Bool {
        left.row == right.row && left.prompt.utf8.elementsEqual(right.prompt.utf8)
            && left.chosen.utf8.elementsEqual(right.chosen.utf8)
            && left.rejected.utf8.elementsEqual(right.rejected.utf8)
    }
}
