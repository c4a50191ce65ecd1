extension Normalizer {
    init(_ node: FileNode) throws(TokenizerError) {
        let type = try node.member("type")
        switch try type.string() {
        case "Sequence":
            try node.allow("type", "normalizers")
            var steps: [Normalizer] = []
            for step in try node.member("normalizers").array() { steps.append(try Normalizer(step)) }
            self = .sequence(steps)
        case "Lowercase":
            try node.allow("type")
            self = .lowercase
        case "Prepend":
            try node.allow("type", "prepend")
            self = .prepend(Array(try node.member("prepend").string().utf8), toTextAlone: false)
        case "Replace":
            self = try .replace(node.replaced(), with: Array(node.member("content").string().utf8))
        case "Strip":
            try node.allow("type", "strip_left", "strip_right")
            self = .strip(left: try node.member("strip_left").bool(), right: try node.member("strip_right").bool())
        case let name:
            guard let form = NormalizationForm(rawValue: name) else {
                throw type.unsupported(
                    name, ["Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace", "Strip"])
            }
            try node.allow("type")
            self = .form(form)
        }
    }
}

extension PreTokenizer {
    init(_ node: FileNode) throws(TokenizerError) {
        let type = try node.member("type")
        switch try type.string() {
        case "Sequence":
            try node.allow("type", "pretokenizers")
            var steps: [PreTokenizer] = []
            for step in try node.member("pretokenizers").array() { steps.append(try PreTokenizer(step)) }
            self = .sequence(steps)
        case "ByteLevel":
            try node.allow("type", "add_prefix_space", "trim_offsets", "use_regex")
            let splits = try node.optional("use_regex")?.bool() ?? true
            self = .byteLevel(
                addsPrefixSpace: try node.member("add_prefix_space").bool(),
                pattern: splits ? try RegularExpression(Self.gpt2Pattern, place: node.place) : nil)
        case "Digits":
            try node.allow("type", "individual_digits")
            self = .digits(individual: try node.member("individual_digits").bool())
        case "Split":
            try node.allow("type", "pattern", "behavior", "invert")
            self = .split(
                try node.member("pattern").pattern(), try node.member("behavior").choice(SplitBehavior.self),
                inverted: try node.member("invert").bool())
        case "Metaspace":
            let (replacement, prepends) = try node.metaspace()
            self = .metaspace(
                replacement: replacement, prepends: prepends, splits: try node.optional("split")?.bool() ?? true)
        case "Punctuation":
            try node.allow("type", "behavior")
            self = .split(
                .scalar(.punctuation), try node.optional("behavior")?.choice(SplitBehavior.self) ?? .isolated,
                inverted: false)
        case "WhitespaceSplit":
            try node.allow("type")
            self = .split(.scalar(.whitespace), .removed, inverted: false)
        case "Whitespace":
            try node.allow("type")
            // Words, and runs of other visible scalars.
            self = .sequence([
                .split(.scalar(.whitespace), .removed, inverted: false),
                .split(.scalar(.word), .contiguous, inverted: false),
            ])
        case let name:
            throw type.unsupported(
                name,
                [
                    "Sequence", "ByteLevel", "Digits", "Split", "Metaspace", "Punctuation", "WhitespaceSplit",
                    "Whitespace",
                ])
        }
    }
}

extension TokenDecoder {
    init(_ node: FileNode) throws(TokenizerError) {
        let type = try node.member("type")
        switch try type.string() {
        case "Sequence":
            try node.allow("type", "decoders")
            var steps: [TokenDecoder] = []
            for step in try node.member("decoders").array() { steps.append(try TokenDecoder(step)) }
            self = .sequence(steps)
        case "ByteLevel":
            try node.allow("type", "add_prefix_space", "trim_offsets", "use_regex")
            self = .byteLevel
        case "ByteFallback":
            try node.allow("type")
            self = .byteFallback
        case "Fuse":
            try node.allow("type")
            self = .fuse
        case "Replace":
            self = try .replace(node.replaced(), with: Array(node.member("content").string().utf8))
        case "Strip":
            try node.allow("type", "content", "start", "stop")
            self = .strip(
                try node.member("content").bytes(), front: try node.member("start").int(),
                back: try node.member("stop").int())
        case "Metaspace":
            let (replacement, prepends) = try node.metaspace()
            self = .metaspace(replacement: replacement, dropsFirst: prepends != .never)
        case let name:
            throw type.unsupported(
                name, ["Sequence", "ByteLevel", "ByteFallback", "Fuse", "Replace", "Strip", "Metaspace"])
        }
    }
}

extension FileNode {
    /// The pattern of a `Replace`, whose content must not use groups of a regular expression.
    fileprivate func replaced() throws(TokenizerError) -> Pattern {
        try allow("type", "pattern", "content")
        let pattern = try member("pattern").pattern()
        let content = try member("content")
        if case .expression = pattern, try content.string().utf8.contains(UInt8(ascii: "$")) {
            throw content.unsupported(try content.string(), ["a content without '$' after a Regex"])
        }
        return pattern
    }

    /// The replacement of a `Metaspace` and where it is put in front; `add_prefix_space` is the older name for that.
    fileprivate func metaspace() throws(TokenizerError) -> ([UInt8], PreTokenizer.Prepending) {
        try allow("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep")
        let replacement = try member("replacement").bytes()
        let scheme = try optional("prepend_scheme").map { node throws(TokenizerError) in
            try node.choice(PreTokenizer.Prepending.self)
        }
        if let older = optional("add_prefix_space"), try !older.bool() {
            guard scheme == nil || scheme == .never else {
                throw older.unsupported("false", ["true, beside a prepend_scheme that is not 'never'"])
            }
            return (replacement, .never)
        }
        return (replacement, scheme ?? .always)
    }
}
