import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    @Test func `a good file gives its tensors by name`() throws {
        let header = """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},\
            "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
            """
        let files = try DamagedFiles(header: header, data: 16)
        try files.edit("model.safetensors") { bytes in bytes.replaceSubrange((bytes.count - 2)..., with: [0x80, 0x3F]) }
        let tensors = try Checkpoint(path: files.folder).tensors
        #expect(tensors.names == ["a", "b"])
        #expect(try tensors.tensor("b", shape: [2, 3]).floats() == [0, 0, 0, 0, 0, 1])
        #expect(try tensors.tensor("a", shape: []).floats() == [0])
    }

    @Test func `a file cut short says what is missing`() throws {
        let files = try DamagedFiles(copying: "llamas/tied-f32")
        try files.edit("model.safetensors") { $0.removeLast(1000) }
        files.expect(
            "model.safetensors: tensor 'model.layers.2.self_attn.v_proj.weight': ends at byte 97024 of the data, but the file holds 96152: "
                + "it was cut short or its header lies"
        ) { try Checkpoint(path: files.folder) }
        try files.edit("model.safetensors") { $0.removeLast($0.count - 7) }
        files.expect("model.safetensors: has 7 bytes, too few for a safetensors header") {
            try Checkpoint(path: files.folder)
        }
        try files.write("model.safetensors", [])
        files.expect("model.safetensors is empty") { try Checkpoint(path: files.folder) }
    }

    @Test(arguments: [1 << 20, UInt64(1) << 63, .max])
    func `a header length beyond the file is a lie`(_ length: UInt64) throws {
        let files = try DamagedFiles(header: "{}", data: 0)
        try files.edit("model.safetensors") { $0.replaceSubrange(0..<8, with: DamagedFiles.littleEndian(length)) }
        files.expect("model.safetensors: header: claims \(length) bytes, but the file has 2 after its length field") {
            try Checkpoint(path: files.folder)
        }
    }

    @Test func `a header beyond what the format allows is refused before it is parsed`() throws {
        let files = try DamagedFiles(header: "{}", data: 0)
        try files.edit("model.safetensors") {
            $0.replaceSubrange(0..<8, with: DamagedFiles.littleEndian(UInt64(200_000_000)))
        }
        // A sparse file: it takes no room on the disk.
        let handle = try #require(FileHandle(forWritingAtPath: files.path("model.safetensors")))
        try handle.truncate(atOffset: 300_000_000)
        try handle.close()
        files.expect(
            "model.safetensors: header: claims 200000000 bytes, more than the 100000000 that the format allows"
        ) {
            try Checkpoint(path: files.folder)
        }
    }

    @Test(arguments: [
        ("{\"a\":", "header is not JSON: JSON, line 1, column 6: expected a value, found the end of the text"),
        ("[1]", "header is not a JSON object"),
        (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, "tensor 'a': has no 'dtype'"),
        (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, "tensor 'a': has no 'shape' of whole numbers"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "tensor 'a': has no 'shape' of whole numbers"),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, "tensor 'a': has no 'shape' of whole numbers"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, "tensor 'a': has no 'data_offsets' of two rising whole numbers"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
            "tensor 'a': has no 'data_offsets' of two rising whole numbers"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
            "tensor 'a': has no 'data_offsets' of two rising whole numbers"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
            "tensor 'a': of type F32 and shape [3] does not fit its 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,8]}}"#,
            "tensor 'a': of type F32 and shape [4611686018427387904, 2] does not fit its 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}}"#,
            "tensor 'a': of type F32 and shape [9223372036854775807] does not fit its 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "tensor 'b': overlaps the tensor before it: starts at byte 4, expected 8"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "tensor 'a': leaves a gap before it: starts at byte 4, expected 0"
        ),
        (
            #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,9]}}"#,
            "tensor 'a': ends at byte 9 of the data, but the file holds 8: it was cut short or its header lies"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            "the tensors end at 4, but there are 8 bytes of data"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "header is not JSON: JSON, line 1, column 55: the key \"a\" is listed twice"
        ),
    ])
    func `a damaged header is named`(_ header: String, _ problem: String) throws {
        let files = try DamagedFiles(header: header, data: 8)
        files.expect("model.safetensors: " + problem) { try Checkpoint(path: files.folder) }
    }

    @Test func `an element type that is not read matters only where the tensor is asked for`() throws {
        let header = """
            {"ids":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},\
            "w":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
            """
        let files = try DamagedFiles(header: header, data: 20)
        let tensors = try Checkpoint(path: files.folder).tensors
        #expect(try tensors.tensor("w", shape: [1]).count == 1)
        files.expect(
            "model.safetensors: tensor 'ids': has element type I64, expected one of F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL or IQ4_XS"
        ) { try tensors.tensor("ids", shape: [2]) }
    }

    @Test func `a missing, a misshapen and an unused tensor are named`() throws {
        let header = #"{"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#
        let files = try DamagedFiles(header: header, data: 8)
        let tensors = try Checkpoint(path: files.folder).tensors
        files.expect("FOLDER: tensor 'v' is missing; expected shape [4, 8]") {
            try tensors.tensor("v", shape: [4, 8])
        }
        files.expect("model.safetensors: tensor 'w': has shape [2, 1], expected [1, 2]") {
            try tensors.tensor("w", shape: [1, 2])
        }
        files.expect("FOLDER holds tensors that this architecture does not use: 'w'") {
            try tensors.requireAllUsed([]) { _ in false }
        }
        try tensors.requireAllUsed(["w"]) { _ in false }
        try tensors.requireAllUsed([]) { $0 == "w" }
    }

    @Test func `of many unused tensors three are named`() throws {
        let members = (0..<5).map { "\"t\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
        let files = try DamagedFiles(header: "{" + members.joined(separator: ",") + "}", data: 0)
        files.expect("FOLDER holds tensors that this architecture does not use: 't0', 't1', 't2' and 2 more") {
            try Checkpoint(path: files.folder).tensors.requireAllUsed([]) { _ in false }
        }
    }

    @Test func `shapes of nothing are read as nothing`() throws {
        let header = """
            {"a":{"dtype":"F32","shape":[0,1099511627776,1099511627776],"data_offsets":[0,0]},\
            "b":{"dtype":"F16","shape":[9223372036854775807,0],"data_offsets":[0,0]}}
            """
        let files = try DamagedFiles(header: header, data: 0)
        let tensors = try Checkpoint(path: files.folder).tensors
        #expect(try tensors.tensor("a", shape: [0, 1 << 40, 1 << 40]).floats() == [])
        #expect(try tensors.tensor("b", shape: [.max, 0]).floats() == [])
    }
}
