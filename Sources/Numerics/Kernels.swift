/// Element-wise work of a transformer over rows of f32, written for vectors of eight.
///
/// Each function takes its sums in one fixed order, so that the same row gives the same bits wherever it is computed.
public enum Kernels {
    typealias Lanes = SIMD8<Float>
    static let lanes = 8

    /// Root-mean-square norm of each row (Zhang & Sennrich 2019): `x / √(mean x² + ε) · gain`; `[rows, width]`.
    public static func rmsNorm(
        _ source: UnsafePointer<Float>, gain: UnsafePointer<Float>, epsilon: Float, rows: Int, width: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let input = source + row * width
            let output = target + row * width
            let mean = squaredNorm(input, count: width) / Float(width)
            let scale = 1 / (mean + epsilon).squareRoot()
            eachVector(width) { at in
                store(load(input + at) * scale * load(gain + at), output + at)
            } rest: { at in
                output[at] = input[at] * scale * gain[at]
            }
        }
    }

    /// Layer norm of each row (Ba, Kiros & Hinton 2016): `(x − mean) / √(variance + ε) · gain + bias`; `[rows, width]`.
    public static func layerNorm(
        _ source: UnsafePointer<Float>, gain: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float,
        rows: Int,
        width: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let input = source + row * width
            let output = target + row * width
            let mean = sum(input, count: width) / Float(width)
            eachVector(width) { at in
                store(load(input + at) - mean, output + at)
            } rest: { at in
                output[at] = input[at] - mean
            }
            let scale = 1 / (squaredNorm(output, count: width) / Float(width) + epsilon).squareRoot()
            eachVector(width) { at in
                store(load(output + at) * scale * load(gain + at) + load(bias + at), output + at)
            } rest: { at in
                output[at] = output[at] * scale * gain[at] + bias[at]
            }
        }
    }

    /// `Σ x` over `count` numbers.
    static func sum(_ source: UnsafePointer<Float>, count: Int) -> Float {
        var sums = Lanes.zero
        var rest: Float = 0
        eachVector(count) { at in
            sums += load(source + at)
        } rest: { at in
            rest += source[at]
        }
        return sums.sum() + rest
    }

    /// `Σ x²` over `count` numbers.
    public static func squaredNorm(_ source: UnsafePointer<Float>, count: Int) -> Float {
        var sums = Lanes.zero
        var rest: Float = 0
        eachVector(count) { at in
            let values = load(source + at)
            sums += values * values
        } rest: { at in
            rest += source[at] * source[at]
        }
        return sums.sum() + rest
    }

    /// `target += source` over `count` numbers.
    public static func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        eachVector(count) { at in
            store(load(target + at) + load(source + at), target + at)
        } rest: { at in
            target[at] += source[at]
        }
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
        let other = head + half
        eachVector(half) { at in
            let (x, y) = (load(head + at), load(other + at))
            let (cosine, sine) = (load(cosines + at), load(sines + at))
            store(x * cosine - y * sine, head + at)
            store(y * cosine + x * sine, other + at)
        } rest: { at in
            let (x, y) = (head[at], other[at])
            head[at] = x * cosines[at] - y * sines[at]
            other[at] = y * cosines[at] + x * sines[at]
        }
    }

    /// Softmax in place of the scores in `visible`; the rest of `count` become 0.
    public static func softmax(_ all: UnsafeMutablePointer<Float>, visible: Range<Int>, count: Int) {
        all.update(repeating: 0, count: visible.lowerBound)
        (all + visible.upperBound).update(repeating: 0, count: count - visible.upperBound)
        let (scores, valid) = (all + visible.lowerBound, visible.count)
        let largest = maximum(scores, count: valid)
        var sums = Lanes.zero
        var rest: Float = 0
        eachVector(valid) { at in
            let weights = exponential(load(scores + at) - largest)
            sums += weights
            store(weights, scores + at)
        } tail: { range in
            let weights = exponential(load(scores, range) - largest)
            for at in range {
                let weight = weights[at - range.lowerBound]
                rest += weight
                scores[at] = weight
            }
        }
        let scale = 1 / (sums.sum() + rest)
        eachVector(valid) { at in
            store(load(scores + at) * scale, scores + at)
        } rest: { at in
            scores[at] *= scale
        }
    }

    /// The largest of `count` numbers; minus infinity for none.
    public static func maximum(_ source: UnsafePointer<Float>, count: Int) -> Float {
        var largest = Lanes(repeating: -.infinity)
        var rest = -Float.infinity
        eachVector(count) { at in
            let values = load(source + at)
            largest.replace(with: values, where: values .> largest)
        } rest: { at in
            if source[at] > rest { rest = source[at] }
        }
        // Lane by lane: the vector's own `max()` is a call.
        for lane in 0..<lanes where largest[lane] > rest { rest = largest[lane] }
        return rest
    }

    /// `Σ exp(x − shift)` over `count` numbers, each exponential in f32, summed in f64.
    public static func sumOfExponentials(_ source: UnsafePointer<Float>, shift: Float, count: Int) -> Double {
        var sums = SIMD8<Double>.zero
        var rest = 0.0
        eachVector(count) { at in
            sums += widened(exponential(load(source + at) - shift))
        } tail: { range in
            let weights = exponential(load(source, range) - shift)
            for at in range { rest += Double(weights[at - range.lowerBound]) }
        }
        return sums.sum() + rest
    }

    /// `Σ exp(x − shift)` and `Σ exp(x − shift) (x − y)` over `count` numbers, each exponential in f32, summed in f64; the first has
    /// the bits of ``sumOfExponentials(_:shift:count:)``.
    public static func sumsOfExponentials(
        _ source: UnsafePointer<Float>, less other: UnsafePointer<Float>, shift: Float, count: Int
    ) -> (plain: Double, weighted: Double) {
        var plain = SIMD8<Double>.zero
        var weighted = SIMD8<Double>.zero
        var (plainRest, weightedRest) = (0.0, 0.0)
        eachVector(count) { at in
            let values = load(source + at)
            let weights = widened(exponential(values - shift))
            plain += weights
            weighted += weights * (widened(values) - widened(load(other + at)))
        } tail: { range in
            let weights = exponential(load(source, range) - shift)
            for at in range {
                let weight = Double(weights[at - range.lowerBound])
                plainRest += weight
                weightedRest += weight * (Double(source[at]) - Double(other[at]))
            }
        }
        return (plain.sum() + plainRest, weighted.sum() + weightedRest)
    }

    /// `exp` by range reduction to `2ⁿ · exp(r)`, |r| ≤ ln 2 / 2, and a polynomial of degree 6 (Cephes `expf`; about 1 ulp);
    /// below −87.3 and above 88.3 as at those ends, and NaN for NaN, so that a broken weight shows in the result.
    @inline(__always)
    static func exponential(_ x: Lanes) -> Lanes {
        let low = Lanes(repeating: -87.3)
        let high = Lanes(repeating: 88.3)
        let clamped = x.replacing(with: low, where: x .< low).replacing(with: high, where: x .> high)
        // Adding 1.5 · 2²³ rounds to a whole number, which then stands in the sum's lowest bits.
        let rounder = Lanes(repeating: 0x1.8p23)
        let shifted = clamped * 1.442_695_040_888_963_4 + rounder
        let n = shifted - rounder
        let r = clamped - n * 0.693_359_375 - n * -2.121_944_4e-4
        var p = Lanes(repeating: 1.987_569_15e-4)
        p = p * r + 1.398_199_950_7e-3
        p = p * r + 8.333_451_907_3e-3
        p = p * r + 4.166_579_589_4e-2
        p = p * r + 1.666_666_545_9e-1
        p = p * r + 5.000_000_120_1e-1
        let value = p * r * r + r + 1
        let powers = (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &+ 127) &<< 23
        return value * unsafeBitCast(powers, to: Lanes.self)
    }

    /// The same numbers in f64; lane by lane, which compiles to vector code where the generic conversion does not.
    @inline(__always)
    private static func widened(_ x: Lanes) -> SIMD8<Double> {
        SIMD8(
            Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]), Double(x[4]), Double(x[5]), Double(x[6]),
            Double(x[7]))
    }

    @inline(__always)
    static func load(_ source: UnsafePointer<Float>) -> Lanes {
        UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    static func load(_ source: UnsafeMutablePointer<Float>) -> Lanes {
        UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
    }

    /// The numbers of a range shorter than a vector, zeros behind them.
    @inline(__always)
    static func load(_ source: UnsafePointer<Float>, _ range: Range<Int>) -> Lanes {
        var values = Lanes.zero
        for at in range { values[at - range.lowerBound] = source[at] }
        return values
    }

    @inline(__always)
    static func store(_ values: Lanes, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: values, as: Lanes.self)
    }

    /// Visits `0..<count` in whole vectors, then one by one.
    @inline(__always)
    static func eachVector(_ count: Int, _ vector: (Int) -> Void, rest: (Int) -> Void) {
        eachVector(count, vector) { range in for at in range { rest(at) } }
    }

    /// Visits `0..<count` in whole vectors, then what is left, fewer than a vector, where there is any.
    @inline(__always)
    static func eachVector(_ count: Int, _ vector: (Int) -> Void, tail: (Range<Int>) -> Void) {
        var at = 0
        while at + lanes <= count {
            vector(at)
            at += lanes
        }
        if at < count { tail(at..<count) }
    }
}
