import Numerics
import Random
import Testing

/// Whichever copy of the kernels a processor takes, the bits are the same.
@Suite struct KernelBitsTests {
    /// FNV-1a over bit patterns.
    private struct Digest {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ bits: some FixedWidthInteger) {
            withUnsafeBytes(of: bits.littleEndian) {
                for byte in $0 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
            }
        }

        mutating func add(_ values: [Float]) { for value in values { add(value.bitPattern) } }
    }

    /// From −3 to 9, without a function of the system's library.
    private func random(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed, stream: UInt64(count))
        return (0..<count).map { _ in Float(generator.nextUnit()) * 12 - 3 }
    }

    @Test func `all kernels have the bits that they have on every other processor`() {
        var digest = Digest()
        for count in Array(1...40) + [127, 128, 129, 576, 1001] {
            let (x, y, z) = (random(count, seed: 1), random(count, seed: 2), random(count, seed: 3))
            digest.add(Kernels.squaredNorm(x, count: count).bitPattern)
            digest.add(Kernels.maximum(x, count: count).bitPattern)
            digest.add(Kernels.sumOfExponentials(x, shift: 1, count: count).bitPattern)
            let sums = Kernels.sumsOfExponentials(x, less: y, shift: 1, count: count)
            digest.add(sums.plain.bitPattern)
            digest.add(sums.weighted.bitPattern)
            var found = x
            Kernels.rmsNorm(x, gain: y, epsilon: 1e-5, rows: 1, width: count, into: &found)
            digest.add(found)
            Kernels.layerNorm(x, gain: y, bias: z, epsilon: 1e-5, rows: 1, width: count, into: &found)
            digest.add(found)
            Kernels.add(y, to: &found, count: count)
            Kernels.rotate(&found, cosines: y, sines: z, half: count / 2)
            digest.add(found)
            Kernels.softmax(&found, visible: 0..<count, count: count)
            digest.add(found)
            for activation in [Activation.silu, .gelu, .geluTanh] {
                found = x
                Kernels.activate(activation, &found, up: nil, count: count)
                digest.add(found)
                Kernels.activate(activation, &found, up: z, count: count)
                Kernels.softCap(&found, 30, count: count)
                digest.add(found)
            }
        }
        #expect(digest.value == 0x2115_7141_C36D_68B6)
    }
}
