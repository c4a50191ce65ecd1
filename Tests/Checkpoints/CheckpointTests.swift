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
        #expect(parts.tokenizerFolder == files.folder)
    }

    @Test func `a GGUF file is one file, which holds its tokenizer`() throws {
        let files = try DamagedFiles()
        try files.write("m.gguf", [0])
        let parts = try CheckpointFiles(path: files.path("m.gguf"))
        #expect(try parts.weights() == [files.path("m.gguf")])
        #expect(parts.tokenizerFolder == nil)
    }

    @Test func `one file may be given, with its config beside it`() throws {
        let folder = Fixtures.path("llamas/tied-f32")
        let whole = try Checkpoint(path: folder)
        let file = try Checkpoint(path: folder + "/model.safetensors")
        #expect(file.tensors.names == whole.tensors.names)
        #expect(try CheckpointFiles(path: file.path).weights() == CheckpointFiles(path: folder).weights())
    }

    @Test func `what is not a model says so`() throws {
        let files = try DamagedFiles()
        files.expect("nowhere: does not exist; expected a model folder, a .safetensors, .bin or .gguf file") {
            try Checkpoint(path: files.path("nowhere"))
        }
        try files.write("weights.h5", [1])
        files.expect("weights.h5: expected a model folder, or a .safetensors, .bin or .gguf file") {
            try Checkpoint(path: files.path("weights.h5"))
        }
        files.expect("FOLDER: the folder holds no config.json; expected a model folder in Hugging Face's layout") {
            try Checkpoint(path: files.folder)
        }
        try files.write("b.gguf", [1])
        files.expect("FOLDER: the folder holds no config.json; to read b.gguf, give that file's own path") {
            try Checkpoint(path: files.folder)
        }
        try files.write("adapter_config.json", Array("{}".utf8))
        files.expect("FOLDER: the folder holds no config.json; it is an adapter, which needs its base model's path too")
        {
            try Checkpoint(path: files.folder)
        }
        try files.write("config.json", Array("{}".utf8))
        try FileManager.default.removeItem(atPath: files.path("adapter_config.json"))
        files.expect(
            "FOLDER holds no weights: expected model.safetensors, pytorch_model.bin, or the index of either; "
                + "to read b.gguf, give that file's own path"
        ) {
            try Checkpoint(path: files.folder)
        }
        try files.write("config.json", Array("{,}".utf8))
        files.expect(
            "config.json is not JSON: JSON, line 1, column 2: expected a key in quotes, found ','"
        ) { try Checkpoint(path: files.folder) }
    }

    @Test func `a folder or a named pipe in a file's place is refused, not waited for`() throws {
        let files = try DamagedFiles()
        try FileManager.default.createDirectory(atPath: files.path("config.json"), withIntermediateDirectories: false)
        files.expect("config.json is not a file") { try Checkpoint(path: files.folder) }
        try #require(mkfifo(files.path("pipe.gguf"), 0o600) == 0)
        files.expect("pipe.gguf is not a file") { try Checkpoint(path: files.path("pipe.gguf")) }
    }

    @Test func `a shard that is missing is named`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        try FileManager.default.removeItem(atPath: files.path("model-00002-of-00004.safetensors"))
        let index = "model.safetensors.index.json"
        files.expect("model-00002-of-00004.safetensors is missing; \(index) names it") {
            try Checkpoint(path: files.folder)
        }
        try FileManager.default.removeItem(atPath: files.path("model-00004-of-00004.safetensors"))
        files.expect(
            "model-00002-of-00004.safetensors is missing; \(index) names it, and 1 more that are missing"
        ) { try CheckpointFiles(path: files.folder).weights() }
    }

    @Test func `an index beside a single file that it does not name is an error`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        let shard = "model-00001-of-00004.safetensors"
        try files.write("model.safetensors", Fixtures.bytes(files.path(shard)))
        let problem =
            "model.safetensors.index.json: does not name model.safetensors, which lies beside it: "
            + "one of the two is stale, remove it"
        files.expect(problem) { try Checkpoint(path: files.folder) }
        // Shards that are gone do not hide the single file.
        try FileManager.default.removeItem(atPath: files.path(shard))
        files.expect(problem) { try Checkpoint(path: files.folder) }
        try FileManager.default.removeItem(atPath: files.path("model.safetensors.index.json"))
        #expect(try CheckpointFiles(path: files.folder).weights().last == files.path("model.safetensors"))
    }

    @Test func `an index may name the single file`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        let index = #"{"weight_map":{"model.norm.weight":"model.safetensors"}}"#
        try files.write("model.safetensors.index.json", Array(index.utf8))
        #expect(try Checkpoint(path: files.folder).tensors.names.count == 29)
    }

    @Test func `a tensor that is not where the index says is an error`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        let index = "model.safetensors.index.json"
        let line = "\"model.norm.weight\": \"model-00003-of-00004.safetensors\""
        try files.replace(line, with: line.replacingOccurrences(of: "-00003-", with: "-00001-"), in: index)
        files.expect(
            "\(index): 'weight_map' of 'model.norm.weight' is \"model-00001-of-00004.safetensors\", "
                + "but the tensor lies in model-00003-of-00004.safetensors"
        ) { try Checkpoint(path: files.folder) }
        try files.replace("\"model.norm.weight", with: "\"model.nor.weight", in: index)
        files.expect(
            "\(index): 'weight_map' of 'model.nor.weight' is \"model-00001-of-00004.safetensors\", "
                + "but the tensor is in none of its files"
        ) { try Checkpoint(path: files.folder) }
    }

    @Test func `a head that differs from the embedding contradicts a tied checkpoint, an equal copy does not`() throws {
        let (embedding, head) = ("model.embed_tokens.weight", "lm_head.weight")
        let tied = try Checkpoint(path: Fixtures.path("llamas/tied-f32")).tensors
        try tied.requireTied(head, to: embedding, because: "tie_word_embeddings")
        let files = try DamagedFiles()
        func tensors(_ type: String, _ numbers: [UInt8]) throws -> TensorTable {
            let header = """
                {"\(embedding)":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},\
                "\(head)":{"dtype":"\(type)","shape":[2,1],"data_offsets":[4,\(4 + numbers.count)]}}
                """
            try files.write("config.json", Array("{}".utf8))
            try files.write(
                "model.safetensors",
                DamagedFiles.littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [0x80, 0x3F, 0, 0x40]
                    + numbers)
            return try Checkpoint(path: files.folder).tensors
        }
        let equal: [(String, [UInt8])] = [
            ("BF16", [0x80, 0x3F, 0, 0x40]), ("F32", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]),
        ]
        for (type, numbers) in equal {
            try tensors(type, numbers).requireTied(head, to: embedding, because: "tie_word_embeddings")
        }
        let other: [(String, [UInt8])] = [
            ("BF16", [0x80, 0x3F, 1, 0x40]), ("F32", [0, 0, 0x80, 0x3F, 1, 0, 0, 0x40]),
        ]
        for (type, numbers) in other {
            let tensors = try tensors(type, numbers)
            files.expect(
                "model.safetensors: tensor 'lm_head.weight': differs from 'model.embed_tokens.weight', "
                    + "but 'tie_word_embeddings' is true: set it to false where the model has a head of its own, "
                    + "or remove the tensor"
            ) { try tensors.requireTied(head, to: embedding, because: "tie_word_embeddings") }
        }
    }

    @Test func `a tensor in two shards is an error`() throws {
        let files = try DamagedFiles(copying: "llamas/sharded-bf16")
        try files.write(
            "model-00002-of-00004.safetensors", Fixtures.bytes(files.path("model-00001-of-00004.safetensors")))
        let first = try #require(
            Checkpoint(path: Fixtures.path("llamas/sharded-bf16/model-00001-of-00004.safetensors")).tensors.names.first)
        files.expect("model-00002-of-00004.safetensors: tensor '\(first)' is there twice") {
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
            "model.safetensors.index.json: 'weight_map' of 'w' is \(value.text()), "
                + "expected the name of a .safetensors file in the same folder"
        ) { try Checkpoint(path: files.folder) }
    }

    @Test(arguments: ["{}", #"{"weight_map":{}}"#, #"{"weight_map":[1]}"#])
    func `an index without a map is an error`(_ index: String) throws {
        let files = try DamagedFiles()
        try files.write("config.json", Array("{}".utf8))
        try files.write("model.safetensors.index.json", Array(index.utf8))
        files.expect("model.safetensors.index.json: 'weight_map' is missing or empty") {
            try Checkpoint(path: files.folder)
        }
    }

    @Test func `the tokenizer lies beside the settings`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        guard case .folder(let folder) = try Checkpoint(path: files.folder).tokenizerSource else {
            Issue.record("expected a folder")
            return
        }
        #expect(folder == files.folder)
    }
}
