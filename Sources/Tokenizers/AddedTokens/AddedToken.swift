/// A token that is found in the text itself, before any piece is cut (`added_tokens` of `tokenizer.json`).
struct AddedToken: Sendable {
    let content: [UInt8]
    var id: Int
    /// Takes the white space before it along.
    var stripsLeft = false
    /// Takes the white space after it along.
    var stripsRight = false
    /// Counts only where no word character touches it.
    var singleWord = false
    /// Is itself normalized and looked for in the normalized text.
    var normalized = false

    /// The token in words that differ wherever its matches may.
    var signature: String { "\(id) \(stripsLeft) \(stripsRight) \(singleWord) \(normalized) \(content)" }
}
