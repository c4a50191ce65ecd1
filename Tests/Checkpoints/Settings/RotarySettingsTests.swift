import Checkpoints
import JSON
import TestSupport
import Testing

/// Expected numbers: the formulas of transformers' `modeling_rope_utils` and of llama.cpp, worked out by hand.
@Suite struct RotarySettingsTests {
    @Test func `without a word on RoPE the family's own defaults count`() throws {
        let plain = try rotary("{}")
        #expect(plain.theta == 10000 && plain.width == 8 && plain.scaling == .none)
        let neox = try read(#"{"rotary_emb_base":500,"rotary_pct":0.25}"#).rotary(
            headWidth: 16, maximumLength: 64, defaultPartialFactor: 0.5,
            keys: .init(theta: ["rope_theta", "rotary_emb_base"], partialFactor: ["rotary_pct"]))
        #expect(neox.theta == 500 && neox.width == 4)
    }

    @Test(arguments: [
        #"{"rope_theta":500.0,"rope_scaling":{"type":"linear","factor":4}}"#,
        #"{"rope_theta":500,"rope_scaling":{"rope_type":"linear","type":"linear","factor":4.0}}"#,
        #"{"rope_parameters":{"rope_theta":500,"rope_type":"linear","factor":4},"rope_scaling":null}"#,
        #"{"rope_parameters":{"rope_theta":500,"rope_type":"linear","factor":4},"rope_scaling":{"factor":4,"type":"linear"},"rope_theta":500}"#,
        #"{"rope_parameters":{"full_attention":{"rope_theta":500,"rope_type":"linear","factor":4},"sliding_attention":{"rope_type":"default"}}}"#,
    ])
    func `old and new keys say the same`(_ json: String) throws {
        let found = try rotary(json)
        #expect(found.theta == 500 && found.scaling == .linear(factor: 4))
    }

    @Test func `each type of layer has its own RoPE`() throws {
        let keys = HuggingFaceSettings.RotaryKeys(theta: ["rope_local_base_freq"], scaling: [])
        for json in [
            #"{"rope_theta":1e6,"rope_local_base_freq":100,"rope_scaling":{"rope_type":"linear","factor":8}}"#,
            #"{"rope_parameters":{"full_attention":{"rope_theta":1e6,"rope_type":"linear","factor":8},"sliding_attention":{"rope_theta":100,"rope_type":"default"}}}"#,
        ] {
            let settings = try read(json)
            let local = try settings.rotary(
                layerType: "sliding_attention", headWidth: 8, maximumLength: 64, keys: keys)
            #expect(local.theta == 100 && local.scaling == .none)
            let global = try settings.rotary(headWidth: 8, maximumLength: 64)
            #expect(global.theta == 1e6 && global.scaling == .linear(factor: 8))
        }
    }

    @Test func `Llama 3, YaRN and LongRoPE with all that they imply`() throws {
        #expect(
            try rotary(
                #"{"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}}"#
            ).scaling
                == .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalLength: 64))
        guard
            case .yarn(let yarn) = try rotary(
                #"{"rope_scaling":{"type":"yarn","factor":4,"original_max_position_embeddings":16}}"#
            ).scaling
        else { throw Missing() }
        #expect(yarn.factor == 4 && yarn.betaFast == 32 && yarn.betaSlow == 1 && yarn.isTruncated)
        #expect(yarn.originalLength == 16)
        #expect(abs(yarn.attentionFactor - 1.138_629_436_111_989) < 1e-14)
        guard
            case .yarn(let scaled) = try rotary(
                #"{"rope_scaling":{"type":"yarn","factor":4,"mscale":0.5,"mscale_all_dim":1,"truncate":false}}"#
            ).scaling
        else { throw Missing() }
        #expect(!scaled.isTruncated)
        #expect(abs(scaled.attentionFactor - 1.069_314_718_055_994_6 / 1.138_629_436_111_989) < 1e-14)
        guard
            case .longrope(let long) = try read(
                #"{"original_max_position_embeddings":4096,"rope_scaling":{"type":"su","short_factor":[1,1.5],"long_factor":[2,3]}}"#
            ).rotary(headWidth: 4, maximumLength: 131072).scaling
        else { throw Missing() }
        #expect(long.short == [1, 1.5] && long.long == [2, 3] && long.originalLength == 4096)
        // Phi-3 mini 128k's.
        #expect(abs(long.attentionFactor - 1.190_238_070_946_8) < 1e-6)
    }

    private struct Missing: Error {}

    @Test(arguments: [
        (
            #"{"rope_theta":1,"rope_parameters":{"rope_theta":2}}"#,
            "'rope_parameters.rope_theta' and 'rope_theta': are 2 and 1, expected the same, since both mean one thing"
        ),
        (
            #"{"rope_parameters":{"rope_type":"default"},"rope_scaling":{"type":"linear","factor":2}}"#,
            "'rope_parameters.rope_type' and 'rope_scaling.type': are \"default\" and \"linear\", "
                + "expected the same, since both mean one thing"
        ),
        (
            #"{"rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_type":"linear","factor":3}}"#,
            "'rope_parameters.factor' and 'rope_scaling.factor': are 3 and 2, "
                + "expected the same, since both mean one thing"
        ),
        (
            #"{"rope_scaling":{"type":"dynamic","factor":2}}"#,
            "'rope_scaling.type' is \"dynamic\", expected \"default\", \"linear\", \"llama3\", \"yarn\", \"longrope\" or \"su\""
        ),
        (#"{"rope_scaling":{"factor":2}}"#, "'rope_scaling.factor' is 2, expected none with this type of RoPE"),
        (#"{"rope_scaling":{"type":"linear"}}"#, "'rope_scaling.factor' is missing, expected a positive number"),
        (#"{"rope_scaling":"linear"}"#, "'rope_scaling' is \"linear\", expected an object of RoPE parameters"),
        (
            #"{"rope_scaling":{"type":"default","mrope_section":[1]}}"#,
            "'rope_scaling.mrope_section' is [1], expected none with this type of RoPE"
        ),
        (
            #"{"rope_scaling":{"type":"longrope","short_factor":[1,2],"long_factor":[1,2,3,4]}}"#,
            "'rope_scaling.short_factor' is [1,2], expected a list of 4 positive numbers"
        ),
        (
            #"{"partial_rotary_factor":0.4}"#,
            "rotary positions: turn 3 of a head's 8 dimensions, expected an even number from 2 on"
        ),
        (#"{"rope_theta":-1}"#, "'rope_theta' is -1, expected a positive number"),
    ])
    func `a contradiction or an unknown kind is refused by name`(_ json: String, _ problem: String) {
        refuse(problem) { try rotary(json) }
    }

    /// Fixtures: models saved by transformers, and converted to GGUF.
    @Test(arguments: ["mistral", "qwen3", "gpt-neox", "llama-yarn", "phi3-longrope"])
    func `config.json and GGUF say the same of one model`(_ family: String) throws {
        let (config, gguf) = (
            try Checkpoint(path: Fixtures.path("families/\(family)/base")),
            try Checkpoint(path: Fixtures.path("families/\(family)/gguf/model.gguf"))
        )
        guard case .huggingFace(let json, let file) = config.settings, case .gguf(let metadata) = gguf.settings else {
            throw Missing()
        }
        let settings = try HuggingFaceSettings(json, file: file)
        let heads = try settings.count("num_attention_heads")
        let headWidth = try settings.count("head_dim", default: settings.count("hidden_size") / heads)
        let length = try settings.count("max_position_embeddings")
        let first = try settings.rotary(headWidth: headWidth, maximumLength: length)
        let second = try GGUFSettings(metadata).rotary(
            headWidth: headWidth, maximumLength: length, defaultTheta: first.theta)
        #expect(first.theta == second.theta && first.width == second.width)
        switch (first.scaling, second.scaling) {
        case (.longrope(let first), .longrope(let second)):
            #expect(first.short.map { Float($0) } == second.short.map { Float($0) })
            #expect(first.long.map { Float($0) } == second.long.map { Float($0) })
            #expect(abs(first.attentionFactor - second.attentionFactor) < 1e-6)
            #expect(first.originalLength == second.originalLength)
        case (let first, let second): #expect(first == second)
        }
    }

    private func rotary(_ json: String) throws -> RotarySettings {
        try read(json).rotary(headWidth: 8, maximumLength: 64)
    }
}
