import JSON

/// What `adapter_config.json` says about the maths.
///
/// PEFT grows new variants every few months, and most of them change what an adapter computes. So a key is either known to be
/// harmless, or read here, or must be off: an unknown key with a value is an error, never ignored.
struct AdapterSettings: Sendable {
    private let file: String
    private let rank: Int
    private let alpha: Double
    private let isRankStabilised: Bool
    private let rankPattern: [(pattern: ModulePattern, rank: Int)]
    private let alphaPattern: [(pattern: ModulePattern, alpha: Double)]
    private let savedModules: [String]
    private let targetNames: [String]?
    private let targetPattern: ModulePattern?
    private let layers: Set<Int>?

    /// Keys that this reads.
    private static let read: Set<String> = [
        "peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "bias", "init_lora_weights",
        "modules_to_save", "target_modules", "layers_to_transform",
    ]

    /// Keys about training, bookkeeping, or which modules there are, which the weights' own names tell.
    private static let harmless: Set<String> = [
        "task_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode",
        "exclude_modules", "lora_dropout", "layers_pattern", "megatron_core", "fan_in_fan_out",
        "qalora_group_size", "runtime_config", "eva_config",
    ]

    /// Initialisations that leave the base model's weights alone; PiSSA, OLoRA and their kin subtract from them.
    private static let initialisations: [JSON] = [
        .null, .bool(true), .bool(false), .string("gaussian"), .string("eva"), .string("orthogonal"),
    ]

    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file.path
        let json = try file.json()
        let reader = Reader(json: json, file: file.path)
        guard json["peft_type"] == .string("LORA") else { throw reader.refuse("peft_type", "\"LORA\"") }
        guard [nil, .null, .string("none")].contains(json["bias"]) else { throw reader.refuse("bias", "\"none\"") }
        guard Self.initialisations.contains(json["init_lora_weights"] ?? .null) else {
            throw reader.refuse(
                "init_lora_weights", "one that leaves the base model as it is: true, \"gaussian\" or \"eva\"")
        }
        for member in json.object ?? [] where !Self.read.contains(member.key) && !Self.harmless.contains(member.key) {
            guard [.null, .bool(false), .array([]), .object([])].contains(member.value) else {
                throw reader.refuse(member.key, "none: this variant of LoRA is not supported")
            }
        }
        guard let rank = json["r"]?.int, rank >= 1 else { throw reader.refuse("r", "a whole number, at least 1") }
        guard let alpha = json["lora_alpha"]?.number else { throw reader.refuse("lora_alpha", "a number") }
        guard let isRankStabilised = (json["use_rslora"] ?? .bool(false)).bool else {
            throw reader.refuse("use_rslora", "true or false")
        }
        self.rank = rank
        self.alpha = alpha
        self.isRankStabilised = isRankStabilised
        rankPattern = try reader.pattern("rank_pattern", "whole numbers", \.int)
            .map { (pattern: $0.pattern, rank: $0.value) }
        alphaPattern = try reader.pattern("alpha_pattern", "numbers", \.number)
            .map { (pattern: $0.pattern, alpha: $0.value) }
        savedModules = try reader.list("modules_to_save", "a list of names", \.string) ?? []
        if case .int(let layer) = json["layers_to_transform"] {
            layers = [layer]
        } else {
            layers = try reader.list("layers_to_transform", "whole numbers", \.int).map(Set.init)
        }
        switch json["target_modules"] {
        case .string("all-linear"), .null, nil: (targetNames, targetPattern) = (nil, nil)
        case .string(let text):
            // Only a note about layers without factors follows from it: a pattern that we do not read names no module.
            targetPattern = try? ModulePattern(matching: text, file: file.path, place: "'target_modules'")
            targetNames = targetPattern == nil ? [] : nil
        default:
            targetNames = try reader.list("target_modules", "a list of names, or a regular expression", \.string)
            targetPattern = nil
        }
    }

    /// The rank that the factors of `module` must have.
    func rank(of module: String) -> Int { rankPattern.first { $0.pattern.matches(module) }?.rank ?? rank }

    /// α / rank, or α / √rank with rank-stabilised LoRA (Kalajdzievski 2023).
    /// - Throws: ``CheckpointError`` where an f32 cannot hold it.
    func scale(of module: String, rank: Int) throws(CheckpointError) -> Float {
        let alpha = alphaPattern.first { $0.pattern.matches(module) }?.alpha ?? alpha
        let scale = Float(alpha / (isRankStabilised ? Double(rank).squareRoot() : Double(rank)))
        guard scale.isFinite else {
            throw CheckpointError(file: file, place: "'lora_alpha'", problem: "is \(alpha), too large for an f32")
        }
        return scale
    }

    /// Whether a whole tensor belongs to a module that `modules_to_save` names by its end, as PEFT compares it, or is an
    /// embedding, which PEFT saves unasked where its size changed.
    func saves(_ tensor: String) -> Bool {
        let parts = tensor.split(separator: ".").dropLast()
        return (savedModules + ["embed_tokens", "lm_head", "wte", "embed_in", "embed_out"]).contains { name in
            parts.indices.contains { parts[...$0].joined(separator: ".").hasSuffix(name) }
        }
    }

    /// Whether the settings mean a module of a layer to have factors.
    func targets(_ module: String, layer: Int) -> Bool {
        if let layers, !layers.contains(layer) { return false }
        if let targetPattern { return targetPattern.matches(module) }
        return targetNames?.contains { module == $0 || module.hasSuffix("." + $0) } ?? true
    }

    /// Reads the file's members, and refuses them by name.
    private struct Reader {
        let json: JSON
        let file: String

        func refuse(_ key: String, _ expected: String) -> CheckpointError {
            CheckpointError(
                file: file, place: "'\(key)'",
                problem: "is \(json[key]?.excerpt ?? "missing"), expected \(expected)")
        }

        func list<Element>(
            _ key: String, _ kind: String, _ element: (JSON) -> Element?
        ) throws(CheckpointError) -> [Element]? {
            guard let value = json[key], value != .null else { return nil }
            let elements = value.array?.compactMap(element) ?? []
            guard let count = value.array?.count, count == elements.count else { throw refuse(key, kind) }
            return elements
        }

        func pattern<Value>(
            _ key: String, _ kind: String, _ read: (JSON) -> Value?
        ) throws(CheckpointError) -> [(pattern: ModulePattern, value: Value)] {
            guard let value = json[key], value != .null else { return [] }
            guard let members = value.object else { throw refuse(key, "\(kind) by module name") }
            var patterns: [(ModulePattern, Value)] = []
            for member in members {
                guard let value = read(member.value) else { throw refuse(key, "\(kind) by module name") }
                patterns.append((try ModulePattern(ending: member.key, file: file, place: "'\(key)'"), value))
            }
            return patterns
        }
    }
}
