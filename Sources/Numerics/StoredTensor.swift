import Foundation

/// What keeps a tensor's bytes alive and can fetch them again: a mapped file.
public protocol PageOwner: AnyObject {
    /// Releases the pages that lie in `bytes`, which stay readable.
    func release(_ bytes: UnsafeRawBufferPointer)
}

/// A tensor as its file holds it: a view of mapped bytes, decoded to f32 a few rows at a time.
///
/// The bytes were checked against the file's length when the view was made, so no read leaves the file.
public struct StoredTensor: @unchecked Sendable {
    /// How the numbers are stored.
    public let type: ElementType
    /// As in the file, row-major: `[rows, columns]` for a matrix, `[columns]` for a vector.
    public let shape: [Int]
    /// Whether rows and columns are exchanged when it is read.
    private var isTransposed = false
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

    /// Numbers in a row: the shape's last dimension, or the product of the others where it is transposed.
    public var columns: Int { isTransposed ? storedRows : storedColumns }
    /// Rows: the product of all dimensions but the last, 1 for a vector; the other way round where it is transposed.
    public var rows: Int { isTransposed ? storedColumns : storedRows }
    /// All numbers.
    public var count: Int { rows * columns }

    private var storedColumns: Int { shape.last ?? 1 }
    private var storedRows: Int { shape.dropLast().reduce(1, *) }

    /// The matrix with rows and columns exchanged, or `nil` where its numbers are stored in blocks.
    public var transposed: StoredTensor? {
        guard type.blockLength == 1 else { return nil }
        var turned = self
        turned.isTransposed.toggle()
        return turned
    }

    /// Decodes rows `range` into `target`, which holds `range.count · columns` floats.
    public func decode(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        guard let start = bytes.baseAddress, !range.isEmpty, let stride = type.bytes(for: storedColumns) else { return }
        withExtendedLifetime(owner) {
            guard isTransposed else {
                return type.decode(start + range.lowerBound * stride, count: range.count * columns, into: target)
            }
            // Stored rows are columns here: a piece of each, laid down the target's columns.
            withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { piece in
                guard let first = piece.baseAddress else { return }
                for column in 0..<columns {
                    let place = start + column * stride + range.lowerBound * type.blockBytes
                    type.decode(place, count: range.count, into: first)
                    for row in 0..<range.count { target[row * columns + column] = first[row] }
                }
            }
        }
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
        guard type == other.type, shape == other.shape, isTransposed == other.isTransposed else { return false }
        guard let mine = bytes.baseAddress, let theirs = other.bytes.baseAddress else { return true }
        return withExtendedLifetime((owner, other.owner)) {
            mine == theirs || memcmp(mine, theirs, bytes.count) == 0
        }
    }

    /// Releases the memory that the stored numbers take while they are not read, where they are pages of a file; the next
    /// read fetches them again. So a walk over a checkpoint holds one layer of it at a time.
    public func release() { (owner as? any PageOwner)?.release(bytes) }

    /// Whether both views show the same bytes of the same mapping, so that one decoded copy serves both.
    public func sharesStorage(with other: StoredTensor) -> Bool {
        type == other.type && shape == other.shape && isTransposed == other.isTransposed
            && bytes.baseAddress == other.bytes.baseAddress
    }
}
