import Numerics

/// A model in GGUF (llama.cpp; versions 2 and 3, little-endian): typed metadata, then tensors, in one file or in several parts.
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

    /// The file that was opened; of several parts, the one that was named.
    public let path: String
    /// Metadata by key: `llama.block_count`. Of several parts, those of the first.
    public let metadata: [String: Value]
    /// Tensors by llama.cpp's names: `blk.0.attn_q.weight`.
    public let tensors: TensorTable

    /// Maps a file, and the other parts where it is one of several, and checks headers, metadata and every tensor's range
    /// against the files' lengths.
    /// - Throws: ``CheckpointError`` naming the key, tensor or part, and what was expected.
    public init(path: String) throws(CheckpointError) {
        self.path = path
        let part = try GGUFPart(path: path)
        guard let split = try GGUFSplit(part) else {
            metadata = part.metadata
            tensors = part.tensors
            return
        }
        let parts = try split.parts()
        metadata = parts.first?.metadata ?? part.metadata
        tensors = try split.joined(parts)
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
}
