import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct AdapterTests {
    private static let query = "model.layers.1.self_attn.q_proj"

    @Test func `an adapter gives its factors by module, with their scale`() throws {
        let adapter = try Adapter(folder: Fixtures.path("llamas/pair/adapter"))
        #expect(adapter.modules.count == 10)
        let factors = try #require(adapter.modules[Self.query])
        #expect(factors.down.shape == [2, 32])
        #expect(factors.up.shape == [32, 2])
        // Rank-stabilised: α / √rank.
        #expect(factors.scale == Float(6 / 2.0.squareRoot()))
    }

    @Test func `its files are its settings and its weights`() {
        #expect(Adapter.files(in: "a") == ["a/adapter_config.json", "a/adapter_model.safetensors"])
    }

    @Test func `plain LoRA scales by alpha over rank`() throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace("\"use_rslora\": true", with: "\"use_rslora\": false", in: "adapter_config.json")
        #expect(try Adapter(folder: files.folder).modules[Self.query]?.scale == 3)
    }

    @Test func `patterns set rank and alpha of the modules whose name they end`() throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace(
            "\"use_rslora\": true",
            with: """
                "rank_pattern": {"q_proj": 2, "v_proj": 2, "o_proj": 2, "up_proj": 2, "down_proj": 2},
                "alpha_pattern": {"1.self_attn.q_proj": 12, "model.layers.2.self_attn.q_proj": 20, "roj": 99}
                """, in: "adapter_config.json")
        try files.replace("\"r\": 2", with: "\"r\": 16", in: "adapter_config.json")
        let modules = try Adapter(folder: files.folder).modules
        #expect(modules[Self.query]?.scale == 6)
        #expect(modules["model.layers.2.self_attn.q_proj"]?.scale == 10)
        #expect(modules["model.layers.2.self_attn.v_proj"]?.scale == 3)
    }

    @Test func `a full configuration as PEFT writes it is accepted`() throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace(
            "\"bias\": \"none\"",
            with: """
                "alora_invocation_tokens": null, "alpha_pattern": {}, "arrow_config": null, "auto_mapping": null,
                "bias": "none", "corda_config": null, "ensure_weight_tying": false, "eva_config": null,
                "exclude_modules": null, "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true,
                "layer_replication": null, "layers_pattern": null, "loftq_config": {}, "lora_bias": false,
                "lora_dropout": 0.05, "megatron_config": null, "megatron_core": "megatron.core",
                "modules_to_save": null, "peft_version": "0.21.2", "qalora_group_size": 16, "rank_pattern": {},
                "revision": null, "target_parameters": null, "task_type": "CAUSAL_LM", "trainable_token_indices": null,
                "use_dora": false, "use_qalora": false
                """, in: "adapter_config.json")
        #expect(try Adapter(folder: files.folder).modules.count == 10)
    }

    @Test(arguments: [
        ("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"", "'peft_type' is \"IA3\", expected \"LORA\""),
        ("\"bias\": \"none\"", "\"bias\": \"all\"", "'bias' is \"all\", expected \"none\""),
        ("\"r\": 2", "\"r\": 0", "'r' is 0, expected a whole number, at least 1"),
        ("\"r\": 2", "\"rank\": 2", "'rank' is 2, expected none: this variant of LoRA is not supported"),
        ("\"lora_alpha\": 6", "\"lora_alpha\": \"6\"", "'lora_alpha' is \"6\", expected a number"),
        ("\"lora_alpha\": 6", "\"lora_alpha\": 1e300", "'lora_alpha' is 1e+300, too large for an f32"),
        ("\"use_rslora\": true", "\"use_rslora\": 1", "'use_rslora' is 1, expected true or false"),
        (
            "\"bias\": \"none\"", "\"use_dora\": true",
            "'use_dora' is true, expected none: this variant of LoRA is not supported"
        ),
        (
            "\"bias\": \"none\"", "\"lora_bias\": true",
            "'lora_bias' is true, expected none: this variant of LoRA is not supported"
        ),
        (
            "\"bias\": \"none\"", "\"modules_to_save\": \"lm_head\"",
            "'modules_to_save' is \"lm_head\", expected a list of names"
        ),
        (
            "\"layers_to_transform\": [", "\"layers_to_transform\": [null,",
            "'layers_to_transform' is [null,1,2], expected whole numbers"
        ),
        (
            "\"bias\": \"none\"", "\"layer_replication\": [[0, 2]]",
            "'layer_replication' is [[0,2]], expected none: this variant of LoRA is not supported"
        ),
        (
            "\"bias\": \"none\"", "\"invented_in_2027\": 3",
            "'invented_in_2027' is 3, expected none: this variant of LoRA is not supported"
        ),
        (
            "\"bias\": \"none\"", "\"init_lora_weights\": \"pissa\"",
            "'init_lora_weights' is \"pissa\", expected one that leaves the base model as it is: true, "
                + "\"gaussian\" or \"eva\""
        ),
        (
            "\"bias\": \"none\"", "\"alpha_pattern\": {\"(a+)+b\": 3}",
            "'alpha_pattern': has the pattern '(a+)+b', "
                + "expected one with at most 4 repetitions, none of them of a group"
        ),
        (
            "\"bias\": \"none\"", "\"alpha_pattern\": {\".*.*.*.*.*b\": 3}",
            "'alpha_pattern': has the pattern '.*.*.*.*.*b', "
                + "expected one with at most 4 repetitions, none of them of a group"
        ),
        (
            "\"bias\": \"none\"", "\"alpha_pattern\": {\"(q\": 3}",
            "'alpha_pattern': has the pattern '(q', expected a regular expression"
        ),
        (
            "\"bias\": \"none\"", "\"rank_pattern\": {\"q_proj\": 2.5}",
            "'rank_pattern' is {\"q_proj\":2.5}, expected whole numbers by module name"
        ),
        (
            "\"bias\": \"none\"", "\"init_lora_weights\": \"loftq\"",
            "'init_lora_weights' is \"loftq\", expected one that leaves the base model as it is: true, "
                + "\"gaussian\" or \"eva\""
        ),
    ])
    func `a setting that would change the maths is refused`(_ old: String, _ new: String, _ problem: String) throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace(old, with: new, in: "adapter_config.json")
        files.expect("adapter_config.json: " + problem) { try Adapter(folder: files.folder) }
    }

    @Test func `a rank that the configuration does not have is an error`() throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace("\"r\": 2", with: "\"r\": 4", in: "adapter_config.json")
        files.expect(
            "adapter_model.safetensors: module 'model.layers.1.mlp.down_proj': has rank 2, "
                + "but adapter_config.json says 4"
        ) { try Adapter(folder: files.folder) }
    }

    @Test func `a factor without its other half is named`() throws {
        let name = "base_model.model.m.lora_A.weight"
        try refuse([(name, [2, 4])], "tensor 'base_model.model.m.lora_B.weight' is missing")
    }

    /// Fixtures: `scripts/fixtures/adapter_factors.py`, by PEFT.
    @Test(arguments: ["patterns", "patterns-bin", "patterns-default"])
    func `factors times scale are what PEFT adds to a weight`(_ folder: String) throws {
        let adapter = try Adapter(folder: Fixtures.path("adapters/\(folder)"))
        let files = try DamagedFiles(copying: "adapters/patterns")
        try files.write("config.json", Array("{}".utf8))
        let deltas = try Checkpoint(path: files.path("deltas.safetensors")).tensors
        #expect(adapter.modules.keys.sorted() == deltas.names)
        for (module, factors) in adapter.modules {
            let (rank, inputs, outputs) = (factors.down.rows, factors.down.columns, factors.up.rows)
            let (down, up) = (factors.down.floats(), factors.up.floats())
            let expected = try deltas.tensor(module, shape: [outputs, inputs]).floats()
            for row in 0..<outputs {
                for column in 0..<inputs {
                    let sum = (0..<rank).reduce(Float(0)) { $0 + up[row * rank + $1] * down[$1 * inputs + column] }
                    let difference = abs(sum * factors.scale - expected[row * inputs + column])
                    #expect(difference < 1e-4, "\(module) [\(row), \(column)]")
                }
            }
        }
        // PEFT saves the embedding and the head that it adds factors to.
        #expect(adapter.replacements.keys.sorted() == ["lm_head.weight", "model.embed_tokens.weight"])
        #expect(adapter.replacements["lm_head.weight"]?.shape == [20, 8])
    }

    @Test func `whole modules take the place of the base's`() throws {
        let adapter = try Adapter(folder: Fixtures.path("adapters/saved"))
        #expect(adapter.modules.keys.sorted() == ["model.layers.0.self_attn.v_proj"])
        #expect(
            adapter.replacements.keys.sorted()
                == ["lm_head.weight"] + (0...1).map { "model.layers.\($0).input_layernorm.weight" })
        let files = try DamagedFiles(copying: "adapters/saved")
        try files.replace("\"lm_head\",", with: "", in: "adapter_config.json")
        try files.replace("\"input_layernorm\"", with: "\"other\"", in: "adapter_config.json")
        files.expect(
            "adapter_model.safetensors: tensor 'base_model.model.model.layers.0.input_layernorm.weight' "
                + "is neither half of a pair of LoRA factors, nor of a module in 'modules_to_save', and so are 1 more"
        ) { try Adapter(folder: files.folder) }
    }

    @Test func `layers without factors are told, unless the settings leave them out`() throws {
        #expect(try Adapter(folder: Fixtures.path("adapters/patterns")).layersWithoutFactors(of: 4) == [2, 3])
        // A regular expression for layer 0 alone, and a list of layers.
        #expect(try Adapter(folder: Fixtures.path("adapters/saved")).layersWithoutFactors(of: 4) == [])
        #expect(try Adapter(folder: Fixtures.path("llamas/pair/adapter")).layersWithoutFactors(of: 4) == [])
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        try files.replace("layers_to_transform", with: "layers_pattern", in: "adapter_config.json")
        #expect(try Adapter(folder: files.folder).layersWithoutFactors(of: 4) == [0, 3])
    }

    @Test func `factors that do not fit each other are named`() throws {
        let sentence = { (down: String, up: String) in
            "module 'm': has factors of shapes \(down) and \(up), expected [rank, in] and [out, rank]"
        }
        let (down, up) = ("base_model.model.m.lora_A.weight", "base_model.model.m.lora_B.weight")
        try refuse([(down, [2, 4]), (up, [4, 3])], sentence("[2, 4]", "[4, 3]"))
        try refuse([(down, [8]), (up, [4, 2])], sentence("[8]", "[4, 2]"))
        try refuse([(down, [0, 4]), (up, [4, 0])], sentence("[0, 4]", "[4, 0]"))
    }

    @Test func `a tensor that is not a factor is named, and so is a file without any`() throws {
        for name in ["lm_head.weight", "base_model.model.m.lora_B.weight", "base_model.model.m.lora_B.bias"] {
            try refuse(
                [(name, [4, 2])],
                "tensor '\(name)' is neither half of a pair of LoRA factors, nor of a module in 'modules_to_save'")
        }
        let name = "base_model.model.lm_head.lora_A."
        let pairs = ["", "default."].flatMap { part in
            [(name + part + "weight", [2, 4]), (name.replacing("_A", with: "_B") + part + "weight", [3, 2])]
        }
        try refuse(pairs, "module 'lm_head': has two pairs of factors, expected one")
        try refuse([], "the file holds no LoRA factors")
    }

    @Test func `a folder that is no adapter says which file it lacks`() throws {
        let files = try DamagedFiles()
        files.expect("adapter_config.json: cannot be opened: No such file or directory") {
            try Adapter(folder: files.folder)
        }
        try files.write("adapter_config.json", Array("[".utf8))
        files.expect(
            "adapter_config.json is not JSON: JSON, line 1, column 2: expected a value, found the end of the text"
        ) { try Adapter(folder: files.folder) }
        try files.write(
            "adapter_config.json", Fixtures.bytes(Fixtures.path("llamas/pair/adapter/adapter_config.json")))
        files.expect("adapter_model.safetensors: cannot be opened: No such file or directory") {
            try Adapter(folder: files.folder)
        }
    }

    /// Expects the refusal of an adapter with these f16 tensors.
    private func refuse(
        _ tensors: [(name: String, shape: [Int])], _ problem: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let files = try DamagedFiles(copying: "llamas/pair/adapter")
        var end = 0
        let members = tensors.map { name, shape in
            let start = end
            end += shape.reduce(2, *)
            return "\"\(name)\":{\"dtype\":\"F16\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
        }
        try files.write(
            "adapter_model.safetensors",
            DamagedFiles.safetensors("{" + members.joined(separator: ",") + "}", data: end))
        files.expect("adapter_model.safetensors: " + problem, sourceLocation: sourceLocation) {
            try Adapter(folder: files.folder)
        }
    }
}
