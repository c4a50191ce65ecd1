import Notebooks
import Tokenizers

/// Tokens as a page shows them.
enum TokenWords {
    /// A token's bytes as text, with what cannot be seen spelled out.
    static func words(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\n", with: "⏎").replacing("\t", with: "⇥")
    }
}

extension Tokenizer {
    /// A token's text, with what cannot be seen spelled out; empty where it has none.
    func words(of token: Int) -> String { TokenWords.words(text(of: token) ?? []) }
}

extension Arguments {
    /// - Throws: an error at the option `text` where the pairs' block keeps its token ids to itself.
    func refuseHiddenText(of pairs: String) throws(ArgumentError) {
        guard blocksAbove.contains(where: { $0.id == pairs && $0.outputs?.withheld["tokens"] != nil }) else { return }
        throw ArgumentError(
            option: "text", "the pairs '\(pairs)' hide their text, and this block would show a part of it",
            at: location(of: "text"), help: "give this block 'text: hidden' too")
    }
}
