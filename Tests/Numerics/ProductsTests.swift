import Numerics
import Random
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

    @Test(arguments: [(16, 32), (80, 32), (64, 64), (192, 576), (576, 130)])
    func `a row of a stacked product has the same bits whatever rows it is stacked with`(_ columns: Int, _ inner: Int) {
        let rows = 70
        let (left, right) = (random(rows * inner, 4), random(columns * inner, 5))
        func product(_ range: Range<Int>) -> [Float] {
            var (part, weights) = (Array(left[range.lowerBound * inner..<range.upperBound * inner]), right)
            var target = [Float](repeating: 0, count: range.count * columns)
            part.withUnsafeMutableBufferPointer { part in
                weights.withUnsafeMutableBufferPointer { weights in
                    target.withUnsafeMutableBufferPointer { target in
                        guard let part = part.baseAddress, let weights = weights.baseAddress,
                            let target = target.baseAddress
                        else { return }
                        Products.stackedTimesTransposed(
                            Products.View(part, rows: range.count, columns: inner),
                            Products.View(weights, rows: columns, columns: inner),
                            into: Products.View(target, rows: range.count, columns: columns))
                    }
                }
            }
            return target
        }
        let whole = product(0..<rows)
        for range in [0..<1, 3..<10, 33..<70, 69..<70, 20..<55] {
            let found = product(range)
            let expected = Array(whole[range.lowerBound * columns..<range.upperBound * columns])
            if Products.rowsAreIndependent { #expect(found == expected) }
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
        }
    }

    @Test func `whether rows are independent is known of each kernel`() {
        let known = [
            "SkylakeX": true, "Cooperlake": true, "Sapphirerapids": true, "Sandybridge": true, "Nehalem": true,
            "Haswell": false, "Zen": false,
        ]
        // A probe that said no where it should say yes would relax every law about bits, unseen.
        if let expected = known[Products.kernel] {
            #expect(Products.rowsAreIndependent == expected, "\(Products.kernel)")
        }
    }

    @Test func `tiles fill their rows in order, one or more a worker`() {
        for (count, workers) in [(1, 2), (31, 8), (700, 1), (700, 2), (5000, 2), (5000, 7)] {
            let tiles = Products.tiles(of: 10..<10 + count, sequences: [10..<10 + count], workers: workers)
            #expect(tiles.first?.lowerBound == 10 && tiles.last?.upperBound == 10 + count)
            #expect(zip(tiles, tiles.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            #expect(tiles.allSatisfy { !$0.isEmpty })
            guard Products.rowsAreIndependent, count >= 32 * workers else { continue }
            #expect(tiles.count >= workers)
            // The last tile to end keeps the others waiting for no more than its own few rows.
            #expect(tiles.last.map { $0.count <= max(count / workers + 1, 511) } == true)
        }
        #expect(Products.tiles(of: 3..<3, sequences: [3..<3], workers: 2).isEmpty)
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
