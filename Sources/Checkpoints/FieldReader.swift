/// Reads the little-endian fields of a part of a file, never past its end.
struct FieldReader {
    let file: MappedFile
    private(set) var position: Int
    private let end: Int

    /// - Parameter range: lies inside the file.
    init(file: MappedFile, range: Range<Int>) {
        self.file = file
        position = range.lowerBound
        end = range.upperBound
    }

    /// Bytes that are left.
    var left: Int { end - position }

    /// Steps over the next `count` bytes.
    mutating func range(_ count: Int, _ what: String) throws(CheckpointError) -> Range<Int> {
        guard count <= left else {
            throw CheckpointError(
                file: file.path, place: "byte \(position)",
                problem:
                    "\(what) needs \(count) bytes, but the file has \(left) left: it was cut short or its header lies")
        }
        defer { position += count }
        return position..<position + count
    }

    mutating func skip(_ count: Int, _ what: String) throws(CheckpointError) { _ = try range(count, what) }

    mutating func bytes(_ count: Int, _ what: String) throws(CheckpointError) -> [UInt8] {
        file.read(try range(count, what)) { Array($0) }
    }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type, _ what: String) throws(CheckpointError) -> T {
        file.read(try range(MemoryLayout<T>.size, what)) { T(littleEndian: $0.loadUnaligned(as: T.self)) }
    }

    /// A 64-bit count or offset, which must fit an `Int`.
    mutating func offset(_ what: String) throws(CheckpointError) -> Int {
        let value = try integer(UInt64.self, what)
        guard let offset = Int(exactly: value) else {
            throw CheckpointError(file: file.path, place: what, problem: "claims \(value), more than any file holds")
        }
        return offset
    }
}
