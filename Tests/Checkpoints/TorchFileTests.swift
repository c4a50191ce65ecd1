import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing

/// Fixtures: `scripts/fixtures/torch_files.py`, by torch.
@Suite struct TorchFileTests {
    @Test(arguments: ["state.bin", "zip64.bin"])
    func `a state dict gives its tensors, in whichever layout they are stored`(_ name: String) throws {
        let files = try DamagedFiles(copying: "torch", besides: ["sharded"])
        try files.write("config.json", Array("{}".utf8))
        let found = try Checkpoint(path: files.path(name)).tensors
        let expected = try Checkpoint(path: files.path("state.safetensors")).tensors
        #expect(found.names == (expected.names + ["integers"]).sorted())
        for (name, shape) in Self.shapes {
            #expect(
                try found.tensor(name, shape: shape).floats() == expected.tensor(name, shape: shape).floats(), "\(name)"
            )
        }
        #expect(Self.shapes.count == expected.names.count)
        files.expect(
            "\(name): tensor 'integers': has element type I64, expected one of F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL or IQ4_XS"
        ) { try found.tensor("integers", shape: [4]) }
    }

    private static let shapes: [String: [Int]] = [
        "plain": [2, 3], "half": [5], "bfloat": [3, 2], "parameter": [2, 2], "transposed": [4, 3],
        "permuted": [4, 2, 3], "columns": [4, 3], "rows": [2, 4], "tied": [6, 4], "scalar": [], "empty": [0, 3],
        "one": [5, 1], "single": [1, 3, 2],
    ]

    @Test func `a sharded model in .bin files has the tensors of its safetensors`() throws {
        let folder = Fixtures.path("torch/sharded")
        let found = try Checkpoint(path: folder)
        let expected = try Checkpoint(path: Fixtures.path("llamas/grouped-untied-bf16"))
        #expect(found.tensors.names == expected.tensors.names)
        for (name, shape) in [("lm_head.weight", [80, 32]), ("model.layers.2.mlp.down_proj.weight", [32, 32])] {
            let tensor = try found.tensors.tensor(name, shape: shape)
            #expect(try tensor.isIdentical(to: expected.tensors.tensor(name, shape: shape)))
        }
        let parts = (1...2).map { folder + "/pytorch_model-0000\($0)-of-00002.bin" }
        #expect(try CheckpointFiles(path: folder).weights() == [folder + "/config.json"] + parts)
    }

    @Test func `safetensors come before .bin, as transformers has it`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.write("pytorch_model.bin", Fixtures.bytes(Fixtures.path("torch/state.bin")))
        #expect(try CheckpointFiles(path: files.folder).weights().last == files.path("model.safetensors"))
        try FileManager.default.removeItem(atPath: files.path("model.safetensors"))
        #expect(try Checkpoint(path: files.folder).tensors.contains("transposed"))
    }

    @Test func `the format before torch 1.6 and what is no archive say so`() throws {
        let files = try DamagedFiles(copying: "torch", besides: ["sharded"])
        try files.write("config.json", Array("{}".utf8))
        files.expect(
            "legacy.bin is in the format that torch wrote before 1.6, expected a zip archive: "
                + "save it again with a newer torch, or as safetensors"
        ) { try Checkpoint(path: files.path("legacy.bin")) }
        try files.write("text.bin", Array("version https://git-lfs".utf8))
        files.expect("text.bin is not a zip archive, as torch.save writes it") {
            try Checkpoint(path: files.path("text.bin"))
        }
    }

    /// Fixtures: `scripts/fixtures/hostile_pickles.py`.
    @Test func `hostile pickles are refused by name, and quickly`() throws {
        let bank = try JSON.parse(Fixtures.bytes(Fixtures.path("hostile/pickles.json"))).array ?? []
        let files = try DamagedFiles()
        try files.write("config.json", Array("{}".utf8))
        let start = ContinuousClock.now
        for entry in bank {
            let name = try #require(entry["name"]?.string)
            let words = try #require(entry["words"]?.string)
            try files.write("m.bin", Self.archive(entry))
            let problem = files.problem { try Checkpoint(path: files.path("m.bin")) }
            #expect(problem.hasPrefix("m.bin") && problem.contains(words), "\(name): \(problem)")
        }
        #expect(bank.count > 90)
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/patchbook-was-here"))
    }

    private static func archive(_ entry: JSON) throws -> [UInt8] {
        func bytes(_ key: String) -> [UInt8] {
            let digits = Array((entry[key]?.string ?? "").utf8)
            return stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
            }
        }
        if entry["archive"] != nil { return bytes("archive") }
        var pickle = bytes("pickle")
        if let count = entry["count"]?.int {
            let part = bytes("part")
            pickle = bytes("before")
            for _ in 0..<count { pickle += part }
            pickle += bytes("after")
        }
        return zipArchive([("m/data.pkl", pickle), ("m/data/0", Array(repeating: 0, count: 16))])
    }
}
