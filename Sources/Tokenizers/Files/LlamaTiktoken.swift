/// What Meta's code adds to the bare list of tokens in the `tokenizer.model` of Llama 3: the pattern, and the special tokens
/// after the list (meta-llama/llama-models, `llama3/tokenizer.py`).
enum LlamaTiktoken {
    /// The definition for a list of this many tokens.
    /// - Throws: `TokenizerError.unsupported` where the number of tokens is not Llama 3's.
    static func definition(_ file: TiktokenFile, place: String) throws(TokenizerError) -> TokenizerDefinition {
        let count = file.tokens.count
        guard count == 128_000 else {
            throw .unsupported(
                place: place, found: "a list of \(count) tokens without a pattern",
                supported: ["the 128000 of Llama 3", "a tokenizer.json"])
        }
        let special = specialTokens.enumerated().map { (token: Array($1.utf8), id: count + $0) }
        var definition = try TokenizerDefinition(
            ranked: file.tokens, offset: 0, pattern: pattern, special: special, place: place)
        definition.front = [count]
        definition.named = .init(
            beginning: count,
            ends: special.filter { ends.contains(String(decoding: $0.token, as: UTF8.self)) }.map(\.id))
        return definition
    }

    private static let ends = ["<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"]

    private static let pattern =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
        + #"|\s+(?!\S)|\s+"#

    /// `[256]`
    private static let specialTokens: [String] = {
        let names = [
            "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>",
            "<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>",
            "<|eot_id|>", "<|python_tag|>", "<|image|>",
        ]
        return names + (0..<256 - names.count).map { "<|reserved_special_token_\(2 + $0)|>" }
    }()
}
