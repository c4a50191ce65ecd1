import Checkpoints
import Numerics

/// A family of models: how a checkpoint's settings and tensors become blocks.
protocol Family: Sendable {
    /// `model_type` in `config.json`.
    static var modelTypes: [String] { get }
    /// `general.architecture` in GGUF.
    static var architectures: [String] { get }
    /// What it calls its tensors, where that is not as in Llama.
    static var names: FamilyNames { get }

    /// Reads what all blocks share.
    init(_ reader: ModelReader) throws(CheckpointError)

    var sizes: ModelSizes { get }
    /// What one block computes.
    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block
    /// The norm before the unembedding.
    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm
    /// How tokens enter, given their table.
    func embedding(_ tokens: Weight, _ reader: ModelReader) throws(CheckpointError) -> Embedding

    /// Whether embedding and unembedding are one table where `config.json` does not say.
    static var isTied: Bool { get }
    /// Logits become `cap · tanh(logit / cap)`.
    var logitSoftCap: Double? { get }
}

extension Family {
    static var names: FamilyNames { FamilyNames() }
    static var isTied: Bool { false }
    var logitSoftCap: Double? { nil }

    func embedding(_ tokens: Weight, _ reader: ModelReader) throws(CheckpointError) -> Embedding { Embedding(tokens) }
}

/// The families that there are, one row for each.
enum Families {
    static var all: [any Family.Type] {
        [
            Llama.self, Mistral.self, Qwen2.self, Qwen3.self, OLMo2.self, Gemma2.self, Gemma3.self, Phi3.self,
            SmolLM3.self,
            GPTNeoX.self, GPT2.self,
        ]
    }

    /// The family of a checkpoint.
    /// - Throws: ``CheckpointError`` naming it and those that there are.
    static func family(of settings: ModelSettings) throws(CheckpointError) -> any Family.Type {
        let name = try settings.family()
        let isGGUF = if case .gguf = settings { true } else { false }
        func names(_ family: any Family.Type) -> [String] { isGGUF ? family.architectures : family.modelTypes }
        if let found = all.first(where: { names($0).contains(name) }) {
            let experts = ["num_local_experts", "num_experts"].contains { settings.has($0, gguf: "expert_count") }
            guard !experts else { throw refusal(settings, name, isMixture: true) }
            return found
        }
        throw refusal(
            settings, name, isMixture: ["moe", "mixtral", "expert"].contains { name.lowercased().contains($0) })
    }

    private static func refusal(_ settings: ModelSettings, _ name: String, isMixture: Bool) -> CheckpointError {
        let known = all.flatMap { family in family.modelTypes }.sorted().joined(separator: ", ")
        return CheckpointError(
            file: settings.file, place: settings.familyKey,
            problem: "is '\(name)', " + (isMixture ? "a mixture of experts, which is not supported; " : "")
                + "expected one of \(known)")
    }
}

extension Decoder {
    /// Maps a checkpoint's tensors into place, with an adapter's factors beside the weights they change.
    /// - Throws: ``CheckpointError`` for a family, a setting or a tensor that is missing, unknown, misshapen or unused.
    public convenience init(_ checkpoint: Checkpoint, adapter: Adapter? = nil) throws(CheckpointError) {
        let type = try Families.family(of: ModelSettings(checkpoint))
        try self.init(type, ModelReader(checkpoint, names: type.names, adapter: adapter))
    }

    private convenience init(_ type: any Family.Type, _ reader: ModelReader) throws(CheckpointError) {
        let family = try type.init(reader)
        let tokens = try reader.embedding(width: family.sizes.width)
        let embedding = try family.embedding(tokens, reader)
        var blocks: [Block] = []
        for layer in 0..<family.sizes.layers { blocks.append(try family.block(layer, reader)) }
        let norm = try family.finalNorm(reader)
        let unembedding = try reader.unembedding(tokens, isTied: type.isTied)
        try reader.requireAllUsed()
        self.init(
            family: try reader.settings.family(), embedding: embedding, blocks: blocks,
            head: OutputHead(norm: norm, unembedding: unembedding ?? tokens, softCap: family.logitSoftCap),
            isTied: unembedding == nil, maximumLength: family.sizes.maximumLength)
    }
}
