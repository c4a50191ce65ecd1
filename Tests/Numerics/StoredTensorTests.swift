import Numerics
import TestSupport
import Testing

@Suite struct StoredTensorTests {
    @Test func `rows decode where they stand`() throws {
        let tensor = try #require(Held.floats((0..<12).map(Float.init), shape: [4, 3]))
        #expect((tensor.rows, tensor.columns, tensor.count) == (4, 3, 12))
        #expect(tensor.floats() == (0..<12).map(Float.init))
        #expect(rows(1..<3, of: tensor) == [3, 4, 5, 6, 7, 8])
        #expect(rows(2..<2, of: tensor) == [])
    }

    @Test func `a transposed matrix has its rows for columns, whichever rows are read`() throws {
        let tensor = try #require(Held.floats((0..<6).map(Float.init), shape: [3, 2])?.transposed)
        #expect((tensor.rows, tensor.columns, tensor.shape) == (2, 3, [3, 2]))
        #expect(tensor.floats() == [0, 2, 4, 1, 3, 5])
        #expect(rows(1..<2, of: tensor) == [1, 3, 5])
        #expect(tensor.transposed?.floats() == (0..<6).map(Float.init))
        #expect(Held([UInt8](repeating: 0, count: 34)).view(.q8_0, [1, 32])?.transposed == nil)
    }

    @Test func `a view is refused where bytes and shape disagree`() {
        #expect(Held.floats([1, 2], shape: [2]) != nil)
        #expect(Held.floats([1, 2], shape: [3]) == nil)
        #expect(Held.floats([1, 2], shape: [-1, -2]) == nil)
        #expect(Held.floats([1, 2], shape: [1 << 62, 4, 2]) == nil)
        #expect(Held.floats([1], shape: []) != nil)
        // Two rows of 16: the bytes of one block, but a block may not span rows.
        #expect(Held([UInt8](repeating: 0, count: 34)).view(.q8_0, [2, 16]) == nil)
        #expect(Held([UInt8](repeating: 0, count: 34)).view(.q8_0, [1, 32]) != nil)
    }

    @Test func `equal numbers are identical, and share storage only in one place`() throws {
        let held = Held(DamagedFiles.littleEndian(Float(1).bitPattern))
        let tensor = try #require(held.view(.f32, [1]))
        let same = try #require(held.view(.f32, [1]))
        let copy = try #require(Held.floats([1], shape: [1]))
        #expect(tensor.isIdentical(to: same) && tensor.sharesStorage(with: same))
        #expect(tensor.isIdentical(to: copy) && !tensor.sharesStorage(with: copy))
        let other = try #require(Held.floats([2], shape: [1]))
        let square = try #require(Held.floats([1], shape: [1, 1]))
        #expect(!tensor.isIdentical(to: other) && !tensor.isIdentical(to: square))
        // The same bits, not merely the same values.
        let zero = try #require(Held.floats([0], shape: [1]))
        let minusZero = try #require(Held.floats([-0.0], shape: [1]))
        #expect(!zero.isIdentical(to: minusZero))
        let turned = try #require(tensor.transposed)
        #expect(!tensor.isIdentical(to: turned) && !tensor.sharesStorage(with: turned))
    }

    private func rows(_ range: Range<Int>, of tensor: StoredTensor) -> [Float] {
        var values = [Float](repeating: .nan, count: range.count * tensor.columns)
        values.withUnsafeMutableBufferPointer { target in
            if let target = target.baseAddress { tensor.decode(rows: range, into: target) }
        }
        return values
    }
}

/// Bytes that stay where they are for as long as a tensor views them.
private final class Held {
    private let bytes: UnsafeMutableRawBufferPointer

    init(_ content: [UInt8]) {
        bytes = .allocate(byteCount: content.count, alignment: 1)
        bytes.copyBytes(from: content)
    }

    deinit { bytes.deallocate() }

    func view(_ type: ElementType, _ shape: [Int]) -> StoredTensor? {
        StoredTensor(type: type, shape: shape, bytes: UnsafeRawBufferPointer(bytes), owner: self)
    }

    static func floats(_ values: [Float], shape: [Int]) -> StoredTensor? {
        Held(values.flatMap { DamagedFiles.littleEndian($0.bitPattern) }).view(.f32, shape)
    }
}
