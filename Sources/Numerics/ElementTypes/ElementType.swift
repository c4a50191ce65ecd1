/// How a tensor's numbers are stored: plain, or in llama.cpp's blocks of 32 or 256 numbers.
///
/// A block holds integers of few bits, and scales that they are multiplied by; the K types (k-quants) scale each 16 or 32 numbers
/// of a block again, and the IQ4 types look their integers up in a table.
public enum ElementType: String, Sendable, CaseIterable {
    case f32, f16, bf16
    case q8_0, q4_0, q4_1, q5_0, q5_1
    case q2_k, q3_k, q4_k, q5_k, q6_k
    case iq4_nl, iq4_xs

    /// The name that safetensors and ggml give it: `BF16`, `Q4_K`.
    public var name: String { rawValue.uppercased() }

    /// Numbers in one indivisible block.
    public var blockLength: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_nl: 32
        case .q2_k, .q3_k, .q4_k, .q5_k, .q6_k, .iq4_xs: 256
        }
    }

    /// Bytes of one block.
    public var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q8_0: 34
        case .q4_0, .iq4_nl: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q2_k: 84
        case .q3_k: 110
        case .q4_k: 144
        case .q5_k: 176
        case .q6_k: 210
        case .iq4_xs: 136
        }
    }

    /// Bytes of `count` numbers, or `nil` where they do not fill whole blocks or overflow.
    public func bytes(for count: Int) -> Int? {
        guard count >= 0, count % blockLength == 0 else { return nil }
        let (bytes, overflow) = (count / blockLength).multipliedReportingOverflow(by: blockBytes)
        return overflow ? nil : bytes
    }

    /// Decodes `count` numbers to f32, exactly as the format defines them; little-endian bytes, of any alignment.
    public func decode(_ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>) {
        precondition(count % blockLength == 0, "\(count) numbers do not fill blocks of \(blockLength)")
        let blocks = StoredBlocks(source: source, count: count / blockLength, target: target)
        switch self {
        case .f32: UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * 4)
        case .f16: blocks.decodeF16()
        case .bf16: blocks.decodeBF16()
        case .q8_0: blocks.decodeQ8_0()
        case .q4_0: blocks.decodeQ4_0()
        case .q4_1: blocks.decodeQ4_1()
        case .q5_0: blocks.decodeQ5_0()
        case .q5_1: blocks.decodeQ5_1()
        case .q2_k: blocks.decodeQ2_K()
        case .q3_k: blocks.decodeQ3_K()
        case .q4_k: blocks.decodeQ4_K()
        case .q5_k: blocks.decodeQ5_K()
        case .q6_k: blocks.decodeQ6_K()
        case .iq4_nl: blocks.decodeIQ4_NL()
        case .iq4_xs: blocks.decodeIQ4_XS()
        }
    }
}
