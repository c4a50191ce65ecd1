import Checkpoints
import Numerics

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
        defer {
            release()
            other.release()
        }
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

    /// Lets go of the memory of the stored numbers until they are read again.
    func release() { weight.release() }

    /// Numbers in the weight, the bias and the adapter's factors.
    var parameters: Int {
        weight.count + (bias?.count ?? 0) + (adapter.map { $0.down.count + $0.up.count } ?? 0)
    }

    /// Whether no number in it is a NaN or an infinity.
    var isFinite: Bool {
        defer { release() }
        return ([weight] + (adapter.map { [$0.down, $0.up] } ?? [])).allSatisfy { $0.floats().allSatisfy(\.isFinite) }
            && (bias ?? []).allSatisfy(\.isFinite)
    }

    /// ‖W − W_other‖ in the Frobenius norm (‖W‖ without an other), adapters included, biases not; summed in f64.
    public func distance(to other: Linear?) -> Double {
        defer {
            release()
            other?.release()
        }
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
        down = source.adapter.map { Self.decode($0.down) }
        up = source.adapter.map { Self.decode($0.up) }
    }

    private static func decode(_ tensor: StoredTensor) -> FloatBuffer {
        let buffer = FloatBuffer(count: tensor.count)
        tensor.decode(rows: 0..<tensor.rows, into: buffer.pointer)
        return buffer
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
