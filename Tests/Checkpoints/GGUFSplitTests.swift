import Checkpoints
import Foundation
import TestSupport
import Testing

/// Fixtures: `scripts/fixtures/gguf_files.py`, split by the gguf package.
@Suite struct GGUFSplitTests {
    private static func part(_ number: Int) -> String { "split-0000\(number)-of-00003.gguf" }

    @Test(arguments: 1...3) func `any part gives the whole model`(_ number: Int) throws {
        let whole = try Checkpoint(path: Fixtures.path("llamas/gguf/model.gguf"))
        let path = Fixtures.path("gguf/" + Self.part(number))
        let split = try Checkpoint(path: path)
        #expect(split.tensors.names == whole.tensors.names)
        for name in whole.tensors.names where name.hasPrefix("blk.") && name.contains("attn_q.") {
            let shape = [32, 32]
            #expect(
                try split.tensors.tensor(name, shape: shape).isIdentical(to: whole.tensors.tensor(name, shape: shape)))
        }
        guard case .gguf(let gguf) = split.settings, case .gguf(let expected) = whole.settings else {
            Issue.record("expected GGUF files")
            return
        }
        for (key, value) in expected.metadata { #expect(gguf.metadata[key] == value) }
        #expect(
            try CheckpointFiles(path: path).weights() == (1...3).map { Fixtures.path("gguf/" + Self.part($0)) })
    }

    @Test func `a part that is missing is named`() throws {
        let files = try DamagedFiles(copying: "gguf")
        try FileManager.default.removeItem(atPath: files.path(Self.part(2)))
        for number in [1, 3] {
            let problem =
                "\(Self.part(2)) is missing; \(Self.part(number)) is one of the 3 parts of its model"
            files.expect(problem) { try Checkpoint(path: files.path(Self.part(number))) }
            files.expect(problem) { try CheckpointFiles(path: files.path(Self.part(number))).weights() }
        }
    }

    @Test func `parts of different models, or in another order, are refused`() throws {
        let files = try DamagedFiles(copying: "gguf")
        let (second, third) = (
            try Fixtures.bytes(files.path(Self.part(2))), try Fixtures.bytes(files.path(Self.part(3)))
        )
        try files.write(Self.part(2), third)
        files.expect(
            "\(Self.part(2)): metadata 'split.no' is 2, expected 1 by its name: the parts are not of one model"
        ) { try Checkpoint(path: files.path(Self.part(1))) }
        try files.write(Self.part(2), Fixtures.bytes(files.path("types.gguf")))
        files.expect(
            "\(Self.part(2)): metadata 'split.count' is missing, expected 3 by its name: "
                + "the parts are not of one model"
        ) { try Checkpoint(path: files.path(Self.part(1))) }
        try files.write(Self.part(2), second)
        try files.edit(Self.part(3)) { bytes in
            let key = Array("split.tensors.count".utf8)
            let start = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
            bytes[start + key.count + 4] = 31
        }
        files.expect(
            "\(Self.part(3)): metadata 'split.tensors.count' is 31, but the 3 parts hold 30 tensors: "
                + "they are not of one model"
        ) { try Checkpoint(path: files.path(Self.part(1))) }
    }

    @Test func `a part under another name says why the others cannot be found`() throws {
        let files = try DamagedFiles(copying: "gguf")
        try files.write("renamed.gguf", Fixtures.bytes(files.path(Self.part(1))))
        files.expect(
            "renamed.gguf: metadata 'split.count' is 3, expected a file name that ends in "
                + "'-00001-of-00003.gguf' or so, by which the other parts are found"
        ) { try Checkpoint(path: files.path("renamed.gguf")) }
        try files.write("types-00001-of-00002.gguf", Fixtures.bytes(files.path("types.gguf")))
        files.expect(
            "types-00001-of-00002.gguf: metadata 'split.count' is missing, "
                + "but the file's name is that of one of 2 parts"
        ) { try Checkpoint(path: files.path("types-00001-of-00002.gguf")) }
    }

    @Test(arguments: [
        "a-00001-of-00001.gguf", "a-1-of-2.gguf", "a-00003-of-00002.gguf", "a-00000-of-00000.gguf", "of.gguf",
    ])
    func `a whole model may have any name`(_ name: String) throws {
        let files = try DamagedFiles(copying: "gguf")
        try files.write(name, Fixtures.bytes(files.path("types.gguf")))
        #expect(try Checkpoint(path: files.path(name)).tensors.names.count == 16)
        #expect(try CheckpointFiles(path: files.path(name)).weights() == [files.path(name)])
    }
}
