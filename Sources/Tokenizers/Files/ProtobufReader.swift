/// Reads the fields of a protobuf message, one after the other, from untrusted bytes.
///
/// It knows the wire format alone (protobuf.dev, "Encoding"); what a field's number means is its caller's to know.
struct ProtobufReader {
    /// What a field holds.
    enum Value {
        case integer(UInt64)
        case float(Float)
        case bytes(ArraySlice<UInt8>)
        /// Eight bytes, which no field of ours has.
        case wide
    }

    private let place: String
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>, place: String) {
        self.bytes = bytes
        self.place = place
    }

    /// The next field, or nil at the end of the message.
    /// - Throws: `TokenizerError.damaged` where the message ends early or is no message.
    mutating func next() throws(TokenizerError) -> (number: Int, value: Value)? {
        if bytes.isEmpty { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw damaged() }
        let number = Int(tag >> 3)
        switch tag & 7 {
        case 0: return (number, .integer(try varint()))
        case 1:
            _ = try take(8)
            return (number, .wide)
        case 2:
            guard let count = Int(exactly: try varint()) else { throw damaged() }
            return (number, .bytes(try take(count)))
        case 5:
            let bits = try take(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return (number, .float(Float(bitPattern: bits)))
        default: throw damaged()
        }
    }

    private mutating func varint() throws(TokenizerError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { throw damaged() }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw damaged()
    }

    private mutating func take(_ count: Int) throws(TokenizerError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count else { throw damaged() }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    private func damaged() -> TokenizerError { .damaged(place: place, expected: "a SentencePiece model (protobuf)") }
}
