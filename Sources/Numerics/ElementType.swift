/// How a tensor's numbers are stored.
public enum ElementType: String, Sendable, CaseIterable {
    case f32, f16, bf16
    /// GGUF blocks of 32 numbers: an f16 scale, and 8-bit signed integers.
    case q8_0
    /// GGUF blocks of 32 numbers: an f16 scale, and 4-bit integers less 8.
    case q4_0
    /// GGUF blocks of 32 numbers: an f16 scale, an f16 minimum, and 4-bit integers.
    case q4_1

    /// Numbers in one indivisible block.
    public var blockLength: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q8_0, .q4_0, .q4_1: 32
        }
    }

    /// Bytes of one block.
    public var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q8_0: 34
        case .q4_0: 18
        case .q4_1: 20
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
        switch self {
        case .f32:
            UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * 4)
        case .bf16:
            for index in 0..<count {
                let bits = source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
                target[index] = Float(bitPattern: UInt32(bits) << 16)
            }
        case .f16:
            for index in 0..<count {
                target[index] = Self.half(source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            }
        case .q8_0: decodeBlocks(source, count, target, Self.decodeQ8)
        case .q4_0: decodeBlocks(source, count, target, Self.decodeQ4)
        case .q4_1: decodeBlocks(source, count, target, Self.decodeQ4WithMinimum)
        }
    }

    private func decodeBlocks(
        _ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutablePointer<Float>,
        _ one: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
    ) {
        precondition(count % blockLength == 0, "\(count) numbers do not fill blocks of \(blockLength)")
        for block in 0..<count / blockLength {
            one(source + block * blockBytes, target + block * blockLength)
        }
    }

    private static func decodeQ8(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
        let scale = half(block.loadUnaligned(as: UInt16.self))
        for index in 0..<32 {
            target[index] = scale * Float(block.load(fromByteOffset: 2 + index, as: Int8.self))
        }
    }

    private static func decodeQ4(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
        let scale = half(block.loadUnaligned(as: UInt16.self))
        for index in 0..<16 {
            let byte = block.load(fromByteOffset: 2 + index, as: UInt8.self)
            target[index] = scale * Float(Int(byte & 15) - 8)
            target[index + 16] = scale * Float(Int(byte >> 4) - 8)
        }
    }

    private static func decodeQ4WithMinimum(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
        let scale = half(block.loadUnaligned(as: UInt16.self))
        let minimum = half(block.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        for index in 0..<16 {
            let byte = block.load(fromByteOffset: 4 + index, as: UInt8.self)
            target[index] = scale * Float(byte & 15) + minimum
            target[index + 16] = scale * Float(byte >> 4) + minimum
        }
    }

    /// An IEEE 754 half as a float; written out because `Float16` is missing on some targets.
    @inline(__always)
    static func half(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 31
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
