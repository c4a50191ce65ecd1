/// What `tokenizer_config.json` says that a text's ids depend on.
struct TokenizerSettings {
    /// `added_tokens_decoder`, in the order of the ids.
    private(set) var added: [AddedToken] = []
    private(set) var addsBeginning: Bool?
    private(set) var addsEnd: Bool?
    private(set) var beginning: [UInt8]?
    private(set) var end: [UInt8]?
    /// The contents of all tokens that the file names by what they are for.
    private(set) var special: Set<[UInt8]> = []

    init() {}

    /// - Throws: `TokenizerError` naming the member; members that no id depends on are not looked at.
    init(_ file: FileNode) throws(TokenizerError) {
        addsBeginning = try file.optional("add_bos_token")?.bool()
        addsEnd = try file.optional("add_eos_token")?.bool()
        beginning = try file.optional("bos_token").map { node throws(TokenizerError) in try Self.content(node) }
        end = try file.optional("eos_token").map { node throws(TokenizerError) in try Self.content(node) }
        for key in ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"] {
            if let node = file.optional(key) { special.insert(try Self.content(node)) }
        }
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
    /// - Parameter special: the contents that are not looked for in the normalized text.
    static func listed(_ file: FileNode, special: Set<[UInt8]>) throws(TokenizerError) -> [AddedToken] {
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
    private static func content(_ node: FileNode) throws(TokenizerError) -> [UInt8] {
        node.value.object == nil ? try node.bytes() : try node.member("content").bytes()
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

    private func id(of content: [UInt8]?) -> Int? {
        guard let content else { return nil }
        return added.first { $0.content == content }?.id ?? vocabulary.id(of: content, 0..<content.count)
    }

    /// Takes the settings of `tokenizer_config.json`, beside the file that the definition is of.
    /// - Throws: `TokenizerError.contradiction`.
    mutating func apply(_ settings: TokenizerSettings, beside file: String) throws(TokenizerError) {
        if let beginning = id(of: settings.beginning) { named.beginning = beginning }
        if let end = id(of: settings.end), !named.ends.contains(end) { named.ends.insert(end, at: 0) }
        if file == "tokenizer.json" {
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
