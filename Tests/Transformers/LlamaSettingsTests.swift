import Checkpoints
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// What `config.json` and GGUF metadata may say, and what they may not.
@Suite struct LlamaSettingsTests {
    private static let count = "expected a whole number from 1 to "

    @Test(arguments: [
        (
            "\"model_type\": \"llama\"", "\"model_type\": \"gpt2\"",
            "'model_type': is \"gpt2\", expected \"llama\"; other families are not supported yet"
        ),
        (
            "\"model_type\": \"llama\"", "\"kind\": 1",
            "'model_type': is missing, expected \"llama\"; other families are not supported yet"
        ),
        ("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "'hidden_act': is \"gelu\", expected \"silu\""),
        (
            "\"hidden_act\": \"silu\"", "\"quantization_config\": {\"bits\": 4}",
            "'quantization_config': is {\"bits\":4}, expected none: give the unquantised weights, or a GGUF file"
        ),
        ("\"hidden_size\": 32,", "", "'hidden_size': is missing, \(count)16777216"),
        ("\"hidden_size\": 32", "\"hidden_size\": 32.0", "'hidden_size': is 32.0, \(count)16777216"),
        ("\"intermediate_size\": 32", "\"intermediate_size\": null", "'intermediate_size': is null, \(count)16777216"),
        (
            "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 1152921504606846976",
            "'num_hidden_layers': is 1152921504606846976, \(count)4096"
        ),
        ("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 0", "'num_hidden_layers': is 0, \(count)4096"),
        ("\"vocab_size\": 80", "\"vocab_size\": -80", "'vocab_size': is -80, \(count)16777216"),
        ("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 0", "'rms_norm_eps': is 0, expected a positive number"),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"",
            "RoPE scaling: is of type 'yarn', expected default, linear or llama3"
        ),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"linear\"",
            "RoPE scaling 'factor': is missing, expected a positive number"
        ),
        (
            "\"rope_type\": \"default\"", "\"rope_type\": \"linear\", \"factor\": -1",
            "RoPE scaling 'factor': is -1, expected a positive number"
        ),
        (
            "\"rope_type\": \"default\"", "\"partial_rotary_factor\": 0.5",
            "'partial_rotary_factor': is 0.5, expected 1: heads that turn in part are not supported"
        ),
        (
            "\"rope_theta\": 10000.0", "\"rope_theta\": \"10000\"",
            "'rope_theta': is \"10000\", expected a positive number"
        ),
        (
            "\"num_key_value_heads\": 4", "\"num_key_value_heads\": 3",
            "attention heads: are 4 of width 8 over 3 key/value heads; expected an even width and a whole number of query heads a key/value head"
        ),
        (
            "\"head_dim\": 8", "\"head_dim\": 7",
            "attention heads: are 4 of width 7 over 4 key/value heads; expected an even width and a whole number of query heads a key/value head"
        ),
    ])
    func `a setting that this forward does not have is refused`(_ old: String, _ new: String, _ problem: String) throws
    {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace(old, with: new, in: "config.json")
        files.expect("config.json: " + problem) { try Llama(Checkpoint(path: files.folder)) }
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
            "tensor 'model.layers.3.input_layernorm.weight': is missing; expected shape [32]"
        ),
        (
            "tie_word_embeddings\": true", "tie_word_embeddings\": false",
            "tensor 'lm_head.weight': is missing; expected shape [80, 32]"
        ),
        (
            "attention_bias\": false", "attention_bias\": true",
            "tensor 'model.layers.0.self_attn.q_proj.bias': is missing; expected shape [32]"
        ),
    ])
    func `settings and tensors must agree`(_ old: String, _ new: String, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace(old, with: new, in: "config.json")
        #expect(files.problem { try Llama(Checkpoint(path: files.folder)) }.hasSuffix(problem))
    }

    @Test func `weights of a layer that the settings do not name are an error`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.replace("num_hidden_layers\": 3", with: "num_hidden_layers\": 2", in: "config.json")
        files.expect(
            "FOLDER: holds tensors that this architecture does not use: 'model.layers.2.input_layernorm.weight', "
                + "'model.layers.2.mlp.down_proj.weight', 'model.layers.2.mlp.gate_proj.weight' and 6 more"
        ) { try Llama(Checkpoint(path: files.folder)) }
    }

    @Test(arguments: [
        (
            "general.architecture",
            "metadata 'general.architecture': is 'lxama', expected 'llama'; other families are not supported yet"
        ),
        ("llama.block_count", "metadata 'llama.block_count': is missing; expected a whole number from 1 to 16777216"),
        (
            "llama.attention.layer_norm_rms_epsilon",
            "metadata 'llama.attention.layer_norm_rms_epsilon': is missing; expected a positive number"
        ),
        ("tokenizer.ggml.tokens", "metadata 'tokenizer.ggml.tokens': is missing; expected a list of tokens"),
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
        files.expect("model.gguf: " + problem) { try Llama(Checkpoint(path: files.path("model.gguf"))) }
    }

    @Test(arguments: [
        ("llama.rope.freq_base", Float(-1).bitPattern, "metadata 'llama.rope.freq_base': is not a positive number"),
        (
            "llama.attention.layer_norm_rms_epsilon", Float.nan.bitPattern,
            "metadata 'llama.attention.layer_norm_rms_epsilon': is not a positive number"
        ),
        ("llama.block_count", 0, "metadata 'llama.block_count': is not a whole number from 1 to 16777216"),
        (
            "llama.attention.head_count", 1 << 30,
            "metadata 'llama.attention.head_count': is not a whole number from 1 to 16777216"
        ),
        (
            "llama.attention.head_count_kv", 3,
            "attention heads: are 4 of width 8 over 3 key/value heads; expected an even width and a whole number of query heads a key/value head"
        ),
    ])
    func `metadata out of range is named`(_ key: String, _ value: UInt32, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/gguf")
        try files.edit("model.gguf") { bytes in
            let name = DamagedFiles.littleEndian(UInt64(key.utf8.count)) + Array(key.utf8)
            let at = try #require(Self.first(name, in: bytes)) + name.count + 4
            bytes.replaceSubrange(at..<at + 4, with: DamagedFiles.littleEndian(value))
        }
        files.expect("model.gguf: " + problem) { try Llama(Checkpoint(path: files.path("model.gguf"))) }
    }

    private func logits(_ files: DamagedFiles) throws -> [Float] {
        try Llama(Checkpoint(path: files.folder)).logits(of: [1, 5, 2, 7, 3], workers: Workers(count: 1))
    }

    private static func first(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        (0..<bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}
