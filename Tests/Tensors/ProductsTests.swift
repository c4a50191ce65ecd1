import Tensors
import Testing

/// BLAS's products against three loops in float64.
@Suite struct ProductsTests {
    private struct Size: Sendable {
        let rows, inner, columns: Int
    }

    private static let sizes = [
        Size(rows: 1, inner: 1, columns: 1), Size(rows: 1, inner: 37, columns: 5), Size(rows: 7, inner: 3, columns: 1),
        Size(rows: 13, inner: 64, columns: 29), Size(rows: 65, inner: 33, columns: 17),
    ]

    @Test func `products agree with three loops, inside larger matrices and added to what is there`() {
        for size in Self.sizes {
            for (scale, keep) in [(Float(1), Float(0)), (0.25, 1), (-2, 0.5)] {
                for isTransposed in [false, true] { check(size, scale, keep, isTransposed) }
            }
        }
    }

    @Test func `without keeping, what the target held does not matter, not even NaN`() {
        var (left, right, target) = (
            [Float](repeating: 1, count: 6), [Float](repeating: 2, count: 6), [Float.nan, .nan, .nan, .nan]
        )
        left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                target.withUnsafeMutableBufferPointer { target in
                    guard let left = left.baseAddress, let right = right.baseAddress, let target = target.baseAddress
                    else { return }
                    Products.times(
                        Products.View(left, rows: 2, columns: 3), Products.View(right, rows: 3, columns: 2),
                        into: Products.View(target, rows: 2, columns: 2))
                }
            }
        }
        #expect(target == [6, 6, 6, 6])
    }

    private func check(_ size: Size, _ scale: Float, _ keep: Float, _ isTransposed: Bool) {
        let (leftStride, targetStride) = (size.inner + 2, size.columns + 3)
        let rightRows = isTransposed ? size.columns : size.inner
        let rightColumns = isTransposed ? size.inner : size.columns
        let rightStride = rightColumns + 1
        var left = random(size.rows * leftStride, 1)
        var right = random(rightRows * rightStride, 2)
        let start = random(size.rows * targetStride, 3)
        var target = start
        left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                target.withUnsafeMutableBufferPointer { target in
                    guard let left = left.baseAddress, let right = right.baseAddress, let target = target.baseAddress
                    else { return }
                    let a = Products.View(left, rows: size.rows, columns: size.inner, stride: leftStride)
                    let b = Products.View(right, rows: rightRows, columns: rightColumns, stride: rightStride)
                    let c = Products.View(target, rows: size.rows, columns: size.columns, stride: targetStride)
                    if isTransposed {
                        Products.timesTransposed(a, b, into: c, scale: scale, keep: keep)
                    } else {
                        Products.times(a, b, into: c, scale: scale, keep: keep)
                    }
                }
            }
        }
        for row in 0..<size.rows {
            for column in 0..<targetStride {
                let place = row * targetStride + column
                guard column < size.columns else {
                    #expect(target[place] == start[place], "nothing is written beside the matrix")
                    continue
                }
                var sum = 0.0
                var size1 = 0.0
                for inner in 0..<size.inner {
                    let other = isTransposed ? right[column * rightStride + inner] : right[inner * rightStride + column]
                    let term = Double(left[row * leftStride + inner]) * Double(other)
                    sum += term
                    size1 += abs(term)
                }
                let exact = Double(scale) * sum + Double(keep) * Double(start[place])
                let bound = 1e-6 * (abs(Double(scale)) * size1 + abs(Double(keep) * Double(start[place])))
                #expect(abs(Double(target[place]) - exact) <= bound)
            }
        }
    }

    private func random(_ count: Int, _ seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float(generator.nextNormal()) }
    }
}
