import Numerics

/// A norm over rows.
public struct Norm: Sendable, Equatable {
    /// What is divided by what.
    public enum Kind: Sendable, Equatable {
        /// `x / √(mean x² + ε) · gain` (Zhang & Sennrich 2019).
        case rms
        /// `(x − mean) / √(variance + ε) · gain + bias` (Ba, Kiros & Hinton 2016).
        case layer
    }

    /// The gain as the checkpoint holds it, one row.
    let weight: Weight
    private let kind: Kind
    /// `[width]`, with what the family adds to the stored numbers.
    private let gain: [Float]
    /// `[width]`; empty for an RMS norm.
    private let bias: [Float]
    private let epsilon: Float

    /// A norm over `weight.inputs` numbers.
    /// - Parameters:
    ///   - offset: added to the stored gain.
    ///   - bias: of a layer norm, `[width]`.
    public init(_ kind: Kind, weight: Weight, offset: Float = 0, bias: [Float] = [], epsilon: Double) {
        precondition(bias.count == (kind == .layer ? weight.inputs : 0), "\(bias.count) biases of '\(weight.name)'")
        self.kind = kind
        self.weight = weight
        gain = weight.floats().map { $0 + offset }
        self.bias = bias
        self.epsilon = Float(epsilon)
    }

    private init(_ norm: Norm, weight: Weight, gain: [Float], bias: [Float]) {
        kind = norm.kind
        self.weight = weight
        self.gain = gain
        self.bias = bias
        epsilon = norm.epsilon
    }

    /// The norm whose numbers are `own + share · (other − own)`; nil where the two are of different kinds or sizes.
    func mixed(with other: Norm, share: Float) -> Norm? {
        guard kind == other.kind, epsilon == other.epsilon,
            let weight = weight.mixed(with: other.weight, share: share)
        else { return nil }
        if share == 0 { return self }
        if share == 1 { return other }
        func mix(_ own: [Float], _ others: [Float]) -> [Float] { zip(own, others).map { $0 + share * ($1 - $0) } }
        return Norm(self, weight: weight, gain: mix(gain, other.gain), bias: mix(bias, other.bias))
    }

    /// Numbers that it takes together.
    public var width: Int { gain.count }
    /// Numbers in gain and bias.
    var parameters: Int { gain.count + bias.count }

    /// Writes the norm of each of `rows` stretches of `width` numbers; source and target may be the same.
    func apply(_ source: UnsafePointer<Float>, rows: Int, into target: UnsafeMutablePointer<Float>) {
        switch kind {
        case .rms: Kernels.rmsNorm(source, gain: gain, epsilon: epsilon, rows: rows, width: width, into: target)
        case .layer:
            Kernels.layerNorm(
                source, gain: gain, bias: bias, epsilon: epsilon, rows: rows, width: width, into: target)
        }
    }
}
