import Digests
import Foundation
import JSON
import Tensors

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

    public let folder: String
    /// Factors by the name of their module in the base model: `model.layers.3.self_attn.q_proj`.
    public let modules: [String: Factors]
    /// SHA-256 over configuration and weights.
    public let digest: String

    /// Reads `adapter_config.json` and `adapter_model.safetensors`.
    /// - Throws: ``CheckpointError`` for a damaged file, and for any setting that would change the maths and is not supported.
    public init(folder: String) throws(CheckpointError) {
        self.folder = folder
        let configurationFile = try MappedFile(path: folder + "/adapter_config.json")
        let settings = try Settings(configurationFile)
        let weightsPath = folder + "/adapter_model.safetensors"
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
            modules[module] = Factors(down: down, up: up, scale: settings.scale(of: module, rank: rank))
            used.formUnion([name, upName])
        }
        try table.requireAllUsed(used) { _ in false }
        guard !modules.isEmpty else {
            throw CheckpointError(file: weightsPath, problem: "holds no LoRA factors")
        }
        self.modules = modules
        var hash = SHA256()
        hash.update(configurationFile.digest().bytes)
        hash.update(try MappedFile(path: weightsPath).digest().bytes)
        digest = hash.finish().hex
    }

    private static let prefix = "base_model.model."

    private static func module(_ name: String, ending: String) -> String? {
        guard name.hasPrefix(prefix), name.hasSuffix(ending) else { return nil }
        return String(name.dropFirst(prefix.count).dropLast(ending.count))
    }
}

/// What `adapter_config.json` says about the maths.
private struct Settings {
    let path: String
    let rank: Int
    let alpha: Double
    let isRankStabilised: Bool
    let rankPattern: [JSON.Member]
    let alphaPattern: [JSON.Member]

    init(_ file: MappedFile) throws(CheckpointError) {
        path = file.path
        let json: JSON
        do { json = try JSON.parse(file.bytes) } catch {
            throw CheckpointError(file: file.path, problem: "is not JSON: \(error)")
        }
        func refuse(_ key: String, _ found: String, expected: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "'\(key)'", problem: "is \(found), expected \(expected)")
        }
        guard json["peft_type"]?.string == "LORA" else {
            throw refuse("peft_type", json["peft_type"]?.text() ?? "missing", expected: "\"LORA\"")
        }
        for key in ["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora"] where json[key]?.bool == true {
            throw refuse(key, "true", expected: "false: this variant is not supported")
        }
        if let bias = json["bias"]?.string, bias != "none" { throw refuse("bias", "\"\(bias)\"", expected: "\"none\"") }
        for key in ["modules_to_save", "trainable_token_indices"] {
            if let value = json[key], value != .null, value != .array([]) {
                throw refuse(key, value.text(), expected: "null: adapters that replace whole modules are not supported")
            }
        }
        guard let rank = json["r"]?.int, rank >= 1 else {
            throw refuse("r", json["r"]?.text() ?? "missing", expected: "a whole number, at least 1")
        }
        guard let alpha = json["lora_alpha"]?.number else {
            throw refuse("lora_alpha", json["lora_alpha"]?.text() ?? "missing", expected: "a number")
        }
        self.rank = rank
        self.alpha = alpha
        isRankStabilised = json["use_rslora"]?.bool ?? false
        rankPattern = json["rank_pattern"]?.object ?? []
        alphaPattern = json["alpha_pattern"]?.object ?? []
    }

    func rank(of module: String) -> Int { Self.match(rankPattern, module)?.int ?? rank }

    func scale(of module: String, rank: Int) -> Float {
        let alpha = Self.match(alphaPattern, module)?.number ?? alpha
        return Float(alpha / (isRankStabilised ? Double(rank).squareRoot() : Double(rank)))
    }

    /// PEFT matches a pattern's key against the whole name or its end after a dot.
    private static func match(_ pattern: [JSON.Member], _ module: String) -> JSON? {
        pattern.first { module == $0.key || module.hasSuffix("." + $0.key) }?.value
    }
}
