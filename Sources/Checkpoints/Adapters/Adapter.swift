import Foundation
import JSON
import Numerics

/// A PEFT LoRA adapter (Hu et al. 2021), kept apart from the weights it changes: `W + scale · B · A`.
public struct Adapter: Sendable {
    /// The two factors for one module whose weight is `[outputs, inputs]`; an embedding's weight is `[vocabulary, width]`.
    public struct Factors: Sendable {
        /// `A`, `[rank, inputs]`.
        public let down: StoredTensor
        /// `B`, `[outputs, rank]`.
        public let up: StoredTensor
        /// α / rank, or α / √rank with rank-stabilised LoRA.
        public let scale: Float
    }

    /// The folder that was opened.
    public let folder: String
    /// Factors by the name of their module in the base model: `model.layers.3.self_attn.q_proj`.
    public private(set) var modules: [String: Factors]
    /// Whole tensors that take the place of the base model's, by the base's name: `lm_head.weight` of `modules_to_save`, and the
    /// embedding that PEFT saves beside factors for it.
    public private(set) var replacements: [String: StoredTensor]
    private let settings: AdapterSettings

    /// The files of an adapter's folder: its settings, then its weights, safetensors before `.bin`.
    public static func files(in folder: String) -> [String] {
        let weights = ["adapter_model.safetensors", "adapter_model.bin"].map { folder + "/" + $0 }
        let found = weights.first { FileManager.default.fileExists(atPath: $0) } ?? weights[0]
        return [folder + "/adapter_config.json", found]
    }

    /// Reads `adapter_config.json` and the weights beside it.
    /// - Throws: ``CheckpointError`` for a damaged file, and for any setting that would change the maths and is not supported.
    public init(folder: String) throws(CheckpointError) {
        self.folder = folder
        let files = Self.files(in: folder)
        settings = try AdapterSettings(MappedFile(path: files[0]))
        let table = try WeightFormat.read(files[1])
        var modules: [String: Factors] = [:]
        var replacements: [String: StoredTensor] = [:]
        var used: Set<String> = []
        for name in table.names {
            switch AdapterTensor(name) {
            case .down(let module, let isEmbedding):
                guard let other = AdapterTensor.up(of: name) else { continue }
                let (down, up) = (try table.tensor(name), try table.tensor(other))
                let factors = try Self.factors(
                    module, down, up, isEmbedding: isEmbedding, settings: settings, file: files[1])
                guard modules.updateValue(factors, forKey: module) == nil else {
                    throw CheckpointError(
                        file: files[1], place: "module '\(module)'", problem: "has two pairs of factors, expected one")
                }
                used.formUnion([name, other])
            case .whole(let tensor, let isBase):
                guard isBase || settings.saves(tensor) else { continue }
                guard replacements.updateValue(try table.tensor(name), forKey: tensor) == nil else {
                    throw CheckpointError(file: files[1], place: "tensor '\(tensor)'", problem: "is there twice")
                }
                used.insert(name)
            case .other: continue
            }
        }
        let left = table.names.filter { !used.contains($0) }
        if let first = left.first {
            throw CheckpointError(
                file: files[1], place: "tensor '\(first)'",
                problem: "is neither half of a pair of LoRA factors, nor of a module in 'modules_to_save'"
                    + (left.count > 1 ? ", and so are \(left.count - 1) more" : ""))
        }
        guard !modules.isEmpty else { throw CheckpointError(file: files[1], problem: "the file holds no LoRA factors") }
        self.modules = modules
        self.replacements = replacements
    }

    /// The same adapter under other names of its modules.
    /// - Parameter name: the name for a module, or for a module's tensor.
    /// - Throws: ``CheckpointError`` where two of them become one.
    public func renamed(_ name: (String) -> String) throws(CheckpointError) -> Adapter {
        var adapter = self
        adapter.modules = Dictionary(modules.map { (name($0), $1) }, uniquingKeysWith: { first, _ in first })
        adapter.replacements = Dictionary(replacements.map { (name($0), $1) }, uniquingKeysWith: { first, _ in first })
        guard adapter.modules.count == modules.count, adapter.replacements.count == replacements.count else {
            throw CheckpointError(file: folder, problem: "a module has two names, expected one")
        }
        return adapter
    }

    /// Layers without any factors, of a base model with `count` of them, where the settings do not leave them out: it may be meant,
    /// or the file may be incomplete.
    public func layersWithoutFactors(of count: Int) -> [Int] {
        let places = modules.keys.compactMap(LayerName.init)
        let present = Set(places.map(\.layer))
        let kinds = Set(places.map { [$0.before, $0.after] })
        return (0..<count).filter { layer in
            !present.contains(layer)
                && kinds.contains { settings.targets("\($0[0]).\(layer).\($0[1])", layer: layer) }
        }
    }

    private static func factors(
        _ module: String, _ down: StoredTensor, _ up: StoredTensor, isEmbedding: Bool, settings: AdapterSettings,
        file: String
    ) throws(CheckpointError) -> Factors {
        guard down.shape.count == 2, up.shape.count == 2, down.shape[0] == up.shape[1], down.shape[0] > 0 else {
            throw CheckpointError(
                file: file, place: "module '\(module)'",
                problem: "has factors of shapes \(down.shape) and \(up.shape), expected [rank, in] and [out, rank]")
        }
        let rank = down.shape[0]
        let expected = settings.rank(of: module)
        guard rank == expected else {
            throw CheckpointError(
                file: file, place: "module '\(module)'",
                problem: "has rank \(rank), but adapter_config.json says \(expected)")
        }
        let scale = try settings.scale(of: module, rank: rank)
        guard isEmbedding else { return Factors(down: down, up: up, scale: scale) }
        // PEFT looks tokens up in `A`, `[rank, vocabulary]`: the embedding's weight has its tokens as rows.
        guard let lower = up.transposed, let upper = down.transposed else {
            throw CheckpointError(
                file: file, place: "module '\(module)'",
                problem: "has factors that are stored in blocks, expected plain numbers")
        }
        return Factors(down: lower, up: upper, scale: scale)
    }
}

/// What a tensor's name in an adapter's file says, with and without the adapter's own name, `default`, in it.
private enum AdapterTensor {
    /// `A`, for a linear module or for an embedding.
    case down(module: String, isEmbedding: Bool)
    /// A whole tensor of the base's name; `isBase` where it is what factors are added to.
    case whole(tensor: String, isBase: Bool)
    case other

    private static let prefix = "base_model.model."

    init(_ name: String) {
        self = .other
        guard name.hasPrefix(Self.prefix) else { return }
        let path = String(name.dropFirst(Self.prefix.count))
        for (ending, isEmbedding) in [
            (".lora_A.weight", false), (".lora_A.default.weight", false), (".lora_embedding_A", true),
            (".lora_embedding_A.default", true),
        ] where path.hasSuffix(ending) {
            self = .down(module: String(path.dropLast(ending.count)), isEmbedding: isEmbedding)
            return
        }
        guard !path.contains(".lora_") else { return }
        for part in ["weight", "bias"] where path.hasSuffix("." + part) {
            for (ending, isBase) in [
                (".base_layer." + part, true), (".modules_to_save.default." + part, false),
                (".modules_to_save." + part, false), ("." + part, false),
            ] where path.hasSuffix(ending) {
                self = .whole(tensor: path.dropLast(ending.count) + "." + part, isBase: isBase)
                return
            }
        }
    }

    /// The name of `B` that goes with the name of an `A`.
    static func up(of name: String) -> String? {
        for kind in ["lora_", "lora_embedding_"] {
            guard let range = name.range(of: ".\(kind)A", options: .backwards) else { continue }
            return name.replacingCharacters(in: range, with: ".\(kind)B")
        }
        return nil
    }
}

/// A module's name around the number of its layer: `model.layers`, 3, `self_attn.q_proj`.
struct LayerName {
    let before: String
    let layer: Int
    let after: String

    init?(_ module: String) {
        let parts = module.split(separator: ".", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(where: { Int($0) != nil }), let layer = Int(parts[place]) else { return nil }
        self.layer = layer
        before = parts[..<place].joined(separator: ".")
        after = parts[(place + 1)...].joined(separator: ".")
    }
}
