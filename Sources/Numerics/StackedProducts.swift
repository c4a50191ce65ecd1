import Random

/// Products of rows that were stacked from several sequences.
///
/// What a row comes out as must not depend on the rows beside it, or a margin would depend on the memory budget and on the order of
/// the pairs. BLAS does not promise that, so it is probed: where it holds, rows are cut into even tiles; elsewhere a
/// tile never spans two sequences.
extension Products {
    /// Whether the bits of a product's row are the same whatever other rows the call has, for calls of at least ``leastWork``
    /// multiplications; found out once, by trying.
    public static let rowsAreIndependent = probe()

    /// Multiplications below which OpenBLAS takes other kernels, whose last bits depend on the row count.
    static let leastWork = 1_100_000
    /// Rows below which it does so too.
    static let fewestRows = 8

    /// `target = left · rightᵀ` as ``timesTransposed(_:_:into:scale:keep:)``, with the promise of ``rowsAreIndependent`` for
    /// any number of rows: a small product is made in a larger one.
    public static func stackedTimesTransposed(_ left: View, _ right: View, into target: View) {
        let perRow = max(right.rows * right.columns, 1)
        let least = max((leastWork + perRow - 1) / perRow, fewestRows)
        guard rowsAreIndependent, left.rows < least, left.rows > 0 else {
            return timesTransposed(left, right, into: target)
        }
        let input = FloatBuffer(count: least * left.columns)
        let output = FloatBuffer(count: least * target.columns)
        input.pointer.update(repeating: 0, count: input.count)
        for row in 0..<left.rows {
            (input.pointer + row * left.columns).update(from: left.start + row * left.stride, count: left.columns)
        }
        timesTransposed(
            View(input.pointer, rows: least, columns: left.columns), right,
            into: View(output.pointer, rows: least, columns: target.columns))
        for row in 0..<target.rows {
            (target.start + row * target.stride)
                .update(from: output.pointer + row * target.columns, count: target.columns)
        }
    }

    /// Row ranges for products over `rows`, whose sequences take `sequences` of them.
    ///
    /// Several workers get large tiles first and ever smaller ones towards the end (Polychronopoulos & Kuck 1987, guided
    /// self-scheduling), so that none of them waits long for the last.
    /// - Parameters:
    ///   - sequences: ranges that fill `rows` in order.
    ///   - workers: how many threads share the tiles out; where rows are independent their number sets the tiles' sizes, and no
    ///     bit of a result.
    public static func tiles(of rows: Range<Int>, sequences: [Range<Int>], workers: Int) -> [Range<Int>] {
        guard rowsAreIndependent else { return sequences.filter { !$0.isEmpty } }
        let (most, few, fewest) = (768, 256, 32)
        guard workers > 1, rows.count > 2 * few * workers else {
            let count = max((rows.count + most - 1) / most, min(workers, rows.count / fewest), rows.isEmpty ? 0 : 1)
            return (0..<count).map { index in
                rows.lowerBound + index * rows.count / count..<rows.lowerBound + (index + 1) * rows.count / count
            }
        }
        var tiles: [Range<Int>] = []
        var start = rows.lowerBound
        while start < rows.upperBound {
            let left = rows.upperBound - start
            let size = left < 2 * few ? left : min(max(left / (2 * workers), few), most)
            tiles.append(start..<start + size)
            start += size
        }
        return tiles
    }

    /// Tries products of several shapes at several row counts and places.
    private static func probe() -> Bool {
        let rows = 211
        var generator = SeededGenerator(seed: 1)
        func random(_ count: Int) -> FloatBuffer {
            let buffer = FloatBuffer(count: count)
            for index in 0..<count { buffer.pointer[index] = Float(generator.nextUnit()) - 0.5 }
            return buffer
        }
        for (columns, inner) in [(96, 576), (209, 129), (64, 1024), (1001, 64)] {
            let (left, right) = (random(rows * inner), random(columns * inner))
            let whole = FloatBuffer(count: rows * columns)
            let part = FloatBuffer(count: rows * columns)
            let weights = View(right.pointer, rows: columns, columns: inner)
            timesTransposed(
                View(left.pointer, rows: rows, columns: inner), weights,
                into: View(whole.pointer, rows: rows, columns: columns))
            for count in [19, 32, 45, 64, 101, 160] where count * columns * inner >= leastWork {
                for start in [0, 7, rows - count] {
                    timesTransposed(
                        View(left.pointer + start * inner, rows: count, columns: inner), weights,
                        into: View(part.pointer, rows: count, columns: columns))
                    for index in 0..<count * columns
                    where part.pointer[index].bitPattern != whole.pointer[start * columns + index].bitPattern {
                        return false
                    }
                }
            }
        }
        return true
    }
}
