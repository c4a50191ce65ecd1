import JSON

/// What `adapter_config.json` says about the maths.
///
/// PEFT grows new variants every few months, and most of them change what an adapter computes. So a key is either known to be
/// harmless, or read here, or must be off: an unknown key with a value is an error, never ignored.
struct AdapterSettings {
    private let file: String
    private let rank: Int
    private let alpha: Double
    private let isRankStabilised: Bool
    private let rankPattern: [JSON.Member]
    private let alphaPattern: [JSON.Member]

    /// Keys that this reads.
    private static let read: Set<String> = [
        "peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "bias", "init_lora_weights",
    ]

    /// Keys about training, bookkeeping, or which modules there are, which the weights' own names tell.
    private static let harmless: Set<String> = [
        "task_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode",
        "target_modules", "exclude_modules", "lora_dropout", "layers_to_transform", "layers_pattern", "megatron_core",
        "qalora_group_size", "runtime_config", "eva_config",
    ]

    /// Initialisations that leave the base model's weights alone; PiSSA, OLoRA and their kin subtract from them.
    private static let initialisations: [JSON] = [
        .null, .bool(true), .bool(false), .string("gaussian"), .string("eva"), .string("orthogonal"),
    ]

    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file.path
        let json = try file.json()
        func refuse(_ key: String, _ expected: String) -> CheckpointError {
            CheckpointError(
                file: file.path, place: "'\(key)'",
                problem: "is \(json[key]?.text() ?? "missing"), expected \(expected)")
        }
        guard json["peft_type"] == .string("LORA") else { throw refuse("peft_type", "\"LORA\"") }
        guard [nil, .null, .string("none")].contains(json["bias"]) else { throw refuse("bias", "\"none\"") }
        guard Self.initialisations.contains(json["init_lora_weights"] ?? .null) else {
            throw refuse("init_lora_weights", "one that leaves the base model as it is: true, \"gaussian\" or \"eva\"")
        }
        for member in json.object ?? [] where !Self.read.contains(member.key) && !Self.harmless.contains(member.key) {
            guard [.null, .bool(false), .array([]), .object([])].contains(member.value) else {
                throw refuse(member.key, "none: this variant of LoRA is not supported")
            }
        }
        guard let rank = json["r"]?.int, rank >= 1 else { throw refuse("r", "a whole number, at least 1") }
        guard let alpha = json["lora_alpha"]?.number else { throw refuse("lora_alpha", "a number") }
        guard let isRankStabilised = (json["use_rslora"] ?? .bool(false)).bool else {
            throw refuse("use_rslora", "true or false")
        }
        self.rank = rank
        self.alpha = alpha
        self.isRankStabilised = isRankStabilised
        func pattern(_ key: String, _ isValue: (JSON) -> Bool, _ kind: String) throws(CheckpointError) -> [JSON.Member]
        {
            guard let value = json[key], value != .null else { return [] }
            guard let members = value.object, members.allSatisfy({ Self.isName($0.key) && isValue($0.value) }) else {
                throw refuse(key, "\(kind) by module name, without wildcards")
            }
            return members
        }
        rankPattern = try pattern("rank_pattern", { $0.int != nil }, "a whole number")
        alphaPattern = try pattern("alpha_pattern", { $0.number != nil }, "a number")
    }

    /// The rank that the factors of `module` must have.
    func rank(of module: String) -> Int { Self.match(rankPattern, module)?.int ?? rank }

    /// α / rank, or α / √rank with rank-stabilised LoRA (Kalajdzievski 2023).
    /// - Throws: ``CheckpointError`` where an f32 cannot hold it.
    func scale(of module: String, rank: Int) throws(CheckpointError) -> Float {
        let alpha = Self.match(alphaPattern, module)?.number ?? alpha
        let scale = Float(alpha / (isRankStabilised ? Double(rank).squareRoot() : Double(rank)))
        guard scale.isFinite else {
            throw CheckpointError(file: file, place: "'lora_alpha'", problem: "is \(alpha), too large for an f32")
        }
        return scale
    }

    /// Whether a pattern's key names a module or the end of a name, and is no regular expression beyond that.
    private static func isName(_ key: String) -> Bool {
        key.utf8.allSatisfy { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    /// PEFT matches a pattern's key against the whole name or its end after a dot.
    private static func match(_ pattern: [JSON.Member], _ module: String) -> JSON? {
        pattern.first { module == $0.key || module.hasSuffix("." + $0.key) }?.value
    }
}
