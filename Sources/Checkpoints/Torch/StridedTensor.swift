import Numerics

/// Which elements of a storage make up a tensor, checked to lie inside it.
struct StridedView: Sendable {
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    /// How many elements.
    let count: Int

    /// `nil` where an element would lie outside the storage's `length` elements, or where a view that is not row-major has more
    /// elements than its storage.
    init?(_ tensor: StateDict.Tensor, of length: Int) {
        guard let count = StoredTensor.elementCount(tensor.shape), tensor.offset <= length else { return nil }
        (offset, shape, strides, self.count) = (tensor.offset, tensor.shape, tensor.strides, count)
        guard count > 0 else { return }
        var last = offset
        for (size, stride) in zip(shape, strides) {
            let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, beyond) = last.addingReportingOverflow(step)
            guard !overflow, !beyond else { return nil }
            last = sum
        }
        guard last < length, count <= length else { return nil }
    }

    /// Whether the elements follow one another in row-major order.
    var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            guard stride == expected || count == 0 else { return false }
            expected = expected &* size
        }
        return true
    }

    /// The storage's elements in row-major order of the tensor.
    func eachElement(_ body: (Int) -> Void) {
        guard count > 0 else { return }
        var places = Array(repeating: 0, count: shape.count)
        var element = offset
        for _ in 0..<count {
            body(element)
            for dimension in shape.indices.reversed() {
                places[dimension] += 1
                element &+= strides[dimension]
                guard places[dimension] == shape[dimension] else { break }
                element &-= shape[dimension] &* strides[dimension]
                places[dimension] = 0
            }
        }
    }
}

/// A tensor whose elements do not lie in row-major order, such as a transposed one; it is copied when it is asked for.
///
/// The mapped bytes are never written, which is what makes this `Sendable`.
struct StridedTensor: @unchecked Sendable {
    let view: StridedView
    let type: ElementType
    /// The storage's bytes; the view was checked against them.
    let bytes: UnsafeRawBufferPointer
    let owner: MappedFile

    /// The elements in row-major order, in memory.
    func copied() -> StoredTensor? {
        let size = type.blockBytes
        let copy = HeldBytes(count: view.count * size)
        var place = 0
        withExtendedLifetime(owner) {
            view.eachElement { element in
                let part = UnsafeRawBufferPointer(rebasing: bytes[element * size..<(element + 1) * size])
                UnsafeMutableRawBufferPointer(rebasing: copy.bytes[place..<place + size]).copyMemory(from: part)
                place += size
            }
        }
        return StoredTensor(type: type, shape: view.shape, bytes: UnsafeRawBufferPointer(copy.bytes), owner: copy)
    }
}

/// Memory that lives as long as the object.
private final class HeldBytes {
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int) { bytes = .allocate(byteCount: count, alignment: 16) }

    deinit { bytes.deallocate() }
}
