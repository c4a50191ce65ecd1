import Checkpoints
import TestSupport
import Testing

@Suite struct GGUFTests {
    @Test func `a good file gives metadata and tensors`() throws {
        let gguf = try GGUF(path: Fixtures.path("llamas/gguf/model.gguf"))
        #expect(gguf.metadata["llama.block_count"]?.int == 3)
        #expect(gguf.metadata["tokenizer.ggml.tokens"]?.array?.first?.string == "!")
        #expect(gguf.tensors.names.count == 30)
        #expect(try gguf.tensors.tensor("blk.0.attn_k.weight", shape: [16, 32]).type == .q4_0)
    }

    @Test func `every type of metadata is read`() throws {
        var file = GGUFBytes(metadata: 13)
        func key(_ type: UInt32) { file.key("k\(type)", type: type) }
        key(0)
        file.add(UInt8.max)
        key(1)
        file.add(Int8.min)
        key(2)
        file.add(UInt16.max)
        key(3)
        file.add(Int16.min)
        key(4)
        file.add(UInt32.max)
        key(5)
        file.add(Int32.min)
        key(6)
        file.add(Float(1.5).bitPattern)
        key(7)
        file.add(UInt8(1))
        key(8)
        file.add("text")
        key(9)
        file.add(UInt32(9))
        file.add(UInt64(2))
        for value in [UInt8(1), 2] {
            file.add(UInt32(0))
            file.add(UInt64(1))
            file.add(value)
        }
        key(10)
        file.add(UInt64.max)
        key(11)
        file.add(Int64.min)
        key(12)
        file.add(Double(-0.25).bitPattern)
        let files = try DamagedFiles()
        try files.write("a.gguf", file.bytes)
        let gguf = try GGUF(path: files.path("a.gguf"))
        let expected: [GGUF.Value] = [
            .int(255), .int(-128), .int(65535), .int(-32768), .int(4_294_967_295), .int(-2_147_483_648), .number(1.5),
            .bool(true), .string("text"), .array([.array([.int(1)]), .array([.int(2)])]), .number(0x1p64), .int(.min),
            .number(-0.25),
        ]
        for (type, value) in expected.enumerated() { #expect(gguf.metadata["k\(type)"] == value) }
    }

    @Test func `what is not a GGUF file, or an old one, says so`() throws {
        let sentence = "a.gguf is not a GGUF file: it does not begin with 'GGUF'"
        try refuse(Array("GGUF".utf8), sentence)
        try refuse(Array("PK\u{3}\u{4} and so on and so forth".utf8), sentence)
        for version in [UInt32(0), 1, 4, 4 << 24] {
            try refuse(GGUFBytes(version: version).bytes, "a.gguf: header: has version \(version), expected 2 or 3")
        }
        try refuse(
            GGUFBytes(version: 3 << 24).bytes, "a.gguf: header is big-endian, expected a little-endian file")
    }

    @Test(arguments: [1, -1, -30])
    func `a tensor count that lies, up or down, is noticed`(_ change: Int64) throws {
        let files = try fixture { bytes in
            let count = Int64(bytes[8]) + change
            bytes.replaceSubrange(8..<16, with: DamagedFiles.littleEndian(count))
        }
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: files.path("model.gguf")) }
        let problem = try #require(error?.description)
        if change > 0 {
            #expect(problem.contains("tensor 31 of 31"))
        } else {
            #expect(problem.contains("lists \(30 + change) tensors, but the entry of '"))
            #expect(problem.hasSuffix("' follows: the tensor count is wrong"))
        }
    }

    @Test func `a count beyond what the file can hold is refused before anything is made room for`() throws {
        try refuse(
            GGUFBytes(tensors: .max).bytes,
            "a.gguf: header: claims 18446744073709551615 as the tensor count, more than its 24 bytes can hold")
        try refuse(
            GGUFBytes(metadata: 1 << 40).bytes,
            "a.gguf: header: claims 1099511627776 as the metadata count, more than its 24 bytes can hold")
        var text = GGUFBytes(metadata: 1)
        text.add(UInt64(1) << 62)
        text.add("123456")
        try refuse(
            text.bytes,
            "a.gguf: header: claims 4611686018427387904 as the length of metadata key 1 of 1, "
                + "more than its 46 bytes can hold")
        var array = GGUFBytes(metadata: 1)
        array.key("k", type: 9)
        array.add(UInt32(12))
        array.add(UInt64(3))
        array.add(UInt64(0))
        array.add(UInt64(0))
        try refuse(
            array.bytes, "a.gguf: header: claims 3 as the length of metadata 'k', more than its 65 bytes can hold")
    }

    @Test(arguments: [1, -1])
    func `a metadata count that lies is noticed`(_ change: Int64) throws {
        let files = try fixture { bytes in
            let count = Int64(bytes[16]) + change
            bytes.replaceSubrange(16..<24, with: DamagedFiles.littleEndian(count))
        }
        #expect(throws: CheckpointError.self) { try Checkpoint(path: files.path("model.gguf")) }
    }

    @Test func `a file cut short says which tensor suffers`() throws {
        let files = try fixture { $0.removeLast(100) }
        files.expect(
            "model.gguf: tensor 'output.weight': needs 2720 bytes at 22720 of the data, but the file holds 25340: "
                + "it was cut short or its header lies"
        ) { try Checkpoint(path: files.path("model.gguf")) }
        try files.edit("model.gguf") { $0.removeLast($0.count - 40) }
        files.expect(
            "model.gguf: header: claims 30 as the tensor count, more than its 40 bytes can hold"
        ) { try Checkpoint(path: files.path("model.gguf")) }
    }

    @Test(arguments: [1, 31, 32, 4096])
    func `bytes after the last tensor are not looked at`(_ count: Int) throws {
        let files = try fixture { $0 += Array(repeating: 7, count: count) }
        #expect(try Checkpoint(path: files.path("model.gguf")).tensors.names.count == 30)
    }

    /// Fixtures: `scripts/fixtures/gguf_files.py`.
    @Test func `every element type has its number in a file`() throws {
        let tensors = try GGUF(path: Fixtures.path("gguf/types.gguf")).tensors
        for name in tensors.names where name != "other" {
            let expected = try Fixtures.floats(Fixtures.path("elements/\(name.lowercased()).f32"))
            let found = try tensors.tensor(name, shape: [1, expected.count]).floats()
            #expect(zip(found, expected).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
            #expect(found.count == expected.count)
        }
        #expect(tensors.names.count == 16)
        #expect(tensors.elementTypes.map(\.name).contains("IQ4_XS"))
    }

    @Test func `a type that is not read is named where its tensor is asked for`() throws {
        let files = try DamagedFiles(copying: "gguf")
        let tensors = try GGUF(path: files.path("types.gguf")).tensors
        files.expect(
            "types.gguf: tensor 'other': has element type Q8_K, expected one of F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL or IQ4_XS"
        ) { try tensors.tensor("other", shape: [1, 256]) }
    }

    @Test func `metadata that is there twice, nests too deeply or is of an unknown type is refused`() throws {
        var twice = GGUFBytes(metadata: 2)
        for value in [UInt8(1), 2] {
            twice.key("k", type: 0)
            twice.add(value)
        }
        try refuse(twice.bytes, "a.gguf: metadata 'k' is there twice")
        var nested = GGUFBytes(metadata: 1)
        nested.key("k", type: 9)
        for _ in 0..<20 {
            nested.add(UInt32(9))
            nested.add(UInt64(1))
        }
        try refuse(nested.bytes, "a.gguf: metadata 'k': nests arrays too deeply")
        var unknown = GGUFBytes(metadata: 1)
        unknown.key("k", type: 13)
        unknown.add(UInt64(0))
        try refuse(unknown.bytes, "a.gguf: metadata 'k': has the unknown type 13, expected 0 to 12")
        var short = GGUFBytes(metadata: 1)
        short.key("key", type: 12)
        try refuse(
            short.bytes,
            "a.gguf: byte 39: metadata 'key' needs 8 bytes, but the file has 0 left: it was cut short or its header lies"
        )
        var alignment = GGUFBytes(metadata: 1)
        alignment.key("general.alignment", type: 4)
        alignment.add(UInt32(0))
        try refuse(
            alignment.bytes, "a.gguf: metadata 'general.alignment' is 0, expected a whole number from 1 to 1048576")
    }

    @Test(arguments: [
        (
            [UInt64(4)], UInt32(99), UInt64(0), "tensor 't': has the unknown ggml element type 99"
        ),
        ([4], 28, 64, "tensor 't': starts at byte 64 of the data, expected 0"),
        ([4], 0, 32, "tensor 't': starts at byte 32 of the data, expected 0"),
        ([4], 0, .max, "tensor 1 of 1: has an offset of 18446744073709551615"),
        ([.max], 0, 0, "tensor 1 of 1: has a dimension of 18446744073709551615"),
        (
            [1 << 62, 1 << 62], 0, 0,
            "tensor 't': has an impossible shape [4611686018427387904, 4611686018427387904] for F32"
        ),
        ([1 << 62], 0, 0, "tensor 't': has an impossible shape [4611686018427387904] for F32"),
        ([33], 8, 0, "tensor 't': has an impossible shape [33] for Q8_0"),
        ([16, 2], 8, 0, "tensor 't': of type Q8_0 and shape [2, 16] does not fit its 34 bytes"),
        ([], 0, 0, "tensor 1 of 1: has 0 dimensions, expected 1 to 4"),
        ([1, 1, 1, 1, 1], 0, 0, "tensor 1 of 1: has 5 dimensions, expected 1 to 4"),
        (
            [16], 0, 0,
            "tensor 't': needs 64 bytes at 0 of the data, but the file holds 34: it was cut short or its header lies"
        ),
    ])
    func `a damaged tensor entry is named`(
        _ dimensions: [UInt64], _ type: UInt32, _ offset: UInt64, _ problem: String
    ) throws {
        var file = GGUFBytes(tensors: 1)
        file.tensor("t", dimensions, type: type, offset: offset)
        file.data(34)
        try refuse(file.bytes, "a.gguf: " + problem)
    }

    @Test func `a tensor that is there twice is refused`() throws {
        var file = GGUFBytes(tensors: 2)
        for offset in [UInt64(0), 32] { file.tensor("t", [8], type: 0, offset: offset) }
        file.data(64)
        try refuse(file.bytes, "a.gguf: tensor 't' is there twice")
    }

    @Test func `required metadata that is missing or of another kind is named`() throws {
        let files = try fixture { _ in }
        let gguf = try GGUF(path: files.path("model.gguf"))
        files.expect("model.gguf: metadata 'llama.rope.kind' is missing; expected a text") {
            try gguf.require("llama.rope.kind", "a text", \.string)
        }
        files.expect("model.gguf: metadata 'llama.block_count' is not a text") {
            try gguf.require("llama.block_count", "a text", \.string)
        }
    }

    private func fixture(_ change: (inout [UInt8]) -> Void) throws -> DamagedFiles {
        let files = try DamagedFiles(copying: "llamas/gguf")
        try files.edit("model.gguf", change)
        return files
    }

    private func refuse(
        _ bytes: [UInt8], _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let files = try DamagedFiles()
        try files.write("a.gguf", bytes)
        files.expect(sentence, sourceLocation: sourceLocation) { try Checkpoint(path: files.path("a.gguf")) }
    }
}
