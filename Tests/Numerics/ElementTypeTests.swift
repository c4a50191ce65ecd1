import Numerics
import TestSupport
import Testing

/// Fixtures: `scripts/fixtures/elements.py`, by NumPy and the gguf package.
@Suite struct ElementTypeTests {
    @Test(arguments: ElementType.allCases)
    func `stored numbers decode to what the reference decodes them to, bit for bit`(_ type: ElementType) throws {
        let expected = try Fixtures.floats(Fixtures.path("elements/\(type.rawValue).f32"))
        let stored = try Fixtures.bytes(Fixtures.path("elements/\(type.rawValue).stored"))
        #expect(type.bytes(for: expected.count) == stored.count)
        #expect(bits(decode(stored, as: type, count: expected.count)) == bits(expected))
    }

    @Test func `bytes at an odd address decode alike`() throws {
        for type in ElementType.allCases {
            let expected = try Fixtures.floats(Fixtures.path("elements/\(type.rawValue).f32"))
            let stored = try [0xFF] + Fixtures.bytes(Fixtures.path("elements/\(type.rawValue).stored"))
            let found = [Float](unsafeUninitializedCapacity: expected.count) { target, used in
                stored.withUnsafeBytes { source in
                    guard let source = source.baseAddress, let target = target.baseAddress else { return }
                    type.decode(source + 1, count: expected.count, into: target)
                }
                used = expected.count
            }
            #expect(bits(found) == bits(expected))
        }
    }

    @Test func `all 65,536 halves decode as NumPy decodes them`() throws {
        let stored = (0...UInt16.max).flatMap { DamagedFiles.littleEndian($0) }
        let floats = decode(stored, as: .f16, count: 65536)
        for (bits, value) in floats.enumerated() where bits & 0x7C00 == 0x7C00 && bits & 0x3FF != 0 {
            #expect(value.isNaN)
        }
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in floats where !value.isNaN {
            for byte in DamagedFiles.littleEndian(value.bitPattern) {
                digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        let expected = try String(decoding: Fixtures.bytes(Fixtures.path("elements/halves.fnv1a")), as: UTF8.self)
        #expect(UInt64(expected.dropLast(), radix: 16) == digest)
    }

    @Test func `sizes count whole blocks, and overflow is no size`() {
        #expect(ElementType.q4_1.bytes(for: 64) == 40)
        #expect(ElementType.q4_1.bytes(for: 33) == nil)
        #expect(ElementType.q8_0.bytes(for: 0) == 0)
        #expect(ElementType.f32.bytes(for: -1) == nil)
        #expect(ElementType.f32.bytes(for: .max) == nil)
        #expect(ElementType.q8_0.bytes(for: .max - 31) == nil)
        #expect(ElementType.bf16.bytes(for: 3) == 6)
        #expect(ElementType.q6_k.bytes(for: 512) == 420)
        #expect(ElementType.q6_k.bytes(for: 128) == nil)
    }

    /// Bit patterns, with one for every NaN: which NaN an operation gives depends on the processor.
    private func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? .max : $0.bitPattern } }

    private func decode(_ stored: [UInt8], as type: ElementType, count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { target, used in
            stored.withUnsafeBytes { source in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                type.decode(source, count: count, into: target)
            }
            used = count
        }
    }
}
