import Foundation
import JSON
import Numerics

/// A PEFT LoRA adapter (Hu et al. 2021), kept apart from the weights it changes: `W + scale · B · A`.
public struct Adapter: Sendable {
    /// The two factors for one linear module.
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
    public let modules: [String: Factors]

    /// The files of an adapter's folder: its settings, then its weights.
    public static func files(in folder: String) -> [String] {
        ["adapter_config.json", "adapter_model.safetensors"].map { folder + "/" + $0 }
    }

    /// Reads `adapter_config.json` and `adapter_model.safetensors`.
    /// - Throws: ``CheckpointError`` for a damaged file, and for any setting that would change the maths and is not supported.
    public init(folder: String) throws(CheckpointError) {
        self.folder = folder
        let files = Self.files(in: folder)
        let settings = try AdapterSettings(MappedFile(path: files[0]))
        let weightsPath = files[1]
        let table = try Safetensors.read(weightsPath)
        var modules: [String: Factors] = [:]
        var used: Set<String> = []
        for name in table.names {
            guard let module = Self.module(name, ending: ".lora_A.weight") else { continue }
            let upName = Self.prefix + module + ".lora_B.weight"
            let down = try table.tensor(name)
            let up = try table.tensor(upName)
            guard down.shape.count == 2, up.shape.count == 2, down.shape[0] == up.shape[1], down.shape[0] > 0 else {
                throw CheckpointError(
                    file: weightsPath, place: "module '\(module)'",
                    problem: "has factors of shapes \(down.shape) and \(up.shape), expected [rank, in] and [out, rank]")
            }
            let rank = down.shape[0]
            let expected = settings.rank(of: module)
            guard rank == expected else {
                throw CheckpointError(
                    file: weightsPath, place: "module '\(module)'",
                    problem: "has rank \(rank), but adapter_config.json says \(expected)")
            }
            modules[module] = Factors(down: down, up: up, scale: try settings.scale(of: module, rank: rank))
            used.formUnion([name, upName])
        }
        try table.requireAllUsed(used) { _ in false }
        guard !modules.isEmpty else {
            throw CheckpointError(file: weightsPath, problem: "holds no LoRA factors")
        }
        self.modules = modules
    }

    private static let prefix = "base_model.model."

    private static func module(_ name: String, ending: String) -> String? {
        guard name.hasPrefix(prefix), name.hasSuffix(ending) else { return nil }
        return String(name.dropFirst(prefix.count).dropLast(ending.count))
    }
}
