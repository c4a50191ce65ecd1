/// Reads the fields of a GGUF header, never past the file's end.
struct GGUFReader {
    private var fields: FieldReader

    init(file: MappedFile) { fields = FieldReader(file: file, range: 0..<file.count) }

    var file: MappedFile { fields.file }
    var position: Int { fields.position }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type, _ what: String) throws(CheckpointError) -> T {
        try fields.integer(type, what)
    }

    /// A count of things that take at least `eachAtLeast` bytes each, so that no lie makes us allocate.
    mutating func count(_ what: String, eachAtLeast size: Int) throws(CheckpointError) -> Int {
        let count = try integer(UInt64.self, what)
        guard count <= UInt64(fields.left / size) else {
            throw CheckpointError(
                file: file.path, place: "header",
                problem: "claims \(count) as \(what), more than its \(file.count) bytes can hold")
        }
        return Int(count)
    }

    mutating func string(_ what: String) throws(CheckpointError) -> String {
        let length = try count("the length of \(what)", eachAtLeast: 1)
        return file.read(try fields.range(length, what)) { String(decoding: $0, as: UTF8.self) }
    }

    mutating func metadata(count: Int) throws(CheckpointError) -> [String: GGUF.Value] {
        var result: [String: GGUF.Value] = [:]
        for index in 0..<count {
            let key = try string("metadata key \(index + 1) of \(count)")
            let type = try integer(UInt32.self, "the type of metadata '\(key)'")
            let value = try value(type: type, key: key, depth: 0)
            guard result.updateValue(value, forKey: key) == nil else {
                throw CheckpointError(file: file.path, place: "metadata '\(key)'", problem: "is there twice")
            }
        }
        return result
    }

    /// The fewest bytes that a value takes, by its type's number: a string its length, an array its type and length.
    private static let smallest = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8]

    private mutating func value(type: UInt32, key: String, depth: Int) throws(CheckpointError) -> GGUF.Value {
        let what = "metadata '\(key)'"
        switch type {
        case 0: return .int(Int(try integer(UInt8.self, what)))
        case 1: return .int(Int(try integer(Int8.self, what)))
        case 2: return .int(Int(try integer(UInt16.self, what)))
        case 3: return .int(Int(try integer(Int16.self, what)))
        case 4: return .int(Int(try integer(UInt32.self, what)))
        case 5: return .int(Int(try integer(Int32.self, what)))
        case 6: return .number(Double(Float(bitPattern: try integer(UInt32.self, what))))
        case 7: return .bool(try integer(UInt8.self, what) != 0)
        case 8: return .string(try string(what))
        case 9: return try array(key: key, depth: depth)
        case 10:
            let value = try integer(UInt64.self, what)
            return Int(exactly: value).map { .int($0) } ?? .number(Double(value))
        case 11: return .int(Int(try integer(Int64.self, what)))
        case 12: return .number(Double(bitPattern: try integer(UInt64.self, what)))
        default:
            throw CheckpointError(
                file: file.path, place: what, problem: "has the unknown type \(type), expected 0 to 12")
        }
    }

    private mutating func array(key: String, depth: Int) throws(CheckpointError) -> GGUF.Value {
        guard depth < 4 else {
            throw CheckpointError(file: file.path, place: "metadata '\(key)'", problem: "nests arrays too deeply")
        }
        let type = try integer(UInt32.self, "the element type of metadata '\(key)'")
        let size = Self.smallest.indices.contains(Int(type)) ? Self.smallest[Int(type)] : 1
        let count = try count("the length of metadata '\(key)'", eachAtLeast: size)
        var values: [GGUF.Value] = []
        for _ in 0..<count { values.append(try value(type: type, key: key, depth: depth + 1)) }
        return .array(values)
    }
}
