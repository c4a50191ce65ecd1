import Tensors

/// Causal attention over a token tree, with query heads that share key/value heads (Ainslie et al. 2023).
struct TreeAttention {
    let heads: Int
    let keyValueHeads: Int
    let headWidth: Int

    /// Queries taken together: later keys than a tile's last query are never scored.
    static let tile = 64

    /// Floats that ``run(queries:keys:values:tree:scores:into:)`` needs for its scores.
    static func scratch(for depth: Int) -> Int { tile * depth }

    /// - Parameters:
    ///   - queries: `[rows, heads · headWidth]`, turned by their positions; keys and values `[rows, keyValueHeads · headWidth]`.
    ///   - scores: scratch of `scratch(for: tree.depth)` floats.
    ///   - target: `[rows, heads · headWidth]`, the weighted values of each head side by side (`z`).
    func run(
        queries: UnsafeMutablePointer<Float>, keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>,
        tree: TokenTree, scores: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>
    ) {
        let trunk = tree.trunk.count
        let segments = [0..<trunk] + tree.branches.indices.map { tree.rows(ofBranch: $0) }
        for (index, segment) in segments.enumerated() {
            let shared = index == 0 ? 0 : trunk
            for start in stride(from: segment.lowerBound, to: segment.upperBound, by: Self.tile) {
                let rows = start..<min(start + Self.tile, segment.upperBound)
                for head in 0..<heads {
                    attend(
                        head, rows: rows, own: segment.lowerBound..<rows.upperBound, shared: shared, queries, keys,
                        values, scores, target)
                }
            }
        }
    }

    /// One head of one tile: keys `0..<shared` of the trunk, then the segment's own up to each query.
    private func attend(
        _ head: Int, rows: Range<Int>, own: Range<Int>, shared: Int, _ queries: UnsafeMutablePointer<Float>,
        _ keys: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>,
        _ scores: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) {
        let width = heads * headWidth
        let keyWidth = keyValueHeads * headWidth
        let group = head * keyValueHeads / heads
        func rowsOf(_ matrix: UnsafeMutablePointer<Float>, _ range: Range<Int>) -> Products.View {
            Products.View(
                matrix + range.lowerBound * keyWidth + group * headWidth, rows: range.count, columns: headWidth,
                stride: keyWidth)
        }
        let visible = shared + own.count
        func scoresOf(_ columns: Range<Int>) -> Products.View {
            Products.View(scores + columns.lowerBound, rows: rows.count, columns: columns.count, stride: visible)
        }
        let query = Products.View(
            queries + rows.lowerBound * width + head * headWidth, rows: rows.count, columns: headWidth, stride: width)
        let output = Products.View(
            target + rows.lowerBound * width + head * headWidth, rows: rows.count, columns: headWidth, stride: width)
        let scale = 1 / Float(headWidth).squareRoot()
        if shared > 0 {
            Products.timesTransposed(query, rowsOf(keys, 0..<shared), into: scoresOf(0..<shared), scale: scale)
        }
        Products.timesTransposed(query, rowsOf(keys, own), into: scoresOf(shared..<visible), scale: scale)
        for row in rows {
            Kernels.softmax(
                scores + (row - rows.lowerBound) * visible, valid: shared + row - own.lowerBound + 1, count: visible)
        }
        if shared > 0 { Products.times(scoresOf(0..<shared), rowsOf(values, 0..<shared), into: output) }
        Products.times(scoresOf(shared..<visible), rowsOf(values, own), into: output, keep: shared > 0 ? 1 : 0)
    }
}
