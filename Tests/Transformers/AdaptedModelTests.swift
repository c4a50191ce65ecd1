import Checkpoints
import TestSupport
import Testing
import Transformers

/// Adapters that do not belong to their base model, and names that an adapter may use.
@Suite struct AdaptedModelTests {
    /// An adapter of rank 2 whose factors, all zero, are for these modules.
    private static func adapter(of modules: [String], _ size: [Int]) throws -> DamagedFiles {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        let (down, up) = (4 * size[0], 4 * size[1])
        let entries = modules.enumerated().map { index, module in
            let start = index * (down + up)
            return """
                "base_model.model.\(module).lora_A.weight":\
                {"dtype":"F16","shape":[2,\(size[0])],"data_offsets":[\(start),\(start + down)]},\
                "base_model.model.\(module).lora_B.weight":\
                {"dtype":"F16","shape":[\(size[1]),2],"data_offsets":[\(start + down),\(start + down + up)]}
                """
        }
        try files.write(
            "adapter_model.safetensors",
            DamagedFiles.safetensors("{\(entries.joined(separator: ","))}", data: modules.count * (down + up)))
        return files
    }

    @Test(arguments: [
        ("llamas/pair/base", "model.language_model.layers.0.self_attn.k_proj", [32, 16]),
        ("llamas/pair/base", "language_model.model.layers.0.self_attn.k_proj", [32, 16]),
        ("families/gpt-neox/base", "lm_head", [24, 64]),
    ])
    func `an adapter may use the names of a model that reads pictures, and the common name of the unembedding`(
        _ base: String, _ module: String, _ size: [Int]
    ) throws {
        let base = try Checkpoint(path: Fixtures.path(base))
        let adapter = try Adapter(folder: Self.adapter(of: [module], size).folder)
        let added = try Decoder(base, adapter: adapter).parameterCount - Decoder(base).parameterCount
        #expect(added == 2 * (size[0] + size[1]))
    }

    @Test func `a module under two names is an error`() throws {
        let name = "layers.0.self_attn.k_proj"
        let files = try Self.adapter(of: ["model." + name, "model.language_model." + name], [32, 16])
        let base = try Checkpoint(path: Fixtures.path("llamas/pair/base"))
        files.expect("FOLDER: a module has two names, expected one") {
            try Decoder(base, adapter: Adapter(folder: files.folder))
        }
    }

    @Test(arguments: [
        ("lm_head", [4, 80], "module 'lm_head': maps 4 to 80, but the base model's maps 32 to 80"),
        (
            "model.layers.3.self_attn.q_proj", [32, 32],
            "module 'model.layers.3.self_attn.q_proj' is not one of the base model's linear modules"
        ),
        (
            "model.layers.0.input_layernorm", [32, 32],
            "module 'model.layers.0.input_layernorm' is not one of the base model's linear modules"
        ),
        (
            "model.layers.0.self_attn.k_proj", [32, 32],
            "module 'model.layers.0.self_attn.k_proj': maps 32 to 32, but the base model's maps 32 to 16"
        ),
        (
            "model.layers.0.self_attn.k_proj", [16, 16],
            "module 'model.layers.0.self_attn.k_proj': maps 16 to 16, but the base model's maps 32 to 16"
        ),
    ])
    func `a module that the base does not have, or has otherwise, is named`(
        _ module: String, _ size: [Int], _ problem: String
    ) throws {
        let files = try Self.adapter(of: [module], size)
        let base = try Checkpoint(path: Fixtures.path("llamas/pair/base"))
        files.expect("FOLDER: " + problem) { try Decoder(base, adapter: Adapter(folder: files.folder)) }
    }
}
