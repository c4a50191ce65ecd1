import Numerics

/// A GGUF file (llama.cpp; versions 2 and 3, little-endian): typed metadata, then tensors.
public struct GGUF: Sendable {
    /// A metadata value.
    public enum Value: Sendable, Equatable {
        case int(Int)
        case number(Double)
        case bool(Bool)
        case string(String)
        case array([Value])

        /// The whole number, where this is one that fits.
        public var int: Int? { if case .int(let value) = self { value } else { nil } }
        /// The truth value, where this is one.
        public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
        /// The text, where this is one.
        public var string: String? { if case .string(let value) = self { value } else { nil } }
        /// The elements, where this is an array.
        public var array: [Value]? { if case .array(let value) = self { value } else { nil } }
        /// The number, whole or not, where this is one.
        public var number: Double? {
            switch self {
            case .int(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        }
    }

    /// The path that was opened.
    public let path: String
    /// Metadata by key: `llama.block_count`.
    public let metadata: [String: Value]
    /// Tensors by llama.cpp's names: `blk.0.attn_q.weight`.
    public let tensors: TensorTable
    let file: MappedFile

    /// Maps a file and checks header, metadata and every tensor's range against its length.
    /// - Throws: ``CheckpointError`` naming the key or tensor and what was expected.
    public init(path: String) throws(CheckpointError) {
        self.path = path
        file = try MappedFile(path: path)
        var reader = GGUFReader(file: file)
        guard file.count >= 24, try reader.integer(UInt32.self, "the magic") == 0x4655_4747 else {
            throw CheckpointError(file: path, problem: "is not a GGUF file: it does not begin with 'GGUF'")
        }
        let version = try reader.integer(UInt32.self, "the version")
        guard version == 2 || version == 3 else {
            throw CheckpointError(file: path, place: "header", problem: "has version \(version), expected 2 or 3")
        }
        let tensorCount = try reader.count("the tensor count", eachAtLeast: 24)
        let metadataCount = try reader.count("the metadata count", eachAtLeast: 13)
        metadata = try reader.metadata(count: metadataCount)
        let alignment = metadata["general.alignment"] ?? .int(32)
        guard let alignment = alignment.int, (1...1 << 20).contains(alignment) else {
            throw CheckpointError(
                file: path, place: "metadata 'general.alignment'",
                problem: "is not a whole number from 1 to 1048576")
        }
        tensors = try Self.readTensors(&reader, count: tensorCount, alignment: alignment)
    }

    /// A metadata value that must be there.
    /// - Throws: ``CheckpointError`` naming the key.
    public func require<T>(_ key: String, _ kind: String, _ read: (Value) -> T?) throws(CheckpointError) -> T {
        guard let value = metadata[key] else {
            throw CheckpointError(file: path, place: "metadata '\(key)'", problem: "is missing; expected \(kind)")
        }
        guard let result = read(value) else {
            throw CheckpointError(file: path, place: "metadata '\(key)'", problem: "is not \(kind)")
        }
        return result
    }

    /// ggml's numbers for the element types that the engine reads.
    private static let elementTypes: [UInt32: ElementType] = [
        0: .f32, 1: .f16, 2: .q4_0, 3: .q4_1, 8: .q8_0, 30: .bf16,
    ]

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
        let dataStart = (reader.position + alignment - 1) / alignment * alignment
        var table = TensorTable(source: file.path)
        var expected = 0
        for info in infos.sorted(by: { ($0.offset, $0.name) < ($1.offset, $1.name) }) {
            func fault(_ problem: String) -> CheckpointError {
                CheckpointError(file: file.path, place: "tensor '\(info.name)'", problem: problem)
            }
            guard info.offset == expected else {
                throw fault("starts at byte \(info.offset) of the data, expected \(expected)")
            }
            guard let type = elementTypes[info.type] else {
                throw fault(
                    "has ggml element type \(info.type); this version reads F32, F16, BF16, Q4_0, Q4_1 and Q8_0")
            }
            guard let elements = StoredTensor.elementCount(info.shape), let length = type.bytes(for: elements) else {
                throw fault("has an impossible shape \(info.shape) for \(type.rawValue)")
            }
            let available = file.count - dataStart
            guard info.offset <= available, length <= available - info.offset else {
                throw fault(
                    "needs \(length) bytes at \(info.offset) of the data, but the file holds \(max(available, 0)): "
                        + "it was cut short or its header lies")
            }
            let start = dataStart + info.offset
            guard
                let tensor = StoredTensor(
                    type: type, shape: info.shape, bytes: file.view(start..<start + length), owner: file)
            else { throw fault("of type \(type.rawValue) and shape \(info.shape) does not fit its \(length) bytes") }
            try table.insert(
                info.name,
                TensorTable.Entry(tensor: tensor, typeName: type.rawValue, shape: info.shape, file: file.path))
            expected = (info.offset + length + alignment - 1) / alignment * alignment
        }
        // The last tensor's padding, and with no tensors the header's own, may be missing.
        guard (expected - alignment + 1...expected).contains(file.count - dataStart) else {
            throw CheckpointError(
                file: file.path, place: "header",
                problem: "lists \(count) tensors whose data ends at byte \(dataStart + expected), "
                    + "but the file has \(file.count): the tensor count is wrong")
        }
        return table
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
}
