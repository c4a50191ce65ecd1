import JSON
import Numerics

/// One safetensors file: an 8-byte header length, a JSON header, and the tensors' bytes.
enum Safetensors {
    /// The largest header the format allows.
    private static let headerLimit = 100_000_000

    /// Maps a file and checks its whole header against its length: types, shapes, offsets, overlaps and gaps.
    /// - Throws: ``CheckpointError`` naming the tensor and what was expected.
    static func read(_ path: String) throws(CheckpointError) -> TensorTable {
        let file = try MappedFile(path: path)
        guard file.count >= 8 else {
            throw CheckpointError(
                file: path, problem: "has \(file.count) bytes, too few for a safetensors header")
        }
        let announced = file.read(0..<8) { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard announced <= UInt64(file.count - 8) else {
            throw CheckpointError(
                file: path, place: "header",
                problem: "claims \(announced) bytes, but the file has \(file.count - 8) after its length field")
        }
        guard announced <= headerLimit else {
            throw CheckpointError(
                file: path, place: "header",
                problem: "claims \(announced) bytes, more than the \(headerLimit) that the format allows")
        }
        let dataStart = 8 + Int(announced)
        let header: JSON
        do { header = try file.read(8..<dataStart) { bytes throws(JSONError) in try JSON.parse(bytes) } } catch {
            throw CheckpointError(file: path, place: "header", problem: "is not JSON: \(error)")
        }
        guard let members = header.object else {
            throw CheckpointError(file: path, place: "header", problem: "is not a JSON object")
        }
        var table = TensorTable(source: path)
        var ranges: [(range: Range<Int>, name: String)] = []
        for member in members where member.key != "__metadata__" {
            let (entry, range) = try self.entry(member, in: file, dataStart: dataStart)
            try table.insert(member.key, entry)
            ranges.append((range, member.key))
        }
        try requireTiling(ranges, upTo: file.count - dataStart, file: path)
        return table
    }

    private static func entry(
        _ member: JSON.Member, in file: MappedFile, dataStart: Int
    ) throws(CheckpointError) -> (TensorTable.Entry, Range<Int>) {
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "tensor '\(member.key)'", problem: problem)
        }
        guard let typeName = member.value["dtype"]?.string else { throw fault("has no 'dtype'") }
        let shape = member.value["shape"]?.array?.compactMap(\.int)
        guard let shape, shape.count == member.value["shape"]?.array?.count, shape.allSatisfy({ $0 >= 0 }) else {
            throw fault("has no 'shape' of whole numbers")
        }
        let offsets = member.value["data_offsets"]?.array?.compactMap(\.int) ?? []
        let available = file.count - dataStart
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw fault("has no 'data_offsets' of two rising whole numbers")
        }
        guard offsets[1] <= available else {
            throw fault(
                "ends at byte \(offsets[1]) of the data, but the file holds \(available): it was cut short or its header lies"
            )
        }
        let range = offsets[0]..<offsets[1]
        guard let type = elementTypes[typeName] else {
            return (TensorTable.Entry(content: .unread, typeName: typeName, shape: shape, file: file.path), range)
        }
        let bytes = file.view(dataStart + range.lowerBound..<dataStart + range.upperBound)
        guard let tensor = StoredTensor(type: type, shape: shape, bytes: bytes, owner: file) else {
            throw fault("of type \(typeName) and shape \(shape) does not fit its \(range.count) bytes")
        }
        return (TensorTable.Entry(content: .stored(tensor), typeName: typeName, shape: shape, file: file.path), range)
    }

    private static let elementTypes: [String: ElementType] = ["F32": .f32, "F16": .f16, "BF16": .bf16]

    /// The format asks that tensors fill the data without overlap or gap.
    private static func requireTiling(
        _ ranges: [(range: Range<Int>, name: String)], upTo end: Int, file: String
    ) throws(CheckpointError) {
        var position = 0
        for (range, name) in ranges.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }) {
            guard range.lowerBound == position else {
                let word = range.lowerBound < position ? "overlaps the tensor before it" : "leaves a gap before it"
                throw CheckpointError(
                    file: file, place: "tensor '\(name)'",
                    problem: "\(word): starts at byte \(range.lowerBound), expected \(position)")
            }
            position = range.upperBound
        }
        guard position == end else {
            throw CheckpointError(
                file: file, problem: "the tensors end at \(position), but there are \(end) bytes of data")
        }
    }
}
