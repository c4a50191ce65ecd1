import Foundation

/// What keeps a tensor's bytes alive and can fetch them again: a mapped file.
public protocol PageOwner: AnyObject {
    /// Lets go of the pages that lie in `bytes`, which stay readable.
    func release(_ bytes: UnsafeRawBufferPointer)
}

/// A tensor as its file holds it: a view of mapped bytes, decoded to f32 a few rows at a time.
///
/// The bytes were checked against the file's length when the view was made, so no read leaves the file.
public struct StoredTensor: @unchecked Sendable {
    /// The order of rows in the file against the order that a model means.
    public enum RowOrder: Sendable, Equatable {
        case asStored
        /// llama.cpp stores each head's query and key rows with the two halves interleaved: stored row `2i + j` of a head is
        /// row `j · half + i`. Reading through this order undoes it.
        case interleavedHalves(heads: Int)
    }

    /// How the numbers are stored.
    public let type: ElementType
    /// Row-major: `[rows, columns]` for a matrix, `[columns]` for a vector.
    public let shape: [Int]
    /// In which order ``decode(rows:into:)`` and ``floats()`` give the rows.
    public var rowOrder = RowOrder.asStored
    private let bytes: UnsafeRawBufferPointer
    /// Keeps the mapping alive; the mapped bytes are never written, which is what makes this `Sendable`.
    private let owner: AnyObject

    /// A view of `bytes`, which `owner` keeps alive and unchanged, or `nil` where they are not exactly the tensor's size.
    public init?(type: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        guard let count = Self.elementCount(shape), type.bytes(for: count) == bytes.count,
            type.bytes(for: shape.last ?? 1) != nil
        else { return nil }
        self.type = type
        self.shape = shape
        self.bytes = bytes
        self.owner = owner
    }

    /// The product of a shape, or `nil` where a dimension is negative or the product overflows.
    public static func elementCount(_ shape: [Int]) -> Int? {
        var count = 1
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    /// Numbers in a row: the shape's last dimension.
    public var columns: Int { shape.last ?? 1 }
    /// Rows: the product of all dimensions but the last; 1 for a vector.
    public var rows: Int { shape.dropLast().reduce(1, *) }
    /// All numbers.
    public var count: Int { rows * columns }

    /// Decodes rows `range` into `target`, which holds `range.count · columns` floats.
    public func decode(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        guard let start = bytes.baseAddress, !range.isEmpty, let stride = type.bytes(for: columns) else { return }
        withExtendedLifetime(owner) {
            switch rowOrder {
            case .asStored:
                type.decode(start + range.lowerBound * stride, count: range.count * columns, into: target)
            case .interleavedHalves(let heads):
                let perHead = rows / heads
                let half = perHead / 2
                for row in range {
                    let (head, inside) = row.quotientAndRemainder(dividingBy: perHead)
                    let stored = head * perHead + 2 * (inside % half) + inside / half
                    type.decode(
                        start + stored * stride, count: columns, into: target + (row - range.lowerBound) * columns)
                }
            }
        }
    }

    /// The same numbers under another shape, or `nil` where blocks would not fill its rows or the sizes differ.
    public func reshaped(_ shape: [Int]) -> StoredTensor? {
        StoredTensor(type: type, shape: shape, bytes: bytes, owner: owner)
    }

    /// All numbers as f32, row-major; for vectors and other small tensors.
    public func floats() -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, used in
            if let start = buffer.baseAddress { decode(rows: 0..<rows, into: start) }
            used = count
        }
    }

    /// Whether both views show the same stored numbers, bit for bit.
    public func isIdentical(to other: StoredTensor) -> Bool {
        guard type == other.type, shape == other.shape, rowOrder == other.rowOrder else { return false }
        guard let mine = bytes.baseAddress, let theirs = other.bytes.baseAddress else { return true }
        return withExtendedLifetime((owner, other.owner)) {
            mine == theirs || memcmp(mine, theirs, bytes.count) == 0
        }
    }

    /// Lets go of the memory that the stored numbers take while they are not read, where they are pages of a file; the next
    /// read fetches them again. So a walk over a checkpoint holds one layer of it at a time.
    public func release() { (owner as? any PageOwner)?.release(bytes) }

    /// Whether both views show the same bytes of the same mapping, so that one decoded copy serves both.
    public func sharesStorage(with other: StoredTensor) -> Bool {
        type == other.type && shape == other.shape && rowOrder == other.rowOrder
            && bytes.baseAddress == other.bytes.baseAddress
    }
}
