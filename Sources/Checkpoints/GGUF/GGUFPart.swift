import Numerics

/// One GGUF file, mapped: a whole model, or a part of a split one.
struct GGUFPart: Sendable {
    let path: String
    let metadata: [String: GGUF.Value]
    let tensors: TensorTable

    /// Maps a file and checks header, metadata and every tensor's range against its length.
    /// - Throws: ``CheckpointError`` naming the key or tensor and what was expected.
    init(path: String) throws(CheckpointError) {
        self.path = path
        let file = try MappedFile(path: path)
        var reader = GGUFReader(file: file)
        guard file.count >= 24, try reader.integer(UInt32.self, "the magic") == 0x4655_4747 else {
            throw CheckpointError(file: path, problem: "is not a GGUF file: it does not begin with 'GGUF'")
        }
        let version = try reader.integer(UInt32.self, "the version")
        guard version == 2 || version == 3 else {
            let isSwapped = [2, 3].contains(version.byteSwapped)
            throw CheckpointError(
                file: path, place: "header",
                problem: isSwapped
                    ? "is big-endian, expected a little-endian file" : "has version \(version), expected 2 or 3")
        }
        let tensorCount = try reader.count("the tensor count", eachAtLeast: 24)
        let metadataCount = try reader.count("the metadata count", eachAtLeast: 13)
        metadata = try reader.metadata(count: metadataCount)
        let alignment = metadata["general.alignment"] ?? .int(32)
        guard let alignment = alignment.int, (1...1 << 20).contains(alignment) else {
            throw CheckpointError(
                file: path, place: "metadata 'general.alignment'",
                problem: "is \((metadata["general.alignment"] ?? .int(32)).excerpt), "
                    + "expected a whole number from 1 to 1048576")
        }
        tensors = try Self.readTensors(&reader, count: tensorCount, alignment: alignment)
    }

    private struct Info {
        let name: String
        let shape: [Int]
        let type: UInt32
        let offset: Int
    }

    private static func readTensors(
        _ reader: inout GGUFReader, count: Int, alignment: Int
    ) throws(CheckpointError) -> TensorTable {
        let file = reader.file
        var infos: [Info] = []
        for index in 0..<count { infos.append(try readInfo(&reader, "tensor \(index + 1) of \(count)")) }
        try requireEnd(of: reader, after: count)
        let dataStart = (reader.position + alignment - 1) / alignment * alignment
        var table = TensorTable(source: file.path)
        // Where the next tensor starts; nil behind one of a type whose size is not known.
        var expected: Int? = 0
        for info in infos.sorted(by: { ($0.offset, $0.name) < ($1.offset, $1.name) }) {
            let (entry, length) = try entry(info, in: file, dataStart: dataStart, expected: expected)
            try table.insert(info.name, entry)
            expected = length.map { (info.offset + $0 + alignment - 1) / alignment * alignment }
        }
        return table
    }

    /// A tensor's place in the table, and its bytes where its type tells how many they are.
    private static func entry(
        _ info: Info, in file: MappedFile, dataStart: Int, expected: Int?
    ) throws(CheckpointError) -> (TensorTable.Entry, Int?) {
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "tensor '\(info.name)'", problem: problem)
        }
        guard info.offset == expected ?? info.offset else {
            throw fault("starts at byte \(info.offset) of the data, expected \(expected ?? 0)")
        }
        let available = max(file.count - dataStart, 0)
        guard let type = elementTypes[info.type] else {
            guard let name = otherTypes[info.type] else {
                throw fault("has the unknown ggml element type \(info.type)")
            }
            guard info.offset <= available else {
                throw fault("starts at byte \(info.offset) of the data, but the file holds \(available)")
            }
            return (TensorTable.Entry(tensor: nil, typeName: name, shape: info.shape, file: file.path), nil)
        }
        guard let elements = StoredTensor.elementCount(info.shape), let length = type.bytes(for: elements) else {
            throw fault("has an impossible shape \(info.shape) for \(type.name)")
        }
        guard info.offset <= available, length <= available - info.offset else {
            throw fault(
                "needs \(length) bytes at \(info.offset) of the data, but the file holds \(available): "
                    + "it was cut short or its header lies")
        }
        let start = dataStart + info.offset
        let bytes = file.view(start..<start + length)
        guard let tensor = StoredTensor(type: type, shape: info.shape, bytes: bytes, owner: file) else {
            throw fault("of type \(type.name) and shape \(info.shape) does not fit its \(length) bytes")
        }
        return (
            TensorTable.Entry(tensor: tensor, typeName: type.name, shape: info.shape, file: file.path), length
        )
    }

    /// Fails where another tensor's entry follows the last one, since the data would then be taken from the wrong place.
    private static func requireEnd(of reader: GGUFReader, after count: Int) throws(CheckpointError) {
        var ahead = reader
        guard let next = try? readInfo(&ahead, "what follows"), (1...64).contains(next.name.utf8.count),
            next.name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            elementTypes[next.type] != nil || otherTypes[next.type] != nil
        else { return }
        throw CheckpointError(
            file: reader.file.path, place: "header",
            problem: "lists \(count) tensors, but the entry of '\(next.name)' follows: the tensor count is wrong")
    }

    private static func readInfo(_ reader: inout GGUFReader, _ what: String) throws(CheckpointError) -> Info {
        let name = try reader.string("the name of \(what)")
        let dimensions = try reader.integer(UInt32.self, "the rank of \(what)")
        guard (1...4).contains(dimensions) else {
            throw CheckpointError(
                file: reader.file.path, place: what, problem: "has \(dimensions) dimensions, expected 1 to 4")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            let size = try reader.integer(UInt64.self, "the shape of \(what)")
            guard let size = Int(exactly: size) else {
                throw CheckpointError(file: reader.file.path, place: what, problem: "has a dimension of \(size)")
            }
            shape.append(size)
        }
        let type = try reader.integer(UInt32.self, "the type of \(what)")
        let offset = try reader.integer(UInt64.self, "the offset of \(what)")
        guard let offset = Int(exactly: offset) else {
            throw CheckpointError(file: reader.file.path, place: what, problem: "has an offset of \(offset)")
        }
        // ggml counts dimensions from the innermost; ours are row-major.
        return Info(name: name, shape: shape.reversed(), type: type, offset: offset)
    }

    /// ggml's numbers for the element types that the engine reads.
    private static let elementTypes: [UInt32: ElementType] = [
        0: .f32, 1: .f16, 2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1, 8: .q8_0, 10: .q2_k, 11: .q3_k, 12: .q4_k, 13: .q5_k,
        14: .q6_k, 20: .iq4_nl, 23: .iq4_xs, 30: .bf16,
    ]

    /// ggml's names for those that it does not.
    private static let otherTypes: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
        21: "IQ3_S", 22: "IQ2_S", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 31: "Q4_0_4_4",
        32: "Q4_0_4_8", 33: "Q4_0_8_8", 34: "TQ1_0", 35: "TQ2_0", 36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8",
        39: "MXFP4", 40: "NVFP4", 41: "Q1_0",
    ]
}
