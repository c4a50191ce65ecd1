import Checkpoints
import Tensors

/// A linear module as the checkpoint holds it: `y = x Wᵀ + b`, and an adapter's `scale · x Aᵀ Bᵀ` kept apart.
public struct Linear: Sendable {
    /// The module's name in the checkpoint.
    public let name: String
    /// `[outputs, inputs]`
    public let weight: StoredTensor
    /// `[outputs]`
    public let bias: [Float]?
    public let adapter: Adapter.Factors?

    public var outputs: Int { weight.rows }
    public var inputs: Int { weight.columns }

    /// Whether both compute the same function, bit for bit.
    func isIdentical(to other: Linear) -> Bool {
        guard weight.isIdentical(to: other.weight), bias == other.bias else { return false }
        switch (adapter.flatMap(Self.effective), other.adapter.flatMap(Self.effective)) {
        case (nil, nil): return true
        case (let mine?, let theirs?):
            return mine.scale == theirs.scale && mine.up.isIdentical(to: theirs.up)
                && mine.down.isIdentical(to: theirs.down)
        default: return false
        }
    }

    /// An adapter whose `B` is all zero changes nothing and counts as none.
    private static func effective(_ factors: Adapter.Factors) -> Adapter.Factors? {
        factors.up.floats().allSatisfy { $0 == 0 } ? nil : factors
    }

    /// ‖W_this − W_other‖ in the Frobenius norm, adapters included, decoded a panel at a time in f64.
    public func distance(to other: Linear?) -> Double {
        let panel = 256
        let mine = FloatBuffer(count: panel * inputs)
        let theirs = FloatBuffer(count: panel * inputs)
        var sum = 0.0
        for start in stride(from: 0, to: outputs, by: panel) {
            let rows = start..<min(start + panel, outputs)
            effectiveRows(rows, into: mine)
            if let other {
                other.effectiveRows(rows, into: theirs)
            } else {
                theirs.pointer.update(repeating: 0, count: rows.count * inputs)
            }
            for index in 0..<rows.count * inputs {
                let difference = Double(mine.pointer[index]) - Double(theirs.pointer[index])
                sum += difference * difference
            }
        }
        return sum.squareRoot()
    }

    /// Rows of `W + scale · B A`.
    private func effectiveRows(_ rows: Range<Int>, into target: FloatBuffer) {
        weight.decode(rows: rows, into: target.pointer)
        guard let adapter else { return }
        var up = Array(adapter.up.floats()[rows.lowerBound * adapter.up.columns..<rows.upperBound * adapter.up.columns])
        var down = adapter.down.floats()
        up.withUnsafeMutableBufferPointer { up in
            down.withUnsafeMutableBufferPointer { down in
                guard let up = up.baseAddress, let down = down.baseAddress else { return }
                Products.times(
                    Products.View(up, rows: rows.count, columns: adapter.up.columns),
                    Products.View(down, rows: adapter.down.rows, columns: inputs),
                    into: Products.View(target.pointer, rows: rows.count, columns: inputs), scale: adapter.scale,
                    keep: 1)
            }
        }
    }
}

/// A linear module with its weights decoded to f32 for the length of one layer's work.
struct DecodedLinear: Sendable {
    let source: Linear
    let weight: FloatBuffer
    private let down: FloatBuffer?
    private let up: FloatBuffer?

    /// Decodes over all workers; takes over `shared`'s weights where they are the same stored tensor.
    init(_ source: Linear, sharing shared: DecodedLinear?, workers: Workers) {
        self.source = source
        if let shared, shared.source.weight.sharesStorage(with: source.weight) {
            weight = shared.weight
        } else {
            let buffer = FloatBuffer(count: source.weight.count)
            let columns = source.inputs
            let panel = 64
            workers.run(tasks: (source.outputs + panel - 1) / panel) { task, _ in
                let rows = task * panel..<min((task + 1) * panel, source.outputs)
                source.weight.decode(rows: rows, into: buffer.pointer + rows.lowerBound * columns)
            }
            weight = buffer
        }
        down = source.adapter.map { Self.decode($0.down) }
        up = source.adapter.map { Self.decode($0.up) }
    }

    private static func decode(_ tensor: StoredTensor) -> FloatBuffer {
        let buffer = FloatBuffer(count: tensor.count)
        tensor.decode(rows: 0..<tensor.rows, into: buffer.pointer)
        return buffer
    }

    /// `target [rows, outputs] = input [rows, inputs] · Wᵀ (+ b + adapter)`; `low` is scratch of `rows · rank` floats.
    func run(
        _ input: UnsafeMutablePointer<Float>, rows: Int, into target: UnsafeMutablePointer<Float>,
        low: UnsafeMutablePointer<Float>
    ) {
        let x = Products.View(input, rows: rows, columns: source.inputs)
        let y = Products.View(target, rows: rows, columns: source.outputs)
        Products.timesTransposed(
            x, Products.View(weight.pointer, rows: source.outputs, columns: source.inputs), into: y)
        if let adapter = source.adapter, let down, let up {
            let rank = adapter.down.rows
            let middle = Products.View(low, rows: rows, columns: rank)
            Products.timesTransposed(x, Products.View(down.pointer, rows: rank, columns: source.inputs), into: middle)
            Products.timesTransposed(
                middle, Products.View(up.pointer, rows: source.outputs, columns: rank), into: y, scale: adapter.scale,
                keep: 1)
        }
        source.bias?.withUnsafeBufferPointer { bias in
            guard let start = bias.baseAddress else { return }
            Kernels.addRow(start, to: target, rows: rows, width: source.outputs)
        }
    }
}
