/// Blocks as a file holds them, and where their numbers go. The layouts are those of `ggml-quants.c`.
struct StoredBlocks {
    let source: UnsafeRawPointer
    /// How many blocks.
    let count: Int
    let target: UnsafeMutablePointer<Float>

    /// Hands each block of `bytes` bytes and `length` numbers to `body`.
    @inline(__always)
    func each(bytes: Int, length: Int, _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<Float>) -> Void) {
        let source = source.assumingMemoryBound(to: UInt8.self)
        for block in 0..<count { body(source + block * bytes, target + block * length) }
    }

    func decodeF16() {
        for index in 0..<count {
            target[index] = Self.half(source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
    }

    func decodeBF16() {
        for index in 0..<count {
            let bits = source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
            target[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }

    /// The half at a block's byte.
    @inline(__always)
    static func half(_ block: UnsafePointer<UInt8>, _ offset: Int) -> Float {
        half(UnsafeRawPointer(block + offset).loadUnaligned(as: UInt16.self))
    }

    /// An IEEE 754 half as a float; written out, and without a branch, because `Float16` is missing on some targets.
    @inline(__always)
    static func half(_ bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7FFF) << 13
        // The product moves the exponent's bias; it is exact for subnormal halves too.
        let finite = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
        let value = magnitude >= 0x7C00 << 13 ? magnitude | 0x7F80_0000 : finite
        return Float(bitPattern: value | UInt32(bits & 0x8000) << 16)
    }
}
