import Checkpoints
import Numerics

/// One Llama block's weights, as stored.
struct LlamaBlockWeights: Sendable {
    let attentionNorm: Linear
    let query, key, value, output: Linear
    let feedForwardNorm: Linear
    let gate, up, down: Linear

    /// All weights in the order they are used; a norm's gain counts as a matrix of one row.
    var all: [Linear] { [attentionNorm, query, key, value, output, feedForwardNorm, gate, up, down] }
}

/// Finds a Llama's tensors by the names that either format gives them.
struct LlamaNames {
    let embedding, finalNorm, unembedding: String
    private let blockNames: [String: String]
    private let isGGUF: Bool

    static let huggingFace = LlamaNames(
        embedding: "model.embed_tokens", finalNorm: "model.norm", unembedding: "lm_head",
        blockNames: [
            "attentionNorm": "input_layernorm", "query": "self_attn.q_proj", "key": "self_attn.k_proj",
            "value": "self_attn.v_proj", "output": "self_attn.o_proj", "feedForwardNorm": "post_attention_layernorm",
            "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj",
        ], isGGUF: false)

    static let gguf = LlamaNames(
        embedding: "token_embd", finalNorm: "output_norm", unembedding: "output",
        blockNames: [
            "attentionNorm": "attn_norm", "query": "attn_q", "key": "attn_k", "value": "attn_v",
            "output": "attn_output", "feedForwardNorm": "ffn_norm", "gate": "ffn_gate", "up": "ffn_up",
            "down": "ffn_down",
        ], isGGUF: true)

    /// A block module's name: `model.layers.3.self_attn.q_proj`, or `blk.3.attn_q`.
    func block(_ layer: Int, _ role: String) -> String {
        (isGGUF ? "blk.\(layer)." : "model.layers.\(layer).") + (blockNames[role] ?? role)
    }
}

/// Reads tensors off a checkpoint and keeps count of those it used, and of the adapter's modules.
struct LlamaReader {
    let table: TensorTable
    let names: LlamaNames
    let settings: LlamaSettings
    let adapter: Adapter?
    private(set) var used: Set<String> = []
    private(set) var adapted: Set<String> = []

    init(_ checkpoint: Checkpoint, settings: LlamaSettings, names: LlamaNames, adapter: Adapter?) {
        table = checkpoint.tensors
        self.settings = settings
        self.names = names
        self.adapter = adapter
    }

    mutating func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> StoredTensor {
        let tensor = try table.tensor(name, shape: shape)
        used.insert(name)
        return tensor
    }

    /// A norm's gain, `[width]`, under the name that the other format would give it too.
    mutating func norm(_ name: String, called module: String) throws(CheckpointError) -> Linear {
        Linear(name: module, weight: try tensor(name + ".weight", shape: [settings.width]), bias: nil, adapter: nil)
    }

    /// The embedding or the unembedding, `[vocabulary, width]`.
    mutating func matrix(_ name: String, called module: String) throws(CheckpointError) -> Linear {
        let weight = try tensor(name + ".weight", shape: [settings.vocabulary, settings.width])
        return Linear(name: module, weight: weight, bias: nil, adapter: nil)
    }

    mutating func block(_ layer: Int) throws(CheckpointError) -> LlamaBlockWeights {
        let queries = settings.heads * settings.headWidth
        let keys = settings.keyValueHeads * settings.headWidth
        let (width, middle) = (settings.width, settings.intermediate)
        let bias = settings.hasAttentionBias
        let middleBias = settings.hasFeedForwardBias
        return LlamaBlockWeights(
            attentionNorm: try norm(
                names.block(layer, "attentionNorm"), called: LlamaNames.huggingFace.block(layer, "attentionNorm")),
            query: try linear(layer, "query", [queries, width], bias: bias, heads: settings.heads),
            key: try linear(layer, "key", [keys, width], bias: bias, heads: settings.keyValueHeads),
            value: try linear(layer, "value", [keys, width], bias: bias),
            output: try linear(layer, "output", [width, queries], bias: bias),
            feedForwardNorm: try norm(
                names.block(layer, "feedForwardNorm"), called: LlamaNames.huggingFace.block(layer, "feedForwardNorm")),
            gate: try linear(layer, "gate", [middle, width], bias: middleBias),
            up: try linear(layer, "up", [middle, width], bias: middleBias),
            down: try linear(layer, "down", [width, middle], bias: middleBias))
    }

    /// - Parameter heads: given for query and key, whose rows llama.cpp stores interleaved.
    private mutating func linear(
        _ layer: Int, _ role: String, _ shape: [Int], bias: Bool, heads: Int? = nil
    ) throws(CheckpointError) -> Linear {
        let name = names.block(layer, role)
        var weight = try tensor(name + ".weight", shape: shape)
        var offset = bias ? try tensor(name + ".bias", shape: [shape[0]]) : nil
        if let heads, names.embedding == LlamaNames.gguf.embedding {
            weight.rowOrder = .interleavedHalves(heads: heads)
            if let stored = offset { offset = try asColumn(stored, heads: heads, name: name + ".bias") }
        }
        let module = LlamaNames.huggingFace.block(layer, role)
        let factors = adapter?.modules[module]
        if let factors, let adapter {
            guard factors.down.columns == shape[1], factors.up.rows == shape[0] else {
                throw CheckpointError(
                    file: adapter.folder, place: "module '\(module)'",
                    problem: "maps \(factors.down.columns) to \(factors.up.rows), but the base model's maps "
                        + "\(shape[1]) to \(shape[0])")
            }
            adapted.insert(module)
        }
        return Linear(name: module, weight: weight, bias: offset?.floats(), adapter: factors)
    }

    /// A bias vector seen as one number a row, so that the interleaved order can be undone as for a matrix.
    private func asColumn(_ tensor: StoredTensor, heads: Int, name: String) throws(CheckpointError) -> StoredTensor {
        guard var column = tensor.reshaped([tensor.count, 1]) else {
            throw CheckpointError(
                file: table.source, place: "tensor '\(name)'",
                problem: "is stored in blocks of \(tensor.type.rawValue), expected a bias of plain numbers")
        }
        column.rowOrder = .interleavedHalves(heads: heads)
        return column
    }

    /// - Throws: ``CheckpointError`` for a tensor or an adapter module that this model has no place for.
    func requireAllUsed() throws(CheckpointError) {
        let isTied = settings.isTied
        try table.requireAllUsed(used) { name in
            name.hasSuffix(".rotary_emb.inv_freq") || name == "rope_freqs.weight"
                || (isTied && name == "lm_head.weight")
        }
        guard let adapter else { return }
        let left = adapter.modules.keys.filter { !adapted.contains($0) }.sorted()
        if let first = left.first {
            throw CheckpointError(
                file: adapter.folder, place: "module '\(first)'",
                problem: "is not one of the base model's \(settings.layers) layers' linear modules")
        }
    }
}
