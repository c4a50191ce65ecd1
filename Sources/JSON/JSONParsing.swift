extension JSON {
    /// How many arrays and objects may stand inside one another.
    public static let depthLimit = 512

    /// Reads one JSON text (RFC 8259, UTF-8, no byte order mark).
    /// - Throws: `JSONError` at the first byte that is wrong, or that is too deep, or that repeats a key of its object.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSON {
        if let offset = firstInvalidUTF8(in: bytes) {
            throw JSONError("the bytes are not UTF-8", at: offset, in: bytes)
        }
        var reader = Reader(bytes: bytes)
        return try reader.document()
    }

    /// Reads one JSON text from bytes.
    /// - Throws: `JSONError`, as the other `parse` does.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in try parse(UnsafeRawBufferPointer(buffer)) }
    }

    /// Reads one JSON text from a string.
    /// - Throws: `JSONError`, as the other `parse` does.
    public static func parse(_ text: String) throws(JSONError) -> JSON {
        try parse(Array(text.utf8))
    }
}

/// A recursive-descent reader over bytes that are known to be UTF-8.
struct Reader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    private var depth = 0

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("a byte order mark is not allowed", at: 0) }
        skipSpace()
        let value = try value()
        skipSpace()
        if position < bytes.count { throw error("expected the end of the text, found \(found)") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        switch next ?? 0 {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw error("expected a value, found \(found)")
        }
    }

    private mutating func array() throws(JSONError) -> JSON {
        try open()
        var values: [JSON] = []
        if !take("]") {
            repeat {
                skipSpace()
                values.append(try value())
                skipSpace()
            } while take(",")
            guard take("]") else { throw error("expected ',' or ']', found \(found)") }
        }
        depth -= 1
        return .array(values)
    }

    private mutating func object() throws(JSONError) -> JSON {
        try open()
        var members: [JSON.Member] = []
        var keys = KeySet()
        if !take("}") {
            repeat {
                skipSpace()
                let start = position
                guard next == UInt8(ascii: "\"") else { throw error("expected a key in quotes, found \(found)") }
                let key = try string()
                guard keys.insert(key, besides: members) else {
                    throw error("the key \"\(key)\" is listed twice", at: start)
                }
                skipSpace()
                guard take(":") else { throw error("expected ':', found \(found)") }
                skipSpace()
                members.append(JSON.Member(key, try value()))
                skipSpace()
            } while take(",")
            guard take("}") else { throw error("expected ',' or '}', found \(found)") }
        }
        depth -= 1
        return .object(members)
    }

    /// Steps into an array or object and over the space after its bracket.
    private mutating func open() throws(JSONError) {
        depth += 1
        if depth > JSON.depthLimit { throw error("nested deeper than \(JSON.depthLimit) levels") }
        position += 1
        skipSpace()
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let length = word.utf8CodeUnitCount
        let expected = UnsafeRawBufferPointer(start: word.utf8Start, count: length)
        guard bytes.count - position >= length, bytes[position..<position + length].elementsEqual(expected) else {
            throw error("expected a value, found \(found)")
        }
        position += length
        return value
    }
}

extension Reader {
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// What stands here, for an error's sentence.
    var found: String {
        guard position < bytes.count else { return "the end of the text" }
        guard let scalar = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first,
            scalar.value > 0x20, scalar.value != 0x7F
        else { return "byte \(bytes[position])" }
        return "'\(scalar)'"
    }

    func error(_ problem: String, at offset: Int? = nil) -> JSONError {
        JSONError(problem, at: offset ?? position, in: bytes)
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func advance(by count: Int = 1) {
        position += count
    }
}

/// The keys of one object so far: looked through one by one while few, hashed by their bytes when many.
private struct KeySet {
    private struct Key: Hashable {
        let text: String

        static func == (left: Key, right: Key) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private var hashed: Set<Key> = []

    /// Notes the key; false where an earlier member has it.
    mutating func insert(_ key: String, besides members: [JSON.Member]) -> Bool {
        if members.count < 16 { return !members.contains { $0.key.utf8.elementsEqual(key.utf8) } }
        if hashed.isEmpty { hashed = Set(members.map { Key(text: $0.key) }) }
        return hashed.insert(Key(text: key)).inserted
    }
}
