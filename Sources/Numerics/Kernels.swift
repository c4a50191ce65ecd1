import CKernels

/// Element-wise work of a transformer over rows of f32, compiled for several kinds of processor (`CKernels`).
///
/// Each function takes its sums in one fixed order, so that the same row gives the same bits wherever it is computed, on any
/// processor.
public enum Kernels {
    /// Root-mean-square norm of each row (Zhang & Sennrich 2019): `x / √(mean x² + ε) · gain`; `[rows, width]`.
    public static func rmsNorm(
        _ source: UnsafePointer<Float>, gain: UnsafePointer<Float>, epsilon: Float, rows: Int, width: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        pb_rms_norm(source, gain, epsilon, rows, width, target)
    }

    /// Layer norm of each row (Ba, Kiros & Hinton 2016): `(x − mean) / √(variance + ε) · gain + bias`; `[rows, width]`.
    public static func layerNorm(
        _ source: UnsafePointer<Float>, gain: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float,
        rows: Int, width: Int, into target: UnsafeMutablePointer<Float>
    ) {
        pb_layer_norm(source, gain, bias, epsilon, rows, width, target)
    }

    /// `Σ x²` over `count` numbers.
    public static func squaredNorm(_ source: UnsafePointer<Float>, count: Int) -> Float {
        pb_squared_norm(source, count)
    }

    /// `target += source` over `count` numbers.
    public static func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        pb_add(source, target, count)
    }

    /// Adds one row of `width` to each of `rows` rows.
    public static func addRow(
        _ row: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        for index in 0..<rows { add(row, to: target + index * width, count: width) }
    }

    /// Turns the pairs `(x[i], x[half + i])` by the angles whose cosines and sines are given, in place.
    public static func rotate(
        _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, half: Int
    ) {
        pb_rotate(head, cosines, sines, half)
    }

    /// Softmax in place of the scores in `visible`; the rest of `count` become 0.
    public static func softmax(_ all: UnsafeMutablePointer<Float>, visible: Range<Int>, count: Int) {
        all.update(repeating: 0, count: visible.lowerBound)
        (all + visible.upperBound).update(repeating: 0, count: count - visible.upperBound)
        let scores = all + visible.lowerBound
        pb_softmax(scores, maximum(scores, count: visible.count), visible.count)
    }

    /// The largest of `count` numbers; minus infinity for none.
    public static func maximum(_ source: UnsafePointer<Float>, count: Int) -> Float { pb_maximum(source, count) }

    /// `Σ exp(x − shift)` over `count` numbers, each exponential in f32, summed in f64.
    public static func sumOfExponentials(_ source: UnsafePointer<Float>, shift: Float, count: Int) -> Double {
        pb_sum_of_exponentials(source, shift, count)
    }

    /// `Σ exp(x − shift)` and `Σ exp(x − shift) (x − y)` over `count` numbers, each exponential in f32, summed in f64; the first has
    /// the bits of ``sumOfExponentials(_:shift:count:)``.
    public static func sumsOfExponentials(
        _ source: UnsafePointer<Float>, less other: UnsafePointer<Float>, shift: Float, count: Int
    ) -> (plain: Double, weighted: Double) {
        var weighted = 0.0
        let plain = pb_sums_of_exponentials(source, other, shift, count, &weighted)
        return (plain, weighted)
    }

    /// `x ← cap · tanh(x / cap)` over `count` numbers (Bello et al. 2017).
    public static func softCap(_ x: UnsafeMutablePointer<Float>, _ cap: Float, count: Int) {
        pb_soft_cap(x, cap, count)
    }

    /// `x ← f(x)`, or the gated `x ← f(x) · up` (Shazeer 2020), over `count` numbers.
    public static func activate(
        _ activation: Activation, _ x: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>?, count: Int
    ) {
        switch (activation, up) {
        case (.silu, let up?): pb_silu_gated(x, up, count)
        case (.silu, nil): pb_silu(x, count)
        case (.gelu, let up?): pb_gelu_gated(x, up, count)
        case (.gelu, nil): pb_gelu(x, count)
        case (.geluTanh, let up?): pb_gelu_tanh_gated(x, up, count)
        case (.geluTanh, nil): pb_gelu_tanh(x, count)
        }
    }
}
