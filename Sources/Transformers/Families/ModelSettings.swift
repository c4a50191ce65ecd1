import Checkpoints

/// What a checkpoint says about a model, whichever format says it: every setting has a key in `config.json` and one in GGUF.
enum ModelSettings {
    case huggingFace(HuggingFaceSettings)
    case gguf(GGUFSettings)

    init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        switch checkpoint.settings {
        case .huggingFace(let json, let file): self = .huggingFace(try HuggingFaceSettings(json, file: file))
        case .gguf(let gguf): self = .gguf(try GGUFSettings(gguf))
        }
    }

    /// The file that they stand in.
    var file: String {
        switch self {
        case .huggingFace(let settings): settings.file
        case .gguf(let settings): settings.gguf.path
        }
    }

    /// Where the family stands in it.
    var familyKey: String {
        switch self {
        case .huggingFace: "'model_type'"
        case .gguf: "metadata 'general.architecture'"
        }
    }

    /// The family in the format's own words.
    func family() throws(CheckpointError) -> String {
        switch self {
        case .huggingFace(let settings): try settings.modelType()
        case .gguf(let settings): settings.architecture
        }
    }

    /// An error about a setting.
    func fault(_ key: String, gguf: String, _ expected: String) -> CheckpointError {
        switch self {
        case .huggingFace(let settings): settings.fault(key, expected)
        case .gguf(let settings): settings.fault(gguf, expected)
        }
    }

    func has(_ key: String, gguf: String) -> Bool {
        switch self {
        case .huggingFace(let settings): settings.has(key)
        case .gguf(let settings): settings.has(gguf)
        }
    }

    /// A whole number from 1 on; a key that GPT-2's files have in its place may stand in `or`.
    func count(
        _ key: String, or other: String? = nil, gguf: String, default fallback: Int? = nil, most: Int = 1 << 24
    ) throws(CheckpointError) -> Int {
        switch self {
        case .huggingFace(let settings):
            try settings.count(key, other ?? key, default: fallback, most: most)
        case .gguf(let settings): try settings.count(gguf, default: fallback, most: most)
        }
    }

    func positive(_ key: String, gguf: String, default fallback: Double? = nil) throws(CheckpointError) -> Double {
        switch self {
        case .huggingFace(let settings): try settings.positive(key, default: fallback)
        case .gguf(let settings): try settings.positive(gguf, default: fallback)
        }
    }

    func flag(_ key: String, gguf: String, default fallback: Bool) throws(CheckpointError) -> Bool {
        switch self {
        case .huggingFace(let settings): try settings.flag(key, default: fallback)
        case .gguf(let settings): try settings.flag(gguf, default: fallback)
        }
    }
}

/// The sizes that every family has.
struct ModelSizes {
    let layers: Int
    let width: Int
    let heads: Int
    let keyValueHeads: Int
    let headWidth: Int
    let innerWidth: Int
    let maximumLength: Int

    /// - Parameters:
    ///   - sharesHeads: whether query heads may share key/value heads.
    ///   - headWidth: where the file names none; `width / heads` by default.
    ///   - inner: where the file names none.
    init(
        _ settings: ModelSettings, sharesHeads: Bool = true, headWidth: Int? = nil,
        innerWidth inner: ((_ width: Int) -> Int)? = nil
    ) throws(CheckpointError) {
        layers = try settings.count("num_hidden_layers", or: "n_layer", gguf: "block_count", most: 4096)
        width = try settings.count("hidden_size", or: "n_embd", gguf: "embedding_length")
        heads = try settings.count("num_attention_heads", or: "n_head", gguf: "attention.head_count", most: 1 << 16)
        keyValueHeads =
            sharesHeads
            ? try settings.count("num_key_value_heads", gguf: "attention.head_count_kv", default: heads, most: 1 << 16)
            : heads
        self.headWidth = try settings.count(
            "head_dim", gguf: "attention.key_length", default: headWidth ?? max(width / heads, 1), most: 1 << 16)
        innerWidth = try settings.count(
            "intermediate_size", or: "n_inner", gguf: "feed_forward_length", default: inner?(width))
        maximumLength = try settings.count(
            "max_position_embeddings", or: "n_positions", gguf: "context_length", default: 2048)
        guard heads % keyValueHeads == 0 else {
            throw settings.fault(
                "num_key_value_heads", gguf: "attention.head_count_kv", "a number that divides the \(heads) query heads"
            )
        }
    }

    /// Numbers of all query heads together.
    var queryWidth: Int { heads * headWidth }
    /// Numbers of all key heads, or of all value heads, together.
    var keyWidth: Int { keyValueHeads * headWidth }
}
