import Checkpoints
import TestSupport
import Testing
import Transformers

/// Adapters that do not belong to their base model.
@Suite struct AdaptedModelTests {
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
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        let (inputs, outputs) = (size[0], size[1])
        let header = """
            {"base_model.model.\(module).lora_A.weight":\
            {"dtype":"F16","shape":[2,\(inputs)],"data_offsets":[0,\(4 * inputs)]},\
            "base_model.model.\(module).lora_B.weight":\
            {"dtype":"F16","shape":[\(outputs),2],"data_offsets":[\(4 * inputs),\(4 * (inputs + outputs))]}}
            """
        try files.write(
            "adapter_model.safetensors", DamagedFiles.safetensors(header, data: 4 * (inputs + outputs)))
        let base = try Checkpoint(path: Fixtures.path("llamas/pair/base"))
        files.expect("FOLDER: " + problem) { try Decoder(base, adapter: Adapter(folder: files.folder)) }
    }
}
