import JSON

/// What `tokenizer_config.json` and `special_tokens_map.json` say that a text's ids depend on.
struct TokenizerSettings {
    /// `added_tokens_decoder`, in the order of the ids.
    private(set) var added: [AddedToken] = []
    private(set) var addsBeginning: Bool?
    private(set) var addsEnd: Bool?
    /// `add_prefix_space`, where the class of the tokenizer follows it.
    private(set) var addsPrefixSpace: (wanted: Bool, byClass: String)?
    /// The tokens that the file names by what they are for, and their names, in the order in which transformers adds them;
    /// their ids are not known yet.
    private(set) var special: [(name: String, token: AddedToken)] = []

    init() {}

    /// The names of tokens that every tokenizer may have.
    private static let names = [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]
    private static let extra = "extra_special_tokens"
    private static let older = "additional_special_tokens"

    /// The classes of transformers that take `add_prefix_space` from the file and not from `tokenizer.json`.
    private static let classes = [
        "GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer", "CodeGenTokenizer", "LlamaTokenizer",
    ]

    /// The members of `tokenizer_config.json` and, as transformers joins them, of `special_tokens_map.json`.
    static func joined(_ settings: JSON, _ map: JSON) -> JSON {
        var members = settings.object ?? []
        let hasExtra = members.contains { [extra, older].contains($0.key) }
        for var member in map.object ?? [] {
            if member.key == older, hasExtra { continue }
            if member.key == extra, let more = member.value.array, let known = settings[extra]?.array {
                member = JSON.Member(extra, .array(known + more.filter { !known.contains($0) }))
            }
            members.removeAll { $0.key == member.key }
            members.append(member)
        }
        return .object(members)
    }

    func content(of name: String) -> [UInt8]? { special.first { $0.name == name }?.token.content }

    /// - Throws: `TokenizerError` naming the member; members that no id depends on are not looked at.
    init(_ file: FileNode) throws(TokenizerError) {
        addsBeginning = try file.optional("add_bos_token")?.bool()
        addsEnd = try file.optional("add_eos_token")?.bool()
        if let splits = file.optional("split_special_tokens"), try splits.bool() {
            throw splits.unsupported("true", ["false"])
        }
        let kind = try file.optional("tokenizer_class")?.string().replacing("Fast", with: "")
        if let wanted = try file.optional("add_prefix_space")?.bool(), let kind, Self.classes.contains(kind) {
            addsPrefixSpace = (wanted, kind)
        }
        for key in Self.names { if let node = file.optional(key) { special.append((key, try Self.token(node))) } }
        for key in try file.object().map(\.key) where key.hasSuffix("_token") && !Self.names.contains(key) {
            guard let node = file.optional(key), node.value.string != nil || node.value.object != nil else { continue }
            special.append((key, try Self.token(node)))
        }
        var list = try file.optional(Self.older)?.array() ?? []
        if let extra = file.optional(Self.extra) {
            if let named = extra.value.object {
                for key in named.map(\.key) { special.append((key, try Self.token(extra.member(key)))) }
            } else if let nodes = try Optional(extra.array()), !nodes.isEmpty {
                list = nodes
            }
        }
        for node in list { special.append((Self.extra, try Self.token(node))) }
        guard let decoder = file.optional("added_tokens_decoder") else { return }
        for member in try decoder.object() {
            let node = try decoder.member(member.key)
            guard let id = Int(member.key) else { throw decoder.unsupported(member.key, ["ids as keys"]) }
            let isSpecial = try node.optional("special")?.bool() ?? false
            added.append(
                AddedToken(
                    content: try node.member("content").bytes(), id: id,
                    stripsLeft: try node.optional("lstrip")?.bool() ?? false,
                    stripsRight: try node.optional("rstrip")?.bool() ?? false,
                    singleWord: try node.optional("single_word")?.bool() ?? false,
                    normalized: try node.optional("normalized")?.bool() ?? !isSpecial)
            )
        }
        added.sort { $0.id < $1.id }
    }

    /// The tokens of an `added_tokens.json`, which lists contents and ids alone.
    /// Those that are special are not looked for in the normalized text.
    func listed(_ file: FileNode) throws(TokenizerError) -> [AddedToken] {
        let special = Set(special.map(\.token.content))
        var added: [AddedToken] = []
        for member in try file.object() {
            let content = Array(member.key.utf8)
            added.append(
                AddedToken(
                    content: content, id: try file.member(member.key).int(), normalized: !special.contains(content)))
        }
        return added.sorted { $0.id < $1.id }
    }

    /// A token written as a text, or as an object that holds it.
    private static func token(_ node: FileNode) throws(TokenizerError) -> AddedToken {
        guard node.value.object != nil else { return AddedToken(content: try node.bytes(), id: 0) }
        return AddedToken(
            content: try node.member("content").bytes(), id: 0,
            stripsLeft: try node.optional("lstrip")?.bool() ?? false,
            stripsRight: try node.optional("rstrip")?.bool() ?? false,
            singleWord: try node.optional("single_word")?.bool() ?? false,
            normalized: try node.optional("normalized")?.bool() ?? false)
    }
}

extension TokenizerDefinition {
    /// Adds tokens that stand outside the tokenizer's own file, in the order of their ids.
    /// - Parameter replacing: whether an added token that is known by its content gets these switches, as those of
    ///   `tokenizer_config.json` do in transformers.
    /// - Throws: `TokenizerError` where the file gives another id than the tokenizer, or an id that is taken.
    mutating func add(_ tokens: [AddedToken], replacing: Bool) throws(TokenizerError) {
        for token in tokens {
            func text() -> String { String(decoding: token.content, as: UTF8.self) }
            let index = added.firstIndex { $0.content == token.content }
            let known = index.map { added[$0].id } ?? vocabulary.id(of: token.content, 0..<token.content.count)
            if let known, known != token.id {
                throw .addedTokenID(token: text(), written: token.id, given: known)
            }
            if known == nil {
                let other = added.first { $0.id == token.id }?.content ?? vocabulary.token(of: token.id).map(Array.init)
                if let other {
                    throw .sharedID(id: token.id, first: String(decoding: other, as: UTF8.self), second: text())
                }
                guard (0...Int(Int32.max)).contains(token.id) else {
                    throw .idOutOfRange(token: text(), id: token.id)
                }
            }
            if let index {
                if replacing { added[index] = token }
            } else {
                added.append(token)
            }
        }
    }

    /// Adds the tokens that a file names by what they are for and that are not added yet, as transformers does: with the
    /// vocabulary's id, else with the next after all others.
    private mutating func add(special tokens: [AddedToken]) throws(TokenizerError) {
        for var token in tokens where !added.contains(where: { $0.content == token.content }) {
            token.id = id(of: token.content) ?? max(vocabulary.count, (added.map(\.id).max() ?? 0) + 1)
            try add([token], replacing: false)
        }
    }

    private func id(of content: [UInt8]?) -> Int? {
        guard let content else { return nil }
        return added.first { $0.content == content }?.id ?? vocabulary.id(of: content, 0..<content.count)
    }

    /// Takes the settings of `tokenizer_config.json`, beside the file that the definition is of.
    /// - Throws: `TokenizerError.contradiction`.
    mutating func apply(_ settings: TokenizerSettings, beside file: String) throws(TokenizerError) {
        try add(special: settings.special.map(\.token))
        if let beginning = id(of: settings.content(of: "bos_token")) { named.beginning = beginning }
        if let end = id(of: settings.content(of: "eos_token")), !named.ends.contains(end) {
            named.ends.insert(end, at: 0)
        }
        if file == "tokenizer.json" {
            // transformers takes this class for a `tokenizer.json` of bytes for another.
            if let (wanted, kind) = settings.addsPrefixSpace,
                let puts = preTokenizer?.addsPrefixSpace ?? normalizer?.prepends,
                wanted != puts, kind != "LlamaTokenizer" || preTokenizer?.spellsBytes != true
            {
                throw .contradiction(
                    first: "add_prefix_space is \(wanted) in tokenizer_config.json, by which \(kind) goes",
                    second: "tokenizer.json puts \(puts ? "a" : "no") space in front of a text")
            }
            for (key, wanted, tokens) in [
                ("add_bos_token", settings.addsBeginning, front), ("add_eos_token", settings.addsEnd, back),
            ] {
                guard let wanted, wanted == tokens.isEmpty else { continue }
                throw .contradiction(
                    first: "\(key) is \(wanted) in tokenizer_config.json",
                    second:
                        "the post_processor of tokenizer.json puts \(tokens.isEmpty ? "no token" : "the tokens \(tokens)") "
                        + (key == "add_bos_token" ? "in front" : "after"))
            }
        } else if let adds = settings.addsBeginning {
            guard adds else {
                front = []
                return
            }
            guard let beginning = named.beginning else { throw .beginning(id: nil) }
            front = [beginning]
        }
    }
}
