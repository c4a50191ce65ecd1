/// Types of 256 numbers a block: a scale of the whole block, and small integers that scale it for each 16 or 32 numbers.
extension StoredBlocks {
    /// 16 bytes of scale and minimum (4 bits each), 2-bit integers, then the scale and minimum of the block.
    func decodeQ2_K() {
        each(bytes: 84, length: 256) { block, target in
            let (scale, minimum) = (Self.half(block, 80), Self.half(block, 82))
            for group in 0..<16 {
                let (half, shift) = (group / 8, UInt8(truncatingIfNeeded: group / 2 % 4 * 2))
                let factor = scale * Float(block[group] & 15)
                let offset = minimum * Float(block[group] >> 4)
                let (quants, numbers) = (block + 16 + half * 32 + group % 2 * 16, target + group * 16)
                for index in 0..<16 { numbers[index] = factor * Float(quants[index] &>> shift & 3) - offset }
            }
        }
    }

    /// The third bits of all integers, their lower two, 16 scales of 6 bits less 32, then the scale of the block.
    func decodeQ3_K() {
        each(bytes: 110, length: 256) { block, target in
            let scale = Self.half(block, 108)
            let scales = block + 96
            for group in 0..<16 {
                let low = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4
                let high = scales[8 + group % 4] &>> UInt8(truncatingIfNeeded: group / 4 * 2) & 3
                let factor = scale * Float(Int32(low | high << 4) - 32)
                let (half, shift) = (group / 8, UInt8(truncatingIfNeeded: group / 2 % 4 * 2))
                let bit = UInt8(truncatingIfNeeded: group / 2)
                let (quants, numbers) = (block + 32 + half * 32 + group % 2 * 16, target + group * 16)
                let mask = block + group % 2 * 16
                for index in 0..<16 {
                    // The third bit is stored inverted: where it is off, 4 is taken away.
                    let third = Int32(mask[index] &>> bit & 1) << 2
                    numbers[index] = factor * Float(Int32(quants[index] &>> shift & 3) + third - 4)
                }
            }
        }
    }

    /// Scale and minimum of the block, 8 of each in 6 bits, then 4-bit integers.
    func decodeQ4_K() {
        each(bytes: 144, length: 256) { block, target in
            let (scale, minimum) = (Self.half(block, 0), Self.half(block, 2))
            for group in 0..<8 {
                let (factor, offset) = Self.packed(block + 4, group)
                let (each, taken) = (scale * Float(factor), minimum * Float(offset))
                let shift = UInt8(truncatingIfNeeded: group % 2 * 4)
                let (quants, numbers) = (block + 16 + group / 2 * 32, target + group * 32)
                for index in 0..<32 { numbers[index] = each * Float(quants[index] &>> shift & 15) - taken }
            }
        }
    }

    /// As Q4_K, with the fifth bits of all integers before their lower four.
    func decodeQ5_K() {
        each(bytes: 176, length: 256) { block, target in
            let (scale, minimum) = (Self.half(block, 0), Self.half(block, 2))
            let high = block + 16
            for group in 0..<8 {
                let (factor, offset) = Self.packed(block + 4, group)
                let (each, taken) = (scale * Float(factor), minimum * Float(offset))
                let shift = UInt8(truncatingIfNeeded: group % 2 * 4)
                let bit = UInt8(truncatingIfNeeded: group)
                let (quants, numbers) = (block + 48 + group / 2 * 32, target + group * 32)
                for index in 0..<32 {
                    let value = quants[index] &>> shift & 15 | (high[index] &>> bit & 1) &<< 4
                    numbers[index] = each * Float(value) - taken
                }
            }
        }
    }

    /// The lower four bits of all integers, their upper two, 16 signed scales, then the scale of the block; less 32.
    func decodeQ6_K() {
        each(bytes: 210, length: 256) { block, target in
            let scale = Self.half(block, 208)
            for group in 0..<16 {
                let (half, quarter, place) = (group / 8, group / 2 % 4, group % 2 * 16)
                let factor = scale * Float(Int8(bitPattern: block[192 + group]))
                let low = block + half * 64 + quarter % 2 * 32 + place
                let high = block + 128 + half * 32 + place
                let (lowShift, highShift) = (
                    UInt8(truncatingIfNeeded: quarter / 2 * 4), UInt8(truncatingIfNeeded: quarter * 2)
                )
                let numbers = target + group * 16
                for index in 0..<16 {
                    let value = low[index] &>> lowShift & 15 | (high[index] &>> highShift & 3) &<< 4
                    numbers[index] = factor * Float(Int32(value) - 32)
                }
            }
        }
    }

    /// Scale, 8 scales of 6 bits less 32, then 4-bit places in a table of unequal steps.
    func decodeIQ4_XS() {
        Self.iq4Values.withUnsafeBufferPointer { values in
            each(bytes: 136, length: 256) { block, target in
                let scale = Self.half(block, 0)
                for group in 0..<8 {
                    let low = block[4 + group / 2] &>> UInt8(truncatingIfNeeded: group % 2 * 4) & 15
                    let high = block[2 + group / 4] &>> UInt8(truncatingIfNeeded: group % 4 * 2) & 3
                    let factor = scale * Float(Int32(low | high << 4) - 32)
                    let (quants, numbers) = (block + 8 + group * 16, target + group * 32)
                    for index in 0..<16 {
                        numbers[index] = factor * values[Int(quants[index] & 15)]
                        numbers[index + 16] = factor * values[Int(quants[index] >> 4)]
                    }
                }
            }
        }
    }

    /// The scale and the minimum of a group out of the 12 bytes that hold 8 of each in 6 bits.
    @inline(__always)
    private static func packed(_ scales: UnsafePointer<UInt8>, _ group: Int) -> (scale: UInt8, minimum: UInt8) {
        if group < 4 { return (scales[group] & 63, scales[group + 4] & 63) }
        return (
            scales[group + 4] & 15 | (scales[group - 4] >> 6) << 4, scales[group + 4] >> 4 | (scales[group] >> 6) << 4
        )
    }
}
