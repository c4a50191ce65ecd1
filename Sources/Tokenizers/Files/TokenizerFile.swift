import JSON

extension Tokenizer {
    /// A tokenizer out of a `tokenizer.json`.
    ///
    /// Every member of the file is read or refused; none that may change an id is skipped.
    /// - Throws: `TokenizerError` naming the member's place in the file.
    public init(json bytes: [UInt8]) throws(TokenizerError) {
        try self.init(TokenizerDefinition(FileNode(parsing: bytes)))
    }
}

extension TokenizerDefinition {
    init(_ file: FileNode) throws(TokenizerError) {
        try file.allow(
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
            "decoder", "model")
        // Saved truncation and padding concern batches; the ids of a whole text do not depend on them.
        let model = try file.member("model")
        if let type = model.optional("type"), try type.string() != "BPE" {
            throw type.unsupported(try type.string(), ["BPE"])
        }
        try model.allow(
            "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges")
        if let dropout = model.optional("dropout"), dropout.value.number != 0 {
            throw dropout.unsupported("set", ["null", "0"])
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let node = model.optional(key), try !node.string().isEmpty {
                throw node.unsupported(try node.string(), ["null"])
            }
        }
        let vocabulary = try Self.vocabulary(model.member("vocab"))
        let normalizer = try file.optional("normalizer").map { node throws(TokenizerError) in try Normalizer(node) }
        let options = BytePairModel.Options(
            unknownToken: try model.optional("unk_token")?.string(),
            fusesUnknown: try model.optional("fuse_unk")?.bool() ?? false,
            fallsBackToBytes: try model.optional("byte_fallback")?.bool() ?? false,
            ignoresMerges: try model.optional("ignore_merges")?.bool() ?? false)
        let template = try file.optional("post_processor").map { node throws(TokenizerError) in try Template(node) }
        self.init(
            vocabulary: vocabulary,
            rule: .merges(try Self.merges(model.member("merges")), place: "model.merges", options),
            normalizer: normalizer,
            preTokenizer: try file.optional("pre_tokenizer").map { node throws(TokenizerError) in
                try PreTokenizer(node)
            },
            front: template?.front ?? [], back: template?.back ?? [],
            added: try Self.addedTokens(file.optional("added_tokens")?.array() ?? [], vocabulary),
            decoder: try file.optional("decoder").map { node throws(TokenizerError) in try TokenDecoder(node) })
    }

    private static func vocabulary(_ node: FileNode) throws(TokenizerError) -> Vocabulary {
        var pairs: [(token: [UInt8], id: Int)] = []
        for member in try node.object() {
            let id = try FileNode(value: member.value, place: "\(node.place).\(member.key)").int()
            pairs.append((Array(member.key.utf8), id))
        }
        return try Vocabulary(pairs, place: node.place)
    }

    /// Merges as `"a b"` (with `#version` lines skipped) or as `["a", "b"]`.
    private static func merges(_ node: FileNode) throws(TokenizerError) -> [Merge] {
        var merges: [Merge] = []
        for entry in try node.array() {
            if let halves = entry.value.array {
                guard halves.count == 2, let left = halves[0].string, let right = halves[1].string else {
                    throw .wrongKind(place: entry.place, expected: "two strings", found: entry.value.text())
                }
                merges.append(Merge(left, right))
            } else {
                let text = try entry.string()
                if !text.hasPrefix("#version") { merges.append(try Merge(text, place: entry.place)) }
            }
        }
        return merges
    }

    /// The added tokens with the ids that Hugging Face's `tokenizers` gives them: the vocabulary's own, else the next
    /// after it; what the file says must be the same.
    private static func addedTokens(
        _ nodes: [FileNode], _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> [AddedToken] {
        var added: [AddedToken] = []
        var seen: Set<[UInt8]> = []
        var next = vocabulary.count
        for node in nodes {
            try node.allow("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special")
            let content = try node.member("content").bytes()
            let text = String(decoding: content, as: UTF8.self)
            guard seen.insert(content).inserted else { throw .repeatedToken(place: "added_tokens", token: text) }
            let known = vocabulary.id(of: text)
            let given = known ?? next
            let written = try node.member("id").int()
            guard written == given else { throw .addedTokenID(token: text, written: written, given: given) }
            if known == nil, let other = vocabulary.token(of: given) {
                throw .sharedID(id: given, first: String(decoding: other, as: UTF8.self), second: text)
            }
            next = max(next, given + 1)
            added.append(
                AddedToken(
                    content: content, id: given, stripsLeft: try node.member("lstrip").bool(),
                    stripsRight: try node.member("rstrip").bool(), singleWord: try node.member("single_word").bool(),
                    normalized: try node.member("normalized").bool()))
        }
        return added
    }
}

/// What a post-processor puts around a sequence.
private struct Template {
    var front: [Int] = []
    var back: [Int] = []

    init() {}

    init(_ node: FileNode) throws(TokenizerError) {
        self.init()
        let type = try node.member("type")
        switch try type.string() {
        case "ByteLevel":
            // It trims offsets only.
            try node.allow("type", "add_prefix_space", "trim_offsets", "use_regex")
        case "Sequence":
            try node.allow("type", "processors")
            var added = 0
            for step in try node.member("processors").array() {
                let template = try Template(step)
                if template.isEmpty { continue }
                added += 1
                // `tokenizers` takes what the first one adds for a sequence of its own, and applies `pair` to it.
                guard added == 1 else {
                    throw try step.member("type").unsupported(
                        step.member("type").string(), ["one processor that adds tokens"])
                }
                self = template
            }
        case "TemplateProcessing":
            try node.allow("type", "single", "pair", "special_tokens")
            self = try Template(single: node.member("single"), tokens: node.member("special_tokens"))
        case "RobertaProcessing", "BertProcessing":
            try node.allow("type", "sep", "cls", "trim_offsets", "add_prefix_space")
            front = [try Self.id(node.member("cls"))]
            back = [try Self.id(node.member("sep"))]
        case let name:
            throw type.unsupported(
                name, ["TemplateProcessing", "ByteLevel", "RobertaProcessing", "BertProcessing", "Sequence"])
        }
    }

    private init(single: FileNode, tokens: FileNode) throws(TokenizerError) {
        self.init()
        var sequences = 0
        for part in try single.array() {
            try part.allow("SpecialToken", "Sequence")
            if let token = part.optional("SpecialToken") {
                for id in try tokens.member(token.member("id").string()).member("ids").array() {
                    if sequences == 0 { front.append(try id.int()) } else { back.append(try id.int()) }
                }
            } else {
                let name = try part.member("Sequence").member("id")
                if try name.string() != "A" { throw name.unsupported(try name.string(), ["A"]) }
                sequences += 1
            }
        }
        guard sequences == 1 else { throw single.unsupported("\(sequences) sequences", ["one sequence A"]) }
    }

    private var isEmpty: Bool { front.isEmpty && back.isEmpty }

    /// The id of a token written as `["<s>", 0]`.
    private static func id(_ node: FileNode) throws(TokenizerError) -> Int {
        let parts = try node.array()
        guard parts.count == 2 else { throw node.unsupported("\(parts.count) entries", ["a token and its id"]) }
        return try parts[1].int()
    }
}
