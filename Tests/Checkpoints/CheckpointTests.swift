import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct CheckpointTests {
    @Test func `a model folder gives settings and tensors, and its files are known without opening them`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        let checkpoint = try Checkpoint(path: files.folder)
        guard case .huggingFace(let json, let file) = checkpoint.settings else {
            Issue.record("expected a Hugging Face checkpoint")
            return
        }
        #expect(json["model_type"]?.string == "llama")
        #expect(file == files.path("config.json"))
        #expect(checkpoint.tensors.names.count == 30)
        let parts = try CheckpointFiles(path: files.folder)
        #expect(
            try parts.weights() == ["config.json"].map(files.path)
                + (1...4).map { files.path("model-0000\($0)-of-00004.safetensors") })
        #expect(parts.tokenizer == nil)
        try files.write("tokenizer.json", [])
        #expect(try CheckpointFiles(path: files.folder).tokenizer == files.path("tokenizer.json"))
    }

    @Test func `a GGUF file is one file, which holds its tokenizer`() throws {
        let files = try DamagedFiles()
        try files.write("m.gguf", [0])
        let parts = try CheckpointFiles(path: files.path("m.gguf"))
        #expect(try parts.weights() == [files.path("m.gguf")])
        #expect(parts.tokenizer == nil)
    }

    @Test func `one file may be given, with its config beside it`() throws {
        let folder = Fixtures.path("llamas/tied-f32")
        let whole = try Checkpoint(path: folder)
        let file = try Checkpoint(path: folder + "/model.safetensors")
        #expect(file.tensors.names == whole.tensors.names)
        #expect(try CheckpointFiles(path: file.path).weights() == CheckpointFiles(path: folder).weights())
    }

    @Test func `what is no model says so`() throws {
        let files = try DamagedFiles()
        files.expect("nowhere: does not exist; expected a model folder, a .safetensors or a .gguf file") {
            try Checkpoint(path: files.path("nowhere"))
        }
        try files.write("weights.bin", [1])
        files.expect("weights.bin: is not a model folder, a .safetensors or a .gguf file") {
            try Checkpoint(path: files.path("weights.bin"))
        }
        files.expect("FOLDER: holds no config.json; expected a model folder in Hugging Face's layout") {
            try Checkpoint(path: files.folder)
        }
        try files.write("b.gguf", [1])
        files.expect("FOLDER: holds no config.json; to read b.gguf, give that file's own path") {
            try Checkpoint(path: files.folder)
        }
        try files.write("adapter_config.json", Array("{}".utf8))
        files.expect("FOLDER: holds no config.json; it is an adapter, which needs its base model's path too") {
            try Checkpoint(path: files.folder)
        }
        try files.write("config.json", Array("{}".utf8))
        files.expect("FOLDER: holds neither model.safetensors nor model.safetensors.index.json") {
            try Checkpoint(path: files.folder)
        }
        try files.write("config.json", Array("{,}".utf8))
        files.expect(
            "config.json: is not JSON: JSON, line 1, column 2: expected a key in quotes, found ','"
        ) { try Checkpoint(path: files.folder) }
    }

    @Test func `a folder or a named pipe in a file's place is refused, not waited for`() throws {
        let files = try DamagedFiles()
        try FileManager.default.createDirectory(atPath: files.path("config.json"), withIntermediateDirectories: false)
        files.expect("config.json: is not a file") { try Checkpoint(path: files.folder) }
        try #require(mkfifo(files.path("pipe.gguf"), 0o600) == 0)
        files.expect("pipe.gguf: is not a file") { try Checkpoint(path: files.path("pipe.gguf")) }
    }

    @Test func `a shard that is missing is named`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        try FileManager.default.removeItem(atPath: files.path("model-00002-of-00004.safetensors"))
        files.expect("model-00002-of-00004.safetensors: cannot be opened: No such file or directory") {
            try Checkpoint(path: files.folder)
        }
    }

    @Test func `a tensor in two shards is an error`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        try files.write(
            "model-00002-of-00004.safetensors", Fixtures.bytes(files.path("model-00001-of-00004.safetensors")))
        let first = try #require(
            Checkpoint(path: Fixtures.path("llamas/sharded-bf16/model-00001-of-00004.safetensors")).tensors.names.first)
        files.expect("model-00002-of-00004.safetensors: tensor '\(first)': is there twice") {
            try Checkpoint(path: files.folder)
        }
    }

    /// The last name has a slash with a combining mark: one other `Character`, but the same byte.
    @Test(arguments: [
        "../model.safetensors", "/etc/passwd", "model.bin", "..", "a\u{0}.safetensors", "../\u{301}.safetensors",
    ])
    func `an index names files of its own folder only`(_ name: String) throws {
        let files = try DamagedFiles()
        try files.write("config.json", Array("{}".utf8))
        let value = JSON.string(name)
        let index = JSON.object([.init("weight_map", .object([.init("w", value)]))])
        try files.write("model.safetensors.index.json", Array(index.text().utf8))
        files.expect(
            "model.safetensors.index.json: 'weight_map' of 'w': is \(value.text()), "
                + "expected the name of a .safetensors file in the same folder"
        ) { try Checkpoint(path: files.folder) }
    }

    @Test(arguments: ["{}", #"{"weight_map":{}}"#, #"{"weight_map":[1]}"#])
    func `an index without a map is an error`(_ index: String) throws {
        let files = try DamagedFiles()
        try files.write("config.json", Array("{}".utf8))
        try files.write("model.safetensors.index.json", Array(index.utf8))
        files.expect("model.safetensors.index.json: 'weight_map': is missing or empty") {
            try Checkpoint(path: files.folder)
        }
    }

    @Test func `the tokenizer lies beside the weights, or is missed by name`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        files.expect("tokenizer.json: cannot be opened: No such file or directory") {
            try Checkpoint(path: files.folder).tokenizerSource()
        }
        try files.write("tokenizer.json", Array("{}".utf8))
        guard case .json(let bytes, let file) = try Checkpoint(path: files.folder).tokenizerSource() else {
            Issue.record("expected a tokenizer.json")
            return
        }
        #expect(bytes == Array("{}".utf8))
        #expect(file == files.path("tokenizer.json"))
    }
}
