import Checkpoints
import Numerics

/// Products of stacked rows with stored weights, decoded to f32 a panel at a time: no f32 copy of a layer is ever held.
struct PanelProducts {
    let workers: Workers

    /// Where a product's rows go.
    enum Target: Sendable {
        case store(Matrix)
        case add(Matrix)

        var matrix: Matrix {
            switch self {
            case .store(let matrix), .add(let matrix): matrix
            }
        }
    }

    /// One linear module and where its outputs go.
    struct Job: Sendable {
        let linear: Linear
        let target: Target
    }

    /// Floats of weights decoded at once.
    private static let room = 1 << 22
    /// Rows of a weight decoded by one task.
    private static let slice = 64

    /// Some rows of a weight, decoded.
    fileprivate struct Panel: Sendable {
        let linear: Linear
        let rows: Range<Int>
        /// Floats before it in the panels' buffer.
        let start: Int
    }

    /// Reads or makes the input rows of a tile, `[rows, inputs]`, with room to make them in.
    typealias Prepare = @Sendable (Range<Int>, FloatBuffer) -> UnsafeMutablePointer<Float>

    /// `target[tile] = input · Wᵀ + b` for every job and tile; all jobs read the same input.
    func run(_ tiles: [Range<Int>], _ jobs: [Job], scratch: inout Scratch, prepare: @escaping Prepare) {
        guard let largest = tiles.map(\.count).max(), let inputs = jobs.first?.linear.inputs else { return }
        let weights = scratch.buffer("panels", count: Self.room(for: jobs.map(\.linear)))
        let rooms = scratch.buffers("input", count: largest * inputs, workers: workers.count)
        let widest = jobs.map { Self.panelRows($0.linear, Self.room) }.max() ?? 0
        let spare = scratch.buffers("product", count: largest * widest, workers: workers.count)
        for batch in batches(jobs) {
            decode(batch.map(\.panel), into: weights, scratch: &scratch)
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let input = Products.View(prepare(tile, rooms[worker]), rows: tile.count, columns: inputs)
                for (panel, target) in batch {
                    Self.multiply(input, panel, weights, tile, into: target, spare: spare[worker].pointer)
                }
            }
        }
    }

    /// Modules whose weights are decoded whole, so that a tile of rows can go through all of them in one task.
    struct Whole: Sendable {
        fileprivate let panels: [Panel]
        fileprivate let weights: FloatBuffer

        /// `target = input · Wᵀ + b` of the module of that number, `[rows, outputs]`.
        func multiply(
            _ number: Int, _ input: UnsafeMutablePointer<Float>, rows: Int, to target: UnsafeMutablePointer<Float>
        ) {
            let linear = panels[number].linear
            PanelProducts.multiply(
                Products.View(input, rows: rows, columns: linear.inputs), panels[number], weights, to: target,
                stride: linear.outputs)
        }
    }

    /// Decodes modules whole; nil where there is no room for all of them.
    func whole(_ linears: [Linear], scratch: inout Scratch) -> Whole? {
        var panels: [Panel] = []
        var count = 0
        for linear in linears {
            panels.append(Panel(linear: linear, rows: 0..<linear.outputs, start: count))
            count += linear.weight.count
        }
        guard count <= Self.room else { return nil }
        let weights = scratch.buffer("panels", count: Self.room(for: linears))
        decode(panels, into: weights, scratch: &scratch)
        return Whole(panels: panels, weights: weights)
    }

    /// `target[tile] = silu(input · Wgᵀ + bg) ⊙ (input · Wuᵀ + bu)`.
    func runGated(
        _ tiles: [Range<Int>], gate: Linear, up: Linear, into target: Matrix, scratch: inout Scratch,
        prepare: @escaping Prepare
    ) {
        guard let largest = tiles.map(\.count).max() else { return }
        let inputs = gate.inputs
        let step = Self.panelRows(gate, Self.room / 2)
        let weights = scratch.buffer("panels", count: max(2 * step * inputs, Self.room(for: [gate])))
        let rooms = scratch.buffers("input", count: largest * inputs, workers: workers.count)
        let spare = scratch.buffers("product", count: largest * step, workers: workers.count)
        for start in stride(from: 0, to: gate.outputs, by: step) {
            let rows = start..<min(start + step, gate.outputs)
            let panels = [gate, up].enumerated().map { index, linear in
                Panel(linear: linear, rows: rows, start: index * step * inputs)
            }
            decode(panels, into: weights, scratch: &scratch)
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let input = Products.View(prepare(tile, rooms[worker]), rows: tile.count, columns: inputs)
                let upward = spare[worker].pointer
                Self.multiply(input, panels[0], weights, tile, into: .store(target), spare: upward)
                Self.multiply(input, panels[1], weights, to: upward, stride: rows.count)
                for row in tile {
                    Kernels.gateWithSilu(
                        target.row(row) + rows.lowerBound, upward + (row - tile.lowerBound) * rows.count,
                        count: rows.count)
                }
            }
        }
    }

    /// The panel's columns of a tile, stored, or added to what is there.
    private static func multiply(
        _ input: Products.View, _ panel: Panel, _ weights: FloatBuffer, _ tile: Range<Int>, into rows: Target,
        spare: UnsafeMutablePointer<Float>
    ) {
        let matrix = rows.matrix
        let target = matrix.row(tile.lowerBound) + panel.rows.lowerBound
        switch rows {
        case .store: multiply(input, panel, weights, to: target, stride: matrix.columns)
        case .add:
            multiply(input, panel, weights, to: spare, stride: panel.rows.count)
            for row in 0..<tile.count {
                Kernels.add(
                    spare + row * panel.rows.count, to: target + row * matrix.columns, count: panel.rows.count)
            }
        }
    }

    fileprivate static func multiply(
        _ input: Products.View, _ panel: Panel, _ weights: FloatBuffer, to target: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        let linear = panel.linear
        Products.stackedTimesTransposed(
            input, Products.View(weights.pointer + panel.start, rows: panel.rows.count, columns: linear.inputs),
            into: Products.View(target, rows: input.rows, columns: panel.rows.count, stride: stride))
        linear.bias?.withUnsafeBufferPointer { bias in
            guard let start = bias.baseAddress else { return }
            for row in 0..<input.rows {
                Kernels.add(start + panel.rows.lowerBound, to: target + row * stride, count: panel.rows.count)
            }
        }
    }

    /// Rows of a weight that `room` floats hold: all, or a whole number of slices.
    private static func panelRows(_ linear: Linear, _ room: Int) -> Int {
        min(linear.outputs, max(room / linear.inputs / slice * slice, slice))
    }

    private static func room(for linears: [Linear]) -> Int {
        linears.reduce(room) { max($0, panelRows($1, room) * $1.inputs) }
    }

    /// The jobs' weights as panels, as many together as there is room for.
    private func batches(_ jobs: [Job]) -> [[(panel: Panel, target: Target)]] {
        var batches: [[(panel: Panel, target: Target)]] = []
        var current: [(panel: Panel, target: Target)] = []
        var next = 0
        for job in jobs {
            let step = Self.panelRows(job.linear, Self.room)
            for start in stride(from: 0, to: job.linear.outputs, by: step) {
                let rows = start..<min(start + step, job.linear.outputs)
                if next + rows.count * job.linear.inputs > Self.room, !current.isEmpty {
                    batches.append(current)
                    current = []
                    next = 0
                }
                current.append((Panel(linear: job.linear, rows: rows, start: next), job.target))
                next += rows.count * job.linear.inputs
            }
        }
        return current.isEmpty ? batches : batches + [current]
    }

    /// Decodes panels over all workers, adapters merged: `W + scale · B A`.
    private func decode(_ panels: [Panel], into weights: FloatBuffer, scratch: inout Scratch) {
        struct Slice: Sendable {
            let panel: Panel
            let rows: Range<Int>
            let factors: (down: FloatBuffer, up: FloatBuffer)?
        }
        var slices: [Slice] = []
        for (index, panel) in panels.enumerated() {
            let factors = panel.linear.adapter.map { adapter in
                let down = scratch.buffer("down \(index)", count: adapter.down.count)
                let up = scratch.buffer("up \(index)", count: adapter.up.count)
                adapter.down.decode(rows: 0..<adapter.down.rows, into: down.pointer)
                adapter.up.decode(rows: panel.rows, into: up.pointer)
                return (down: down, up: up)
            }
            for start in stride(from: panel.rows.lowerBound, to: panel.rows.upperBound, by: Self.slice) {
                slices.append(
                    Slice(
                        panel: panel, rows: start..<min(start + Self.slice, panel.rows.upperBound), factors: factors))
            }
        }
        let all = slices
        workers.run(tasks: all.count) { task, _ in
            let (panel, rows) = (all[task].panel, all[task].rows)
            let linear = panel.linear
            let inside = rows.lowerBound - panel.rows.lowerBound
            let target = weights.pointer + panel.start + inside * linear.inputs
            linear.weight.decode(rows: rows, into: target)
            if let adapter = linear.adapter, let factors = all[task].factors {
                let rank = adapter.down.rows
                Products.times(
                    Products.View(factors.up.pointer + inside * rank, rows: rows.count, columns: rank),
                    Products.View(factors.down.pointer, rows: rank, columns: linear.inputs),
                    into: Products.View(target, rows: rows.count, columns: linear.inputs), scale: adapter.scale,
                    keep: 1)
            }
        }
    }
}
