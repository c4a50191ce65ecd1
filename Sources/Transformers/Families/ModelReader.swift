import Checkpoints
import Numerics

/// Finds a model's tensors by the names that either format gives them, and keeps count of those it used, and of the adapter's
/// modules.
final class ModelReader {
    let settings: ModelSettings
    let isGGUF: Bool
    private let tensors: TensorTable
    private let adapter: Adapter?
    private let names: FamilyNames
    /// What stands before the names of the text model's tensors, and what their canonical names begin with instead.
    private var stored = (before: "", instead: "")
    private var used: Set<String> = []
    private var adapted: Set<String> = []

    init(_ checkpoint: Checkpoint, names: FamilyNames, adapter: Adapter?) throws(CheckpointError) {
        settings = try ModelSettings(checkpoint)
        tensors = checkpoint.tensors
        self.names = names
        self.adapter = try adapter?.renamed(names.canonical)
        if case .gguf = settings { isGGUF = true } else { isGGUF = false }
        guard !isGGUF else { return }
        // Saved from the model without its head, or from inside a model that reads pictures too.
        let body = names.body + "."
        let embedding = names.embedding + ".weight"
        stored =
            [(body, body), ("", body), ("language_model." + body, body), ("model.language_model.", body)].first {
                tensors.contains($0.0 + embedding)
            } ?? stored
    }

    /// A module of the model: its canonical name, and the name of its tensors in the file.
    private func module(_ name: String, gguf: String, layer: Int?) -> (name: String, stored: String) {
        let path = layer.map { "\(names.layers).\($0).\(name)" } ?? name
        let canonical = names.isOutsideBody(path) ? path : "\(names.body).\(path)"
        guard !isGGUF else { return (canonical, layer.map { "blk.\($0).\(gguf)" } ?? gguf) }
        if canonical.hasPrefix(stored.instead) {
            return (canonical, stored.before + canonical.dropFirst(stored.instead.count))
        }
        let outside = "language_model." + canonical
        return (canonical, tensors.contains(outside + ".weight") ? outside : canonical)
    }

    /// Whether a module's tensor is in the file.
    func contains(_ name: String, gguf: String, layer: Int? = nil, tensor: String = "weight") -> Bool {
        tensors.contains(module(name, gguf: gguf, layer: layer).stored + "." + tensor)
    }

    private func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> StoredTensor {
        let tensor = try tensors.tensor(name, shape: shape)
        used.insert(name)
        return tensor
    }

    /// A module's tensor: the base's, or the one that the adapter puts in its place, which is laid out as Hugging Face has it.
    private func tensor(
        _ module: (name: String, stored: String), _ part: String, _ shape: [Int], huggingFace: [Int]
    ) throws(CheckpointError) -> (tensor: StoredTensor, isGGUF: Bool) {
        let own = try tensor("\(module.stored).\(part)", shape)
        return try replacement(of: "\(module.name).\(part)", huggingFace).map { ($0, false) } ?? (own, isGGUF)
    }

    private func replacement(of name: String, _ shape: [Int]) throws(CheckpointError) -> StoredTensor? {
        guard let adapter, let tensor = adapter.replacements[name] else { return nil }
        guard tensor.shape == shape else {
            throw CheckpointError(
                file: adapter.folder, place: "tensor '\(name)'",
                problem: "has shape \(tensor.shape), but the base model's has \(shape)")
        }
        adapted.insert(name)
        return tensor
    }

    // MARK: - Modules

    /// Which rows of a module make up a weight.
    struct Part {
        /// A module's outputs, and the weight's rows among them.
        struct Layout {
            var outputs: Int
            var rows: RowMap
        }

        /// In Hugging Face's files, and in an adapter.
        var huggingFace: Layout
        /// In llama.cpp's.
        var gguf: Layout

        /// All rows of a module.
        /// - Parameter turnedHeads: how many heads the rows are, where llama.cpp orders them for rotation by neighbours.
        static func whole(_ outputs: Int, turnedHeads heads: Int? = nil) -> Part {
            let plain = Layout(outputs: outputs, rows: RowMap(count: outputs))
            let turned = heads.map {
                Layout(outputs: outputs, rows: .interleavedHalves(heads: $0, width: outputs / $0))
            }
            return Part(huggingFace: plain, gguf: turned ?? plain)
        }

        /// Some rows of a fused module.
        static func slice(_ rows: Range<Int>, of outputs: Int) -> Part {
            let layout = Layout(outputs: outputs, rows: RowMap(rows))
            return Part(huggingFace: layout, gguf: layout)
        }

        /// The same rows further down in a module that only llama.cpp fuses.
        func fused(at start: Int, of outputs: Int) -> Part {
            Part(huggingFace: huggingFace, gguf: Layout(outputs: outputs, rows: gguf.rows.shifted(by: start)))
        }
    }

    /// A linear module.
    /// - Parameters:
    ///   - bias: whether the module has one.
    ///   - isTransposed: whether Hugging Face's file holds `[inputs, outputs]`.
    func weight(
        _ name: String, gguf: String, layer: Int?, _ part: Part, inputs: Int, bias: Bool = false,
        isTransposed: Bool = false
    ) throws(CheckpointError) -> Weight {
        let module = module(name, gguf: gguf, layer: layer)
        let own = isGGUF ? part.gguf : part.huggingFace
        func shape(_ outputs: Int, turns: Bool) -> [Int] { turns ? [inputs, outputs] : [outputs, inputs] }
        var (stored, isLlamaCpp) = try tensor(
            module, "weight", shape(own.outputs, turns: isTransposed && !isGGUF),
            huggingFace: shape(part.huggingFace.outputs, turns: isTransposed))
        let layout = isLlamaCpp ? part.gguf : part.huggingFace
        if isTransposed, !isLlamaCpp {
            guard let turned = stored.transposed else {
                throw CheckpointError(
                    file: tensors.source, place: "tensor '\(module.stored).weight'",
                    problem: "is stored in blocks of \(stored.type.name), expected plain numbers")
            }
            stored = turned
        }
        var offset: [Float]?
        if bias {
            let found = try tensor(module, "bias", [own.outputs], huggingFace: [part.huggingFace.outputs])
            guard found.isGGUF == isLlamaCpp else {
                throw CheckpointError(
                    file: adapter?.folder ?? "", place: "module '\(module.name)'",
                    problem: "takes the place of the weight or of the bias alone, expected both")
            }
            offset = found.tensor.floats()
        }
        return Weight(
            name: module.name, stored: stored, rows: layout.rows, bias: offset,
            change: try change(
                of: module.name, [part.huggingFace.outputs, inputs], part.huggingFace.rows))
    }

    /// What the adapter adds to a module.
    private func change(
        of module: String, _ shape: [Int], _ rows: RowMap
    ) throws(CheckpointError) -> Weight.LowRankChange? {
        guard let adapter, let factors = adapter.modules[module] else { return nil }
        guard factors.down.columns == shape[1], factors.up.rows == shape[0] else {
            throw CheckpointError(
                file: adapter.folder, place: "module '\(module)'",
                problem: "maps \(factors.down.columns) to \(factors.up.rows), but the base model's maps \(shape[1]) to "
                    + "\(shape[0])")
        }
        adapted.insert(module)
        return Weight.LowRankChange(up: factors.up, down: factors.down, scale: factors.scale, rows: rows)
    }

    /// An RMS norm.
    /// - Parameter offset: what Hugging Face's files leave to be added to the gain; GGUF files hold the sum.
    func rmsNorm(
        _ name: String, gguf: String, layer: Int?, width: Int, epsilon: Double, offset: Float = 0
    ) throws(CheckpointError) -> Norm {
        let module = module(name, gguf: gguf, layer: layer)
        let (stored, holdsSum) = try tensor(module, "weight", [width], huggingFace: [width])
        return Norm(
            .rms, weight: Weight(name: module.name, stored: stored), offset: holdsSum ? 0 : offset, epsilon: epsilon)
    }

    /// A layer norm.
    func layerNorm(
        _ name: String, gguf: String, layer: Int?, width: Int, epsilon: Double
    ) throws(CheckpointError) -> Norm {
        let module = module(name, gguf: gguf, layer: layer)
        let gain = try tensor(module, "weight", [width], huggingFace: [width]).tensor
        let bias = try tensor(module, "bias", [width], huggingFace: [width]).tensor.floats()
        return Norm(.layer, weight: Weight(name: module.name, stored: gain), bias: bias, epsilon: epsilon)
    }

    /// The token embedding, `[vocabulary, width]`.
    func embedding(width: Int) throws(CheckpointError) -> Weight {
        try weight(names.embedding, gguf: "token_embd", layer: nil, .whole(try vocabulary()), inputs: width)
    }

    private func vocabulary() throws(CheckpointError) -> Int {
        switch settings {
        case .huggingFace(let settings): return try settings.count("vocab_size")
        case .gguf(let settings):
            let tokens = try settings.gguf.require("tokenizer.ggml.tokens", "a list of tokens", \.array)
            return try settings.count("vocab_size", default: tokens.count)
        }
    }

    /// The unembedding, where it is not the embedding's table.
    /// - Parameter isTied: what a `config.json` without `tie_word_embeddings` means.
    /// - Throws: ``CheckpointError`` for a file that says they are one table and holds two different ones.
    func unembedding(_ embedding: Weight, isTied: Bool) throws(CheckpointError) -> Weight? {
        let head = module(names.unembedding, gguf: "output", layer: nil)
        let table = module(names.embedding, gguf: "token_embd", layer: nil)
        let isThere = contains(names.unembedding, gguf: "output")
        let sharesTable: Bool
        switch settings {
        case .huggingFace(let settings):
            sharesTable = try settings.flag("tie_word_embeddings", default: isTied)
            guard sharesTable, isThere else { break }
            try tensors.requireTied(
                head.stored + ".weight", to: table.stored + ".weight", because: "tie_word_embeddings")
            used.insert(head.stored + ".weight")
        case .gguf: sharesTable = !isThere
        }
        let shape = [embedding.outputs, embedding.inputs]
        guard sharesTable else {
            return try weight(names.unembedding, gguf: "output", layer: nil, .whole(shape[0]), inputs: shape[1])
        }
        // An adapter of the unembedding alone changes the one table where it is read out.
        let change = try change(of: head.name, shape, RowMap(count: shape[0]))
        let replacement = try replacement(of: head.name + ".weight", shape)
        guard change != nil || replacement != nil else {
            guard let adapter, adapter.modules[table.name] != nil || adapter.replacements[table.name + ".weight"] != nil
            else { return nil }
            throw CheckpointError(
                file: adapter.folder, place: "module '\(table.name)'",
                problem: "is the unembedding too, which PEFT changes with it only where the adapter is merged; "
                    + "expected a base with a head of its own, or an adapter for '\(head.name)' as well")
        }
        let shared = try tensor(table.stored + ".weight", shape)
        return Weight(name: head.name, stored: replacement ?? shared, change: change)
    }

    /// - Throws: ``CheckpointError`` for a tensor or an adapter module that this model has no place for.
    func requireAllUsed() throws(CheckpointError) {
        let isTextPart = if case .huggingFace(let settings) = settings { settings.isTextPart } else { false }
        try tensors.requireAllUsed(used) { name in
            names.isBuffer(name) || (isTextPart && !name.contains("language_model"))
        }
        guard let adapter else { return }
        if let first = adapter.modules.keys.filter({ !adapted.contains($0) }).min() {
            throw CheckpointError(
                file: adapter.folder, place: "module '\(first)'",
                problem: "is not one of the base model's linear modules")
        }
        if let first = adapter.replacements.keys.filter({ !adapted.contains($0) }).min() {
            throw CheckpointError(
                file: adapter.folder, place: "tensor '\(first)'", problem: "is not one of the base model's tensors")
        }
    }
}

/// What a family calls its tensors.
struct FamilyNames {
    /// What the names of all but the unembedding begin with in Hugging Face's files.
    var body = "model"
    /// The list of blocks.
    var layers = "layers"
    var embedding = "embed_tokens"
    var finalNorm = "norm"
    var unembedding = "lm_head"

    func isOutsideBody(_ path: String) -> Bool { path == unembedding }

    /// A name of this model as an adapter may write it: from inside a model that reads pictures too, or with transformers' common
    /// name for the unembedding.
    func canonical(_ name: String) -> String {
        for inside in ["model.language_model.", "language_model.model."] where name.hasPrefix(inside) {
            return "\(body).\(name.dropFirst(inside.count))"
        }
        let head = "lm_head"
        return name == head || name.hasPrefix(head + ".") ? unembedding + name.dropFirst(head.count) : name
    }

    /// Names that carry no weight: masks and frequencies that older versions saved.
    func isBuffer(_ name: String) -> Bool {
        name.hasSuffix(".rotary_emb.inv_freq") || name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
            || name.hasSuffix(".attention.bias") || name.hasSuffix(".attention.masked_bias")
            || ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"].contains(name)
    }
}
