import Numerics

/// The tensors of a checkpoint by name, wherever their bytes lie.
public struct TensorTable: Sendable {
    /// A tensor's numbers, as the file has them.
    enum Content: Sendable {
        case stored(StoredTensor)
        /// In another order than row-major.
        case strided(StridedTensor)
        /// Of an element type that the engine does not read, such as integers.
        case unread
    }

    struct Entry: Sendable {
        let content: Content
        let typeName: String
        let shape: [Int]
        let file: String
    }

    /// What messages call the checkpoint.
    public let source: String
    private(set) var entries: [String: Entry] = [:]

    init(source: String) { self.source = source }

    /// All names, sorted.
    public var names: [String] { entries.keys.sorted() }

    /// How many tensors there are of each element type, as the file names it; the most frequent first.
    public var elementTypes: [(name: String, count: Int)] {
        Dictionary(grouping: entries.values, by: \.typeName).map { (name: $0.key, count: $0.value.count) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// Whether a tensor of this name is there.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The file that a tensor lies in.
    func file(of name: String) -> String? { entries[name]?.file }

    /// A tensor that must be there with just this shape.
    /// - Throws: ``CheckpointError`` naming the tensor and what was expected.
    public func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> StoredTensor {
        guard let entry = entries[name] else {
            throw CheckpointError(
                file: source, place: "tensor '\(name)'", problem: "is missing; expected shape \(shape)")
        }
        guard entry.shape == shape else {
            throw CheckpointError(
                file: entry.file, place: "tensor '\(name)'", problem: "has shape \(entry.shape), expected \(shape)")
        }
        switch entry.content {
        case .stored(let tensor): return tensor
        case .strided(let tensor):
            guard let copy = tensor.copied() else {
                throw CheckpointError(
                    file: entry.file, place: "tensor '\(name)'", problem: "of shape \(shape) cannot be put in order")
            }
            return copy
        case .unread:
            let names = ElementType.allCases.map(\.name)
            let known = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
            throw CheckpointError(
                file: entry.file, place: "tensor '\(name)'",
                problem: "has element type \(entry.typeName), expected one of \(known)")
        }
    }

    /// A tensor that must be there, of whatever shape.
    func tensor(_ name: String) throws(CheckpointError) -> StoredTensor {
        guard let entry = entries[name] else {
            throw CheckpointError(file: source, place: "tensor '\(name)'", problem: "is missing")
        }
        return try tensor(name, shape: entry.shape)
    }

    mutating func insert(_ name: String, _ entry: Entry) throws(CheckpointError) {
        guard entries.updateValue(entry, forKey: name) == nil else {
            throw CheckpointError(file: entry.file, place: "tensor '\(name)'", problem: "is there twice")
        }
    }

    mutating func merge(_ other: TensorTable) throws(CheckpointError) {
        for name in other.names {
            if let entry = other.entries[name] { try insert(name, entry) }
        }
    }

    /// Fails where a checkpoint that says that its unembedding is its embedding holds a different one, since readers disagree on
    /// which of the two counts. An equal copy is fine.
    /// - Parameter key: the setting that says so.
    /// - Throws: ``CheckpointError`` naming the tensor and the setting.
    public func requireTied(
        _ unembedding: String, to embedding: String, because key: String
    ) throws(CheckpointError) {
        guard contains(unembedding) else { return }
        let (own, shared) = (try tensor(unembedding), try tensor(embedding))
        guard !own.holdsSameNumbers(as: shared) else { return }
        throw CheckpointError(
            file: entries[unembedding]?.file ?? source, place: "tensor '\(unembedding)'",
            problem:
                "differs from '\(embedding)', but '\(key)' is true: set it to false where the model has a head of its "
                + "own, or remove the tensor")
    }

    /// Fails when a tensor is left that nothing used, since a model that ignores a weight is another model.
    /// - Parameter ignored: tells names that carry no weight of the model, such as buffers.
    /// - Throws: ``CheckpointError`` listing up to three names.
    public func requireAllUsed(_ used: Set<String>, ignoring ignored: (String) -> Bool) throws(CheckpointError) {
        let left = names.filter { !used.contains($0) && !ignored($0) }
        guard !left.isEmpty else { return }
        let shown = left.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        let more = left.count > 3 ? " and \(left.count - 3) more" : ""
        throw CheckpointError(
            file: source, problem: "holds tensors that this architecture does not use: \(shown)\(more)")
    }
}

extension StoredTensor {
    /// Whether both hold the same numbers in the same shape, however each is stored.
    fileprivate func holdsSameNumbers(as other: StoredTensor) -> Bool {
        guard type != other.type else { return isIdentical(to: other) }
        guard shape == other.shape else { return false }
        var (mine, theirs) = (Array(repeating: Float(0), count: columns), Array(repeating: Float(0), count: columns))
        for row in 0..<rows {
            mine.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { decode(rows: row..<row + 1, into: start) }
            }
            theirs.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { other.decode(rows: row..<row + 1, into: start) }
            }
            guard mine == theirs else { return false }
        }
        return true
    }
}
