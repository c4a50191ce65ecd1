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
    /// A low-rank change that is added to the weight, where the model has an adapter.
    public let adapter: Adapter.Factors?

    /// Rows of the weight.
    public var outputs: Int { weight.rows }
    /// Columns of the weight.
    public var inputs: Int { weight.columns }

    /// Whether both compute the same function, bit for bit.
    public func isIdentical(to other: Linear) -> Bool {
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

    /// Numbers in the weight, the bias and the adapter's factors.
    var parameters: Int {
        weight.count + (bias?.count ?? 0) + (adapter.map { $0.down.count + $0.up.count } ?? 0)
    }

    /// Whether no number in it is a NaN or an infinity.
    var isFinite: Bool {
        ([weight] + (adapter.map { [$0.down, $0.up] } ?? [])).allSatisfy { $0.floats().allSatisfy(\.isFinite) }
            && (bias ?? []).allSatisfy(\.isFinite)
    }

    /// ‖W − W_other‖ in the Frobenius norm (‖W‖ without an other), adapters included, biases not; summed in f64.
    public func distance(to other: Linear?) -> Double {
        let mine = EffectiveRows(self)
        let theirs = other.map { EffectiveRows($0) }
        var sum = 0.0
        for start in stride(from: 0, to: outputs, by: EffectiveRows.panel) {
            let rows = start..<min(start + EffectiveRows.panel, outputs)
            let left = mine.decode(rows)
            let right = theirs?.decode(rows)
            for index in 0..<rows.count * inputs {
                let difference = Double(left[index]) - (right.map { Double($0[index]) } ?? 0)
                sum += difference * difference
            }
        }
        return sum.squareRoot()
    }
}

/// Rows of `W + scale · B A`, decoded a panel at a time.
private struct EffectiveRows {
    static let panel = 256

    let source: Linear
    let buffer: FloatBuffer
    let down: FloatBuffer?
    let up: FloatBuffer?

    init(_ source: Linear) {
        self.source = source
        buffer = FloatBuffer(count: min(Self.panel, source.outputs) * source.inputs)
        down = source.adapter.map { DecodedLinear.decode($0.down) }
        up = source.adapter.map { DecodedLinear.decode($0.up) }
    }

    func decode(_ rows: Range<Int>) -> UnsafeMutablePointer<Float> {
        source.weight.decode(rows: rows, into: buffer.pointer)
        if let adapter = source.adapter, let down, let up {
            let rank = adapter.down.rows
            Products.times(
                Products.View(up.pointer + rows.lowerBound * rank, rows: rows.count, columns: rank),
                Products.View(down.pointer, rows: rank, columns: source.inputs),
                into: Products.View(buffer.pointer, rows: rows.count, columns: source.inputs), scale: adapter.scale,
                keep: 1)
        }
        return buffer.pointer
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

    static func decode(_ tensor: StoredTensor) -> FloatBuffer {
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
