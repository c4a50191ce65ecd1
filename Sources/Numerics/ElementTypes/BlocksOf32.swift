/// Types of 32 numbers a block: one scale, and for the `_1` types a minimum that is added.
extension StoredBlocks {
    /// Scale, then 32 signed bytes.
    func decodeQ8_0() {
        each(bytes: 34, length: 32) { block, target in
            let scale = Self.half(block, 0)
            for index in 0..<32 { target[index] = scale * Float(Int8(bitPattern: block[2 + index])) }
        }
    }

    /// Scale, then 4-bit integers less 8: the low halves of 16 bytes, then the high ones.
    func decodeQ4_0() {
        each(bytes: 18, length: 32) { block, target in
            let scale = Self.half(block, 0)
            for index in 0..<16 {
                let byte = block[2 + index]
                target[index] = scale * Float(Int32(byte & 15) - 8)
                target[index + 16] = scale * Float(Int32(byte >> 4) - 8)
            }
        }
    }

    /// Scale, minimum, then 4-bit integers.
    func decodeQ4_1() {
        each(bytes: 20, length: 32) { block, target in
            let (scale, minimum) = (Self.half(block, 0), Self.half(block, 2))
            for index in 0..<16 {
                let byte = block[4 + index]
                target[index] = scale * Float(byte & 15) + minimum
                target[index + 16] = scale * Float(byte >> 4) + minimum
            }
        }
    }

    /// Scale, the fifth bits of all 32 integers, then their lower four; less 16.
    func decodeQ5_0() {
        each(bytes: 22, length: 32) { block, target in
            let scale = Self.half(block, 0)
            let high = Self.word(block, 2)
            for index in 0..<16 {
                let byte = UInt32(block[6 + index])
                let (shift, bits) = (UInt32(truncatingIfNeeded: index), high)
                let low = byte & 15 | (bits >> shift & 1) << 4
                let upper = byte >> 4 | (bits >> (shift + 16) & 1) << 4
                target[index] = scale * Float(Int32(bitPattern: low) - 16)
                target[index + 16] = scale * Float(Int32(bitPattern: upper) - 16)
            }
        }
    }

    /// Scale, minimum, the fifth bits of all 32 integers, then their lower four.
    func decodeQ5_1() {
        each(bytes: 24, length: 32) { block, target in
            let (scale, minimum) = (Self.half(block, 0), Self.half(block, 2))
            let high = Self.word(block, 4)
            for index in 0..<16 {
                let byte = UInt32(block[8 + index])
                let shift = UInt32(truncatingIfNeeded: index)
                let low = byte & 15 | (high >> shift & 1) << 4
                let upper = byte >> 4 | (high >> (shift + 16) & 1) << 4
                target[index] = scale * Float(Int32(bitPattern: low)) + minimum
                target[index + 16] = scale * Float(Int32(bitPattern: upper)) + minimum
            }
        }
    }

    /// Scale, then 4-bit places in a table of unequal steps.
    func decodeIQ4_NL() {
        Self.iq4Values.withUnsafeBufferPointer { values in
            each(bytes: 18, length: 32) { block, target in
                let scale = Self.half(block, 0)
                for index in 0..<16 {
                    let byte = Int(block[2 + index])
                    target[index] = scale * values[byte & 15]
                    target[index + 16] = scale * values[byte >> 4]
                }
            }
        }
    }

    /// What the 16 places of the IQ4 types stand for.
    static let iq4Values: [Float] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]

    @inline(__always)
    private static func word(_ block: UnsafePointer<UInt8>, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(block + offset).loadUnaligned(as: UInt32.self))
    }
}
