import Numerics

/// Causal attention over token trees.
///
/// The queries of all heads of one key/value head are one product with its keys, a tile of positions at a time. A tile's sizes
/// depend on the tree alone, whichever of its rows are asked for: so a row's bits do too.
struct TreeAttention {
    private let heads: Int
    private let keyValueHeads: Int
    private let headWidth: Int
    private let scale: Float
    private let softCap: Float?
    private let window: Int

    init(_ attention: Attention) {
        heads = attention.heads
        keyValueHeads = attention.keyValueHeads
        headWidth = attention.headWidth
        scale = Float(attention.scale)
        softCap = attention.softCap.map { Float($0) }
        window = attention.window ?? .max
    }

    /// Positions taken together: later keys than a tile's last query are never scored.
    private static let tile = 64

    /// A tile of one tree: rows of its trunk, or of one branch.
    private struct Task: Sendable {
        let segment: Int
        /// Trunk rows that it sees before its own part.
        let shared: Int
        /// The first row of its own part: 0 or a branch's first.
        let partStart: Int
        /// Rows of the tile.
        let rows: Range<Int>
        /// The segment's outputs that lie in it, by their places.
        let outputs: Range<Int>
        /// The first position that the tile's first row attends to.
        let first: Int

        /// Positions that some row of the tile attends to, from `first` on.
        var visible: Int { shared + rows.upperBound - partStart - first }

        /// The tree row at a position of the tile's own sequence.
        func row(at position: Int) -> Int { position < shared ? position : partStart + position - shared }
        /// The position of a row of the tile.
        func position(of row: Int) -> Int { shared + row - partStart }
    }

    /// Overwrites `queries`, `[stack row, heads · headWidth]`, turned by their positions, with the weighted values of each head
    /// side by side (`z`), at every segment's output rows.
    func run(
        _ segments: [Segment], queries: Rows, keys: Rows, values: Rows, workspace: Workspace
    ) {
        let tasks = tasks(segments)
        let depth = tasks.map(\.visible).max() ?? 0
        let perGroup = heads / keyValueHeads
        let slots = perGroup * Self.tile
        let keyWidth = keyValueHeads * headWidth
        let sizes = [slots * headWidth, slots * headWidth, depth * keyWidth, depth * keyWidth, slots * depth]
        let buffers = workspace.buffers(Workspace.Slot.attention, count: sizes.reduce(0, +))
        workspace.workers.run(tasks: tasks.count) { number, worker in
            let task = tasks[number]
            let segment = segments[task.segment]
            var next = buffers[worker].pointer
            func take(_ count: Int) -> UnsafeMutablePointer<Float> {
                defer { next += count }
                return next
            }
            let (packed, mixed) = (take(sizes[0]), take(sizes[1]))
            let (key, value, scores) = (take(sizes[2]), take(sizes[3]), take(sizes[4]))
            for place in 0..<task.visible {
                let stored = Int(segment.keyRows[task.row(at: task.first + place)])
                guard stored >= 0 else {
                    // A row that no asked-for row attends to.
                    (key + place * keyWidth).update(repeating: 0, count: keyWidth)
                    (value + place * keyWidth).update(repeating: 0, count: keyWidth)
                    continue
                }
                (key + place * keyWidth).update(from: keys.row(stored), count: keyWidth)
                (value + place * keyWidth).update(from: values.row(stored), count: keyWidth)
            }
            for group in 0..<keyValueHeads {
                attend(task, segment, group, queries, packed, mixed, key, value, scores)
            }
        }
    }

    private func tasks(_ segments: [Segment]) -> [Task] {
        var tasks: [Task] = []
        for (index, segment) in segments.enumerated() {
            let tree = segment.tree
            let trunk = tree.trunk.count
            let parts = [0..<trunk] + tree.branches.indices.map { tree.rows(ofBranch: $0) }
            var next = 0
            for (number, part) in parts.enumerated() {
                for start in stride(from: part.lowerBound, to: part.upperBound, by: Self.tile) {
                    let rows = start..<min(start + Self.tile, part.upperBound)
                    let first = next
                    while next < segment.outputs.count, segment.outputs[next] < rows.upperBound { next += 1 }
                    guard next > first else { continue }
                    let shared = number == 0 ? 0 : trunk
                    let position = shared + start - part.lowerBound
                    tasks.append(
                        Task(
                            segment: index, shared: shared, partStart: part.lowerBound, rows: rows,
                            outputs: first..<next, first: max(0, position - window + 1)))
                }
            }
        }
        return tasks
    }

    /// All query heads of one key/value head over one tile.
    private func attend(
        _ task: Task, _ segment: Segment, _ group: Int, _ queries: Rows, _ packed: UnsafeMutablePointer<Float>,
        _ mixed: UnsafeMutablePointer<Float>, _ key: UnsafeMutablePointer<Float>,
        _ value: UnsafeMutablePointer<Float>, _ scores: UnsafeMutablePointer<Float>
    ) {
        let perGroup = heads / keyValueHeads
        let tile = task.rows.count
        let visible = task.visible
        let keyWidth = keyValueHeads * headWidth
        if task.outputs.count < tile { packed.update(repeating: 0, count: perGroup * tile * headWidth) }
        /// Each asked-for row with each head: where it stands in the tile, and its numbers in the stack.
        func eachRow(_ body: (_ slot: Int, _ row: Int, _ stored: UnsafeMutablePointer<Float>) -> Void) {
            for place in task.outputs {
                let row = segment.outputs[place]
                let stored = queries.row(segment.outputStart + place) + group * perGroup * headWidth
                for head in 0..<perGroup {
                    body(head * tile + row - task.rows.lowerBound, row, stored + head * headWidth)
                }
            }
        }
        eachRow { slot, _, stored in (packed + slot * headWidth).update(from: stored, count: headWidth) }
        let slots = perGroup * tile
        func ofGroup(_ rows: UnsafeMutablePointer<Float>) -> Products.View {
            Products.View(rows + group * headWidth, rows: visible, columns: headWidth, stride: keyWidth)
        }
        let weights = Products.View(scores, rows: slots, columns: visible)
        Products.timesTransposed(
            Products.View(packed, rows: slots, columns: headWidth), ofGroup(key), into: weights,
            scale: scale)
        if let softCap { Kernels.softCap(scores, softCap, count: slots * visible) }
        if task.outputs.count < tile {
            // Rows that are not asked for take no part: their scores are those of zero queries, and go nowhere.
            var isAsked = [Bool](repeating: false, count: tile)
            for place in task.outputs { isAsked[segment.outputs[place] - task.rows.lowerBound] = true }
            for slot in 0..<slots where !isAsked[slot % tile] {
                (scores + slot * visible).update(repeating: 0, count: visible)
            }
        }
        eachRow { slot, row, _ in
            let position = task.position(of: row)
            Kernels.softmax(
                scores + slot * visible,
                visible: max(0, position - window + 1) - task.first..<position + 1 - task.first, count: visible)
        }
        Products.times(weights, ofGroup(value), into: Products.View(mixed, rows: slots, columns: headWidth))
        eachRow { slot, _, stored in stored.update(from: mixed + slot * headWidth, count: headWidth) }
    }
}
