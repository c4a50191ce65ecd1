import Checkpoints
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// What `config.json` and GGUF metadata may say, and what they may not.
@Suite struct ModelSettingsTests {
    private static let count = "expected a whole number from 1 to "
    private static let families =
        "gemma2, gemma3, gemma3_text, gpt2, gpt_neox, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3"

    @Test(arguments: [
        (
            "\"model_type\": \"llama\"", "\"model_type\": \"mixtral\"",
            "'model_type' is 'mixtral', a mixture of experts, which is not supported; expected one of \(families)"
        ),
        (
            "\"model_type\": \"llama\"", "\"kind\": 1",
            "'model_type' is missing, expected a text"
        ),
        (
            "\"hidden_act\": \"silu\"", "\"hidden_act\": \"relu\"",
            "'hidden_act' is \"relu\", expected \"silu\", \"swish\", \"gelu\", \"gelu_pytorch_tanh\", \"gelu_new\" or \"gelu_fast\""
        ),
        (
            "\"hidden_act\": \"silu\"", "\"quantization_config\": {\"bits\": 4}",
            "'quantization_config' is {\"bits\":4}, expected none: give the unquantised weights, or a GGUF file"
        ),
        ("\"hidden_size\": 32,", "", "'hidden_size' is missing, \(count)16777216"),
        ("\"hidden_size\": 32", "\"hidden_size\": 32.0", "'hidden_size' is 32.0, \(count)16777216"),
        ("\"intermediate_size\": 32", "\"intermediate_size\": null", "'intermediate_size' is null, \(count)16777216"),
        (
            "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 1152921504606846976",
            "'num_hidden_layers' is 1152921504606846976, \(count)4096"
        ),
        ("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 0", "'num_hidden_layers' is 0, \(count)4096"),
        ("\"vocab_size\": 80", "\"vocab_size\": -80", "'vocab_size' is -80, \(count)16777216"),
        ("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 0", "'rms_norm_eps' is 0, expected a positive number"),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"dynamic\"",
            "'rope_parameters.rope_type' is \"dynamic\", expected \"default\", \"linear\", \"llama3\", \"yarn\", \"longrope\" or \"su\""
        ),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"linear\"",
            "'rope_parameters.factor' is missing, expected a positive number"
        ),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"linear\", \"factor\": -1",
            "'rope_parameters.factor' is -1, expected a positive number"
        ),
        (
            "\"rope_type\": \"default\"", "\"partial_rotary_factor\": 1.5",
            "rotary positions: turn 12 of a head's 8 dimensions, expected an even number from 2 on"
        ),
        (
            "\"rope_type\": \"default\"", "\"partial_rotary_factor\": 0.5",
            "'partial_rotary_factor': turns 4 of a head's 8 dimensions, and this family turns all"
        ),
        (
            "\"rope_theta\": 10000.0", "\"rope_theta\": \"10000\"",
            "'rope_parameters.rope_theta' is \"10000\", expected a positive number"
        ),
        (
            "\"num_key_value_heads\": 4", "\"num_key_value_heads\": 3",
            "'num_key_value_heads' is 3, expected a number that divides the 4 query heads"
        ),
        (
            "\"head_dim\": 8", "\"head_dim\": 7",
            "rotary positions: turn 7 of a head's 7 dimensions, expected an even number from 2 on"
        ),
    ])
    func `a setting that no family has is refused`(_ old: String, _ new: String, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace(old, with: new, in: "config.json")
        files.expect("config.json: " + problem) { try Decoder(Checkpoint(path: files.folder)) }
    }

    @Test func `LongRoPE holds within the original length, in every family`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace(
            "\"rope_type\": \"default\"",
            with: """
                "rope_type": "longrope", "short_factor": [1, 1, 1, 1], "long_factor": [2, 2, 2, 2],
                "original_max_position_embeddings": 16
                """, in: "config.json")
        #expect(try Decoder(Checkpoint(path: files.folder)).shape.maximumLength == 16)
    }

    @Test func `an older configuration's scaling counts where the newer key is null`() throws {
        let files = try DamagedFiles(copying: "llamas/linear-rope-bf16")
        let expected = try logits(files)
        let config = try JSON.parse(Fixtures.bytes(files.path("config.json")))
        let members = try #require(config.object).flatMap { member in
            member.key == "rope_parameters"
                ? [.init("rope_parameters", .null), .init("rope_scaling", member.value)] : [member]
        }
        try files.write("config.json", Array(JSON.object(members).text().utf8))
        #expect(try logits(files) == expected)
    }

    @Test(arguments: [
        (
            "hidden_size\": 32", "hidden_size\": 64",
            "tensor 'model.embed_tokens.weight': has shape [80, 32], expected [80, 64]"
        ),
        (
            "num_hidden_layers\": 3", "num_hidden_layers\": 4",
            "tensor 'model.layers.3.input_layernorm.weight' is missing; expected shape [32]"
        ),
        (
            "tie_word_embeddings\": true", "tie_word_embeddings\": false",
            "tensor 'lm_head.weight' is missing; expected shape [80, 32]"
        ),
        (
            "attention_bias\": false", "attention_bias\": true",
            "tensor 'model.layers.0.self_attn.q_proj.bias' is missing; expected shape [32]"
        ),
    ])
    func `settings and tensors must agree`(_ old: String, _ new: String, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace(old, with: new, in: "config.json")
        #expect(files.problem { try Decoder(Checkpoint(path: files.folder)) }.hasSuffix(problem))
    }

    @Test func `weights of a layer that the settings do not name are an error`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace("num_hidden_layers\": 3", with: "num_hidden_layers\": 2", in: "config.json")
        files.expect(
            "FOLDER holds tensors that this architecture does not use: 'model.layers.2.input_layernorm.weight', "
                + "'model.layers.2.mlp.down_proj.weight', 'model.layers.2.mlp.gate_proj.weight' and 6 more"
        ) { try Decoder(Checkpoint(path: files.folder)) }
    }

    @Test(arguments: [
        (
            "general.architecture",
            "metadata 'general.architecture' is 'lxama', expected one of \(families)"
        ),
        ("llama.block_count", "metadata 'llama.block_count' is missing, expected a whole number from 1 to 4096"),
        (
            "llama.attention.layer_norm_rms_epsilon",
            "metadata 'llama.attention.layer_norm_rms_epsilon' is missing, expected a positive number"
        ),
        ("tokenizer.ggml.tokens", "metadata 'tokenizer.ggml.tokens' is missing; expected a list of tokens"),
    ])
    func `metadata that is missing is named`(_ key: String, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/gguf")
        try files.edit("model.gguf") { bytes in
            let name = Array(key.utf8)
            let at = try #require(Self.first(name, in: bytes))
            if key == "general.architecture" {
                // The value follows: its type, its length, and "llama".
                bytes[at + name.count + 4 + 8 + 1] = UInt8(ascii: "x")
            } else {
                bytes[at] ^= 1
            }
        }
        files.expect("model.gguf: " + problem) { try Decoder(Checkpoint(path: files.path("model.gguf"))) }
    }

    @Test(arguments: [
        (
            "llama.rope.freq_base", Float(-1).bitPattern,
            "metadata 'llama.rope.freq_base' is -1.0, expected a positive number"
        ),
        (
            "llama.attention.layer_norm_rms_epsilon", Float.nan.bitPattern,
            "metadata 'llama.attention.layer_norm_rms_epsilon' is nan, expected a positive number"
        ),
        ("llama.block_count", 0, "metadata 'llama.block_count' is 0, expected a whole number from 1 to 4096"),
        (
            "llama.attention.head_count", 1 << 30,
            "metadata 'llama.attention.head_count' is 1073741824, expected a whole number from 1 to 65536"
        ),
        (
            "llama.attention.head_count_kv", 3,
            "metadata 'llama.attention.head_count_kv' is 3, expected a number that divides the 4 query heads"
        ),
    ])
    func `metadata out of range is named`(_ key: String, _ value: UInt32, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/gguf")
        try files.edit("model.gguf") { bytes in
            let name = DamagedFiles.littleEndian(UInt64(key.utf8.count)) + Array(key.utf8)
            let at = try #require(Self.first(name, in: bytes)) + name.count + 4
            bytes.replaceSubrange(at..<at + 4, with: DamagedFiles.littleEndian(value))
        }
        files.expect("model.gguf: " + problem) { try Decoder(Checkpoint(path: files.path("model.gguf"))) }
    }

    private func logits(_ files: DamagedFiles) throws -> [Float] {
        try Decoder(Checkpoint(path: files.folder)).logits(
            of: [1, 5, 2, 7, 3], workspace: Workspace(Workers(count: 1)))
    }

    private static func first(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        (0..<bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}
