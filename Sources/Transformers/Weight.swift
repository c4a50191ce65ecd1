import Numerics

/// The matrix of a linear module, `y = x Wᵀ + b`, as the checkpoint holds it: stored rows in an order, and an adapter's change.
public struct Weight: Sendable {
    /// The module's name in Hugging Face's layout; a part of a fused module has the module's name.
    public let name: String
    /// `[outputs]`
    public let bias: [Float]?
    private let stored: StoredTensor
    private let rows: RowMap
    private let change: LowRankChange?
    private let mixture: Mixture?

    /// Another weight that this one goes towards: `W + share · (W_other − W)`.
    private final class Mixture: Sendable {
        let other: Weight
        let share: Float

        init(_ other: Weight, share: Float) {
            self.other = other
            self.share = share
        }
    }

    /// `scale · B A`, added to the weight (LoRA, Hu et al. 2021).
    public struct LowRankChange: Sendable {
        /// `B`, `[stored outputs, rank]`.
        let up: StoredTensor
        /// `A`, `[rank, inputs]`.
        let down: StoredTensor
        let scale: Float
        /// Rows of `B` that belong to the weight's rows.
        let rows: RowMap

        /// Whether it adds anything; a `B` of zeros, as training starts with, does not.
        var isEffective: Bool { up.floats().contains { $0 != 0 } }

        func isIdentical(to other: LowRankChange) -> Bool {
            scale == other.scale && rows == other.rows && up.isIdentical(to: other.up)
                && down.isIdentical(to: other.down)
        }
    }

    /// A weight of some rows of a stored matrix.
    /// - Parameters:
    ///   - bias: of the stored rows, `[stored outputs]`.
    public init(
        name: String, stored: StoredTensor, rows: RowMap? = nil, bias: [Float]? = nil, change: LowRankChange? = nil
    ) {
        let rows = rows ?? RowMap(count: stored.rows)
        precondition(rows.end <= stored.rows, "row \(rows.end - 1) of \(stored.rows) in '\(name)'")
        self.name = name
        self.stored = stored
        self.rows = rows
        self.bias = bias.map(rows.select)
        self.change = change
        mixture = nil
    }

    private init(_ weight: Weight, towards other: Weight, share: Float, bias: [Float]?) {
        name = weight.name
        stored = weight.stored
        rows = weight.rows
        change = weight.change
        self.bias = bias
        mixture = Mixture(other, share: share)
    }

    /// `W + share · (W_other − W)`, bias included: this weight itself at 0, the other at 1; nil where their sizes differ.
    func mixed(with other: Weight, share: Float) -> Weight? {
        guard outputs == other.outputs, inputs == other.inputs, (bias == nil) == (other.bias == nil) else { return nil }
        if share == 0 || self == other { return self }
        if share == 1 { return other }
        let bias = bias.map { bias in zip(bias, other.bias ?? bias).map { $0 + share * ($1 - $0) } }
        return Weight(self, towards: other, share: share, bias: bias)
    }

    /// Rows of the matrix.
    public var outputs: Int { rows.count }
    /// Columns of the matrix.
    public var inputs: Int { stored.columns }

    /// Numbers in the weight, the bias and the adapter's factors.
    public var parameters: Int {
        let rank = change?.down.rows ?? 0
        return outputs * inputs + (bias?.count ?? 0) + rank * (inputs + outputs)
    }

    /// All numbers of `W + scale · B A`, `[outputs, inputs]`; for small weights.
    func floats() -> [Float] {
        [Float](unsafeUninitializedCapacity: outputs * inputs) { buffer, used in
            if let start = buffer.baseAddress { Decoder(self).decode(0..<outputs, into: start) }
            used = outputs * inputs
        }
    }

    /// Releases the memory of the stored numbers until they are read again.
    func release() {
        stored.release()
        mixture?.other.release()
    }

    /// Decodes rows of `W + scale · B A`, a slice at a time, on any thread.
    struct Decoder: Sendable {
        private let weight: Weight
        private let down: FloatBuffer?
        /// Of the weight that this one goes towards; none or one.
        private let others: [Decoder]

        init(_ weight: Weight) {
            self.weight = weight
            others = weight.mixture.map { [Decoder($0.other)] } ?? []
            down = weight.change.map { change in
                let buffer = FloatBuffer(count: change.down.count)
                change.down.decode(rows: 0..<change.down.rows, into: buffer.pointer)
                return buffer
            }
        }

        /// Writes rows `range`, `[range, inputs]`.
        func decode(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
            decodeOwn(range, into: target)
            guard let mixture = weight.mixture, let other = others.first else { return }
            let count = range.count * weight.inputs
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
                guard let first = buffer.baseAddress else { return }
                other.decode(range, into: first)
                for index in 0..<count { target[index] += mixture.share * (first[index] - target[index]) }
            }
        }

        private func decodeOwn(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
            let inputs = weight.inputs
            weight.rows.eachStretch(of: range) { stored, place in
                weight.stored.decode(rows: stored, into: target + place * inputs)
            }
            guard let change = weight.change, let down else { return }
            let rank = change.down.rows
            withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * rank) { up in
                guard let first = up.baseAddress else { return }
                change.rows.eachStretch(of: range) { stored, place in
                    change.up.decode(rows: stored, into: first + place * rank)
                }
                Products.times(
                    Products.View(first, rows: range.count, columns: rank),
                    Products.View(down.pointer, rows: rank, columns: inputs),
                    into: Products.View(target, rows: range.count, columns: inputs), scale: change.scale, keep: 1)
            }
        }
    }
}

// MARK: - Comparing

extension Weight: Equatable {
    /// Whether both compute the same function: the same numbers, whatever the formats they are stored in.
    public static func == (left: Weight, right: Weight) -> Bool {
        guard left.outputs == right.outputs, left.inputs == right.inputs, left.bias == right.bias else { return false }
        let (mine, theirs) = (left.effectiveChange, right.effectiveChange)
        if left.mixture == nil, right.mixture == nil, left.rows == right.rows,
            left.stored.sharesStorage(with: right.stored)
        {
            switch (mine, theirs) {
            case (nil, nil): return true
            case (let mine?, let theirs?): if mine.isIdentical(to: theirs) { return true }
            default: return false
            }
        }
        return !left.differs(from: right)
    }

    private var effectiveChange: LowRankChange? { change.flatMap { $0.isEffective ? $0 : nil } }

    private func differs(from other: Weight) -> Bool {
        var differs = false
        eachPanel(beside: other) { mine, theirs in
            differs = !zip(mine, theirs).allSatisfy { $0 == $1 }
            return !differs
        }
        return differs
    }

    /// ‖W − W_other‖ in the Frobenius norm (‖W‖ without another), adapters included, biases not; summed in f64.
    public func distance(to other: Weight?) -> Double {
        var sum = 0.0
        if let other {
            eachPanel(beside: other) { mine, theirs in
                for index in mine.indices {
                    let difference = Double(mine[index]) - Double(theirs[index])
                    sum += difference * difference
                }
                return true
            }
        } else {
            eachPanel { numbers in
                for number in numbers { sum += Double(number) * Double(number) }
                return true
            }
        }
        return sum.squareRoot()
    }

    /// Whether no number in it is a NaN or an infinity.
    var isFinite: Bool {
        var isFinite = (bias ?? []).allSatisfy(\.isFinite)
        eachPanel { numbers in
            isFinite = isFinite && numbers.allSatisfy(\.isFinite)
            return isFinite
        }
        return isFinite
    }

    /// Hands out decoded rows, some at a time, until `body` returns false.
    private func eachPanel(_ body: (UnsafeBufferPointer<Float>) -> Bool) {
        defer { release() }
        let panel = 256
        let decoder = Decoder(self)
        let buffer = FloatBuffer(count: min(panel, outputs) * inputs)
        for start in stride(from: 0, to: outputs, by: panel) {
            let rows = start..<min(start + panel, outputs)
            decoder.decode(rows, into: buffer.pointer)
            guard body(UnsafeBufferPointer(start: buffer.pointer, count: rows.count * inputs)) else { return }
        }
    }

    private func eachPanel(
        beside other: Weight, _ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Bool
    ) {
        precondition(
            outputs == other.outputs && inputs == other.inputs,
            "[\(outputs), \(inputs)] beside [\(other.outputs), \(other.inputs)]")
        defer { other.release() }
        let decoder = Decoder(other)
        let buffer = FloatBuffer(count: min(256, outputs) * inputs)
        var start = 0
        eachPanel { mine in
            let rows = start..<start + mine.count / max(inputs, 1)
            decoder.decode(rows, into: buffer.pointer)
            start = rows.upperBound
            return body(mine, UnsafeBufferPointer(start: buffer.pointer, count: mine.count))
        }
    }
}
