import Foundation

extension TokenizerDefinition {
    /// The tokenizer of Mistral's `tekken.json`: tokens with ranks, after the special tokens.
    init(tekken file: FileNode) throws(TokenizerError) {
        let config = try file.member("config")
        let pattern = try config.member("pattern").string()
        let special = try config.member("default_num_special_tokens").int()
        let size = try config.member("default_vocab_size").int()
        guard (1...100_000).contains(special), special < size else {
            throw config.unsupported(
                "\(special) special tokens of \(size)", ["fewer special tokens than tokens, 100000 at most"])
        }
        var tokens: [(token: [UInt8], id: Int)] = []
        // Tokens of a higher rank are in the file, but not in the model.
        for entry in try file.member("vocab").array().prefix(size - special) {
            let text = try entry.member("token_bytes").string()
            guard let token = Data(base64Encoded: text), !token.isEmpty else {
                throw .damaged(place: "\(entry.place).token_bytes", expected: "a token in Base64")
            }
            tokens.append((Array(token), try entry.member("rank").int()))
        }
        var names = Self.defaultNames
        if let listed = file.optional("special_tokens") {
            names = []
            for (rank, token) in try listed.array().enumerated() {
                guard try token.member("rank").int() == rank else {
                    throw try token.member("rank").unsupported("\(token.member("rank").int())", ["\(rank)"])
                }
                names.append(try token.member("token_str").string())
            }
        }
        guard names.count <= special else {
            throw .lengths(
                first: "special_tokens", count: names.count, second: "config.default_num_special_tokens",
                otherCount: special)
        }
        names += (names.count..<special).map { "<SPECIAL_\($0)>" }
        try self.init(
            ranked: tokens, offset: special, pattern: pattern,
            special: names.enumerated().map { (Array($1.utf8), $0) }, place: "tekken.json")
        named = Named(beginning: names.firstIndex(of: "<s>"), ends: names.firstIndex(of: "</s>").map { [$0] } ?? [])
        front = named.beginning.map { [$0] } ?? []
    }

    /// The special tokens of a file that does not list its own.
    private static let defaultNames = [
        "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]",
        "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
    ]
}
