import Numerics

/// Products of stacked rows with stored weights, decoded to f32 a panel at a time: no f32 copy of a layer is ever held.
struct PanelProducts {
    let workspace: Workspace
    private var workers: Workers { workspace.workers }

    /// Rows of a weight decoded by one task.
    private static let slice = 64

    /// Some rows of a weight, decoded.
    fileprivate struct Panel: Sendable {
        let weight: Weight
        let rows: Range<Int>
        /// Floats before it in the panels' buffer.
        let start: Int

        var count: Int { rows.count * weight.inputs }
    }

    /// A weight and the rows that its outputs go to.
    struct Job: Sendable {
        let weight: Weight
        let target: Rows
    }

    /// Reads or makes the input rows of a tile, or writes them into a buffer of `[rows, inputs]`.
    typealias Prepare = @Sendable (Range<Int>, FloatBuffer) -> Products.View

    /// `target[tile] = input · Wᵀ + b` for every job and tile; all jobs read the same input.
    func run(_ tiles: [Range<Int>], _ jobs: [Job], prepare: @escaping Prepare) {
        guard let largest = tiles.map(\.count).max(), let inputs = jobs.first?.weight.inputs else { return }
        let buffers = workspace.buffers(Workspace.Slot.input, count: largest * inputs)
        for batch in batches(jobs) {
            let weights = decode(batch.map(\.panel))
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let input = prepare(tile, buffers[worker])
                for (panel, target) in batch {
                    Self.multiply(
                        input, panel, weights, to: target.row(tile.lowerBound) + panel.rows.lowerBound,
                        stride: target.stride)
                }
            }
        }
    }

    /// `target[tile] = activation(input · W₀ᵀ + b₀) ⊙ (input · W₁ᵀ + b₁)`, or without the second factor where `inward` is one weight.
    func run(
        _ tiles: [Range<Int>], _ inward: [Weight], _ activation: Activation, into target: Rows,
        prepare: @escaping Prepare
    ) {
        guard let largest = tiles.map(\.count).max(), let first = inward.first else { return }
        let step = panelRows(first, workspace.panelFloats / inward.count)
        let buffers = workspace.buffers(Workspace.Slot.input, count: largest * first.inputs)
        let spare = workspace.buffers(Workspace.Slot.product, count: largest * step)
        for start in stride(from: 0, to: first.outputs, by: step) {
            let rows = start..<min(start + step, first.outputs)
            let panels = inward.enumerated().map { index, weight in
                Panel(weight: weight, rows: rows, start: index * step * first.inputs)
            }
            let weights = decode(panels)
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let input = prepare(tile, buffers[worker])
                let place = target.row(tile.lowerBound) + start
                let up = spare[worker].pointer
                Self.multiply(input, panels[0], weights, to: place, stride: target.stride)
                for panel in panels.dropFirst() { Self.multiply(input, panel, weights, to: up, stride: rows.count) }
                for row in 0..<tile.count {
                    Kernels.activate(
                        activation, place + row * target.stride, up: panels.count > 1 ? up + row * rows.count : nil,
                        count: rows.count)
                }
            }
        }
    }

    /// Weights that are decoded whole, so that a tile of rows can go through all of them in one task.
    struct Whole: Sendable {
        fileprivate let panels: [Panel]
        fileprivate let buffer: FloatBuffer

        /// `target = input · Wᵀ + b` of the weight of that number, `[rows, outputs]`.
        func multiply(_ number: Int, _ input: Products.View, to target: UnsafeMutablePointer<Float>) {
            PanelProducts.multiply(input, panels[number], buffer, to: target, stride: panels[number].rows.count)
        }
    }

    /// Decodes weights whole; nil where they do not fit into the buffer together.
    func whole(_ weights: [Weight]) -> Whole? {
        var panels: [Panel] = []
        var count = 0
        for weight in weights {
            panels.append(Panel(weight: weight, rows: 0..<weight.outputs, start: count))
            count += panels[panels.count - 1].count
        }
        guard count <= workspace.panelFloats else { return nil }
        return Whole(panels: panels, buffer: decode(panels))
    }

    fileprivate static func multiply(
        _ input: Products.View, _ panel: Panel, _ weights: FloatBuffer, to target: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        Products.stackedTimesTransposed(
            input, Products.View(weights.pointer + panel.start, rows: panel.rows.count, columns: panel.weight.inputs),
            into: Products.View(target, rows: input.rows, columns: panel.rows.count, stride: stride))
        panel.weight.bias?.withUnsafeBufferPointer { bias in
            guard let start = bias.baseAddress else { return }
            for row in 0..<input.rows {
                Kernels.add(start + panel.rows.lowerBound, to: target + row * stride, count: panel.rows.count)
            }
        }
    }

    /// Rows of a weight that `floats` hold: all, or a whole number of slices.
    private func panelRows(_ weight: Weight, _ floats: Int) -> Int {
        min(weight.outputs, max(floats / weight.inputs / Self.slice * Self.slice, Self.slice))
    }

    /// The jobs' weights as panels, as many together as the buffer holds.
    private func batches(_ jobs: [Job]) -> [[(panel: Panel, target: Rows)]] {
        var batches: [[(panel: Panel, target: Rows)]] = []
        var current: [(panel: Panel, target: Rows)] = []
        var next = 0
        for job in jobs {
            let step = panelRows(job.weight, workspace.panelFloats)
            for start in stride(from: 0, to: job.weight.outputs, by: step) {
                let rows = start..<min(start + step, job.weight.outputs)
                if next + rows.count * job.weight.inputs > workspace.panelFloats, !current.isEmpty {
                    batches.append(current)
                    current = []
                    next = 0
                }
                current.append((Panel(weight: job.weight, rows: rows, start: next), job.target))
                next += rows.count * job.weight.inputs
            }
        }
        return current.isEmpty ? batches : batches + [current]
    }

    /// Decodes panels over all workers.
    private func decode(_ panels: [Panel]) -> FloatBuffer {
        let floats = panels.map { $0.start + $0.count }.max() ?? 0
        let buffer = workspace.buffer(.panels, count: max(floats, workspace.panelFloats))
        var slices: [(panel: Panel, decoder: Weight.Decoder, rows: Range<Int>)] = []
        for panel in panels {
            let decoder = Weight.Decoder(panel.weight)
            for start in stride(from: panel.rows.lowerBound, to: panel.rows.upperBound, by: Self.slice) {
                slices.append((panel, decoder, start..<min(start + Self.slice, panel.rows.upperBound)))
            }
        }
        let all = slices
        workers.run(tasks: all.count) { task, _ in
            let (panel, decoder, rows) = all[task]
            let inside = (rows.lowerBound - panel.rows.lowerBound) * panel.weight.inputs
            decoder.decode(rows, into: buffer.pointer + panel.start + inside)
        }
        return buffer
    }
}
