/// What a feed-forward puts between its products, and the curves that soften scores.
public enum Activation: Sendable, Equatable {
    /// `x · σ(x)` (Elfwing et al. 2018), also called swish.
    case silu
    /// `x · Φ(x)`, Φ the normal distribution function (Hendrycks & Gimpel 2016).
    case gelu
    /// GELU with Φ approximated by a hyperbolic tangent, from the same paper.
    case geluTanh
}

extension Kernels {
    /// `x ← f(x)`, or the gated `x ← f(x) · up` (Shazeer 2020), over `count` numbers.
    public static func activate(
        _ activation: Activation, _ x: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>?, count: Int
    ) {
        switch activation {
        case .silu: activate(x, up, count) { $0 / (1 + exponential(-$0)) }
        case .gelu: activate(x, up, count, gelu)
        case .geluTanh: activate(x, up, count, geluTanh)
        }
    }

    @inline(__always)
    private static func activate(
        _ x: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>?, _ count: Int, _ function: (Lanes) -> Lanes
    ) {
        if let up {
            eachVector(count) { at in
                store(function(load(x + at)) * load(up + at), x + at)
            } tail: { range in
                let values = function(load(x, range))
                for at in range { x[at] = values[at - range.lowerBound] * up[at] }
            }
        } else {
            eachVector(count) { at in
                store(function(load(x + at)), x + at)
            } tail: { range in
                let values = function(load(x, range))
                for at in range { x[at] = values[at - range.lowerBound] }
            }
        }
    }

    /// `x ← cap · tanh(x / cap)` over `count` numbers (Bello et al. 2017).
    public static func softCap(_ x: UnsafeMutablePointer<Float>, _ cap: Float, count: Int) {
        eachVector(count) { at in
            store(tanh(load(x + at) / cap) * cap, x + at)
        } tail: { range in
            let values = tanh(load(x, range) / cap)
            for at in range { x[at] = values[at - range.lowerBound] * cap }
        }
    }

    /// `½ x (1 + tanh u) = x / (1 + exp(−2u))` with `u = √(2/π) (x + 0.044715 x³)`.
    @inline(__always)
    private static func geluTanh(_ x: Lanes) -> Lanes {
        let u = 0.797_884_560_802_865_4 * (x + 0.044_715 * x * x * x)
        return x / (1 + exponential(-2 * u))
    }

    /// `½ x erfc(−x / √2)`. `−log erfc(|x| / √2) / |x|` is a polynomial of degree 8, fitted by Chebyshev nodes on [0, 6.5] with mpmath;
    /// the result is within 2.4e-7 of the function over [−9, 9], an ulp at 4.
    @inline(__always)
    private static func gelu(_ x: Lanes) -> Lanes {
        let magnitude = x.replacing(with: -x, where: x .< 0)
        let t = magnitude.replacing(with: 6.5, where: magnitude .> 6.5)
        var p = Lanes(repeating: -1.070_510_435_9e-7)
        p = p * t + 2.654_471_245_5e-6
        p = p * t + -2.594_674_333_5e-5
        p = p * t + 1.069_321_515_4e-4
        p = p * t + 1.675_746_170_8e-4
        p = p * t + -5.004_915_874_5e-3
        p = p * t + 3.646_741_807_5e-2
        p = p * t + 3.182_727_694_5e-1
        p = p * t + 7.978_881_001_5e-1
        let tail = 0.5 * x * exponential(-p * t)
        return (x - tail).replacing(with: tail, where: x .< 0)
    }

    /// Below 0.625 a polynomial, fitted by Chebyshev nodes with mpmath; above, `1 − 2 / (exp(2x) + 1)`.
    @inline(__always)
    private static func tanh(_ x: Lanes) -> Lanes {
        let square = x * x
        var p = Lanes(repeating: -6.053_697_317_8e-3)
        p = p * square + 2.096_818_760_0e-2
        p = p * square + -5.384_498_834_6e-2
        p = p * square + 1.333_273_351_2e-1
        p = p * square + -3.333_332_836_6e-1
        let near = x + x * square * p
        let magnitude = x.replacing(with: -x, where: x .< 0)
        let far = 1 - 2 / (exponential(2 * magnitude) + 1)
        return far.replacing(with: -far, where: x .< 0).replacing(with: near, where: magnitude .< 0.625)
    }
}
