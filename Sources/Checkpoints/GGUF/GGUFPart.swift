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
        var expected = 0
        for info in infos.sorted(by: { ($0.offset, $0.name) < ($1.offset, $1.name) }) {
            let (entry, length) = try entry(info, in: file, dataStart: dataStart, expected: expected)
            try table.insert(info.name, entry)
            expected = (info.offset + length + alignment - 1) / alignment * alignment
        }
        return table
    }

    /// A tensor's place in the table, and its bytes.
    private static func entry(
        _ info: Info, in file: MappedFile, dataStart: Int, expected: Int
    ) throws(CheckpointError) -> (TensorTable.Entry, Int) {
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "tensor '\(info.name)'", problem: problem)
        }
        guard info.offset == expected else {
            throw fault("starts at byte \(info.offset) of the data, expected \(expected)")
        }
        let (type, other) = (elementTypes[info.type], otherTypes[info.type])
        guard let typeName = type?.name ?? other?.name else {
            throw fault("has the unknown ggml element type \(info.type)")
        }
        guard let elements = StoredTensor.elementCount(info.shape),
            let length = type?.bytes(for: elements) ?? other?.bytes(for: elements)
        else { throw fault("has an impossible shape \(info.shape) for \(typeName)") }
        let available = max(file.count - dataStart, 0)
        guard info.offset <= available, length <= available - info.offset else {
            throw fault(
                "needs \(length) bytes at \(info.offset) of the data, but the file holds \(available): "
                    + "it was cut short or its header lies")
        }
        guard let type else {
            return (
                TensorTable.Entry(content: .unread, typeName: typeName, shape: info.shape, file: file.path), length
            )
        }
        let start = dataStart + info.offset
        let bytes = file.view(start..<start + length)
        guard let tensor = StoredTensor(type: type, shape: info.shape, bytes: bytes, owner: file) else {
            throw fault("of type \(typeName) and shape \(info.shape) does not fit its \(length) bytes")
        }
        return (
            TensorTable.Entry(content: .stored(tensor), typeName: typeName, shape: info.shape, file: file.path), length
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

    /// A type that the engine does not read: ggml's name, numbers in a block, and bytes of a block.
    private struct OtherType {
        let name: String
        let blockLength: Int
        let blockBytes: Int

        init(_ name: String, _ blockLength: Int, _ blockBytes: Int) {
            (self.name, self.blockLength, self.blockBytes) = (name, blockLength, blockBytes)
        }

        func bytes(for count: Int) -> Int? {
            guard count % blockLength == 0 else { return nil }
            let (bytes, overflow) = (count / blockLength).multipliedReportingOverflow(by: blockBytes)
            return overflow ? nil : bytes
        }
    }

    private static let otherTypes: [UInt32: OtherType] = [
        4: .init("Q4_2", 16, 10), 5: .init("Q4_3", 16, 12), 9: .init("Q8_1", 32, 36), 15: .init("Q8_K", 256, 292),
        16: .init("IQ2_XXS", 256, 66), 17: .init("IQ2_XS", 256, 74), 18: .init("IQ3_XXS", 256, 98),
        19: .init("IQ1_S", 256, 50), 21: .init("IQ3_S", 256, 110), 22: .init("IQ2_S", 256, 82), 24: .init("I8", 1, 1),
        25: .init("I16", 1, 2), 26: .init("I32", 1, 4), 27: .init("I64", 1, 8), 28: .init("F64", 1, 8),
        29: .init("IQ1_M", 256, 56), 31: .init("Q4_0_4_4", 32, 18), 32: .init("Q4_0_4_8", 32, 18),
        33: .init("Q4_0_8_8", 32, 18), 34: .init("TQ1_0", 256, 54), 35: .init("TQ2_0", 256, 66),
        36: .init("IQ4_NL_4_4", 32, 18), 37: .init("IQ4_NL_4_8", 32, 18), 38: .init("IQ4_NL_8_8", 32, 18),
        39: .init("MXFP4", 32, 17), 40: .init("NVFP4", 64, 36), 41: .init("Q1_0", 128, 18),
    ]
}
