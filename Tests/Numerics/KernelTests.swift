import Foundation
import Numerics
import Random
import Testing

/// Each kernel against the same formula in float64, at every length from less than one vector to several with a rest.
@Suite struct KernelTests {
    private static let lengths = 1...40

    @Test func `exponentials are within two units in the last place`() {
        var worst = 0.0
        for step in -870...880 {
            for shift in [Float(0), 0.037, 0.071] {
                let x = Float(step) / 10 + shift
                guard x < 88.2, x > -87.2 else { continue }
                let found = withUnsafePointer(to: x) { Kernels.sumOfExponentials($0, shift: 0, count: 1) }
                let exact = exp(Double(x))
                worst = max(worst, abs(found - exact) / Double(Float(exact).ulp))
            }
        }
        #expect(worst < 2, "\(worst) ulp")
    }

    @Test func `exponentials beyond the range of f32 stay at its ends, and NaN stays NaN`() {
        func exponential(_ x: Float) -> Double {
            withUnsafePointer(to: x) { Kernels.sumOfExponentials($0, shift: 0, count: 1) }
        }
        #expect(exponential(-1000) < 1.3e-38)
        #expect(exponential(-.infinity) < 1.3e-38)
        #expect(exponential(1000) > 2e38)
        #expect(exponential(.nan).isNaN)
    }

    @Test func `a NaN among numbers reaches the result, wherever it stands`() {
        for count in Self.lengths {
            for place in 0..<count {
                var values = random(count, seed: 1)
                values[place] = .nan
                #expect(Kernels.sumOfExponentials(values, shift: 1, count: count).isNaN)
                #expect(Kernels.squaredNorm(values, count: count).isNaN)
                var scores = values
                Kernels.softmax(&scores, visible: 0..<count, count: count)
                #expect(scores.allSatisfy { $0.isNaN })
            }
        }
    }

    @Test func `sums of exponentials agree with float64`() {
        for count in Self.lengths {
            let values = random(count, seed: 2)
            let exact = values.reduce(0) { $0 + exp(Double($1) - 2) }
            #expect(abs(Kernels.sumOfExponentials(values, shift: 2, count: count) - exact) < 2e-7 * exact)
        }
    }

    @Test func `the largest is found wherever it stands`() {
        for count in Self.lengths {
            for place in 0..<count {
                var values = random(count, seed: 3)
                values[place] = 50
                #expect(Kernels.maximum(values, count: count) == 50)
            }
        }
        #expect(Kernels.maximum([], count: 0) == -.infinity)
    }

    @Test func `a softmax agrees with float64, and what is not valid gets nothing`() {
        for count in Self.lengths {
            for valid in 1...count {
                var scores = random(count, seed: UInt64(valid))
                let largest = scores[..<valid].map(Double.init).max() ?? 0
                let weights = scores[..<valid].map { exp(Double($0) - largest) }
                let sum = weights.reduce(0, +)
                Kernels.softmax(&scores, visible: 0..<valid, count: count)
                for index in 0..<valid {
                    #expect(abs(Double(scores[index]) - weights[index] / sum) < 1e-6 * weights[index] / sum + 1e-37)
                }
                #expect(scores[valid...].allSatisfy { $0 == 0 })
            }
        }
    }

    @Test func `a softmax of huge scores does not overflow`() {
        var scores: [Float] = [3e38, 3e38, -3e38]
        Kernels.softmax(&scores, visible: 0..<3, count: 3)
        #expect(scores[0] == 0.5 && scores[1] == 0.5 && scores[2] < 1e-37)
    }

    @Test func `an RMS norm agrees with float64, row by row`() {
        for width in Self.lengths {
            let rows = 3
            let (input, gain) = (random(rows * width, seed: 4), random(width, seed: 5))
            var output = [Float](repeating: .nan, count: rows * width)
            Kernels.rmsNorm(input, gain: gain, epsilon: 0.5, rows: rows, width: width, into: &output)
            for row in 0..<rows {
                let values = input[row * width..<(row + 1) * width].map(Double.init)
                let scale = 1 / (values.reduce(0) { $0 + $1 * $1 } / Double(width) + 0.5).squareRoot()
                for index in 0..<width {
                    let exact = values[index] * scale * Double(gain[index])
                    #expect(abs(Double(output[row * width + index]) - exact) <= 5e-7 * abs(exact))
                }
            }
        }
    }

    @Test func `SwiGLU's gate agrees with float64`() {
        for count in Self.lengths {
            var gate = random(count, seed: 6).map { $0 * 10 }
            let up = random(count, seed: 7)
            let exact = zip(gate, up).map { Double($0) / (1 + exp(-Double($0))) * Double($1) }
            Kernels.activate(.silu, &gate, up: up, count: count)
            for (found, exact) in zip(gate, exact) { #expect(abs(Double(found) - exact) <= 5e-7 * abs(exact) + 1e-37) }
        }
        var far: [Float] = [-200, 200]
        Kernels.activate(.silu, &far, up: [1, 1], count: 2)
        #expect(abs(far[0]) < 1e-35 && far[1] == 200)
    }

    @Test func `rows add up`() {
        for width in Self.lengths {
            let (row, start) = (random(width, seed: 8), random(2 * width, seed: 9))
            var target = start
            Kernels.addRow(row, to: &target, rows: 2, width: width)
            #expect(target == start.indices.map { start[$0] + row[$0 % width] })
        }
    }

    /// Numbers of about −3 to 3.
    private func random(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed, stream: UInt64(count))
        return (0..<count).map { _ in Float(generator.nextNormal()) }
    }

    @Test func `turning a head by some angles is a rotation of its pairs`() {
        for half in 1...20 {
            let head = FloatBuffer(count: 2 * half)
            let angles = (0..<half).map { 0.3 * Float($0 + 1) }
            for index in 0..<2 * half { head.pointer[index] = Float(index + 1) }
            let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
            Kernels.rotate(head.pointer, cosines: cosines, sines: sines, half: half)
            for index in 0..<half {
                let (x, y) = (Double(index + 1), Double(index + half + 1))
                let angle = Double(angles[index])
                #expect(abs(Double(head.pointer[index]) - (x * cos(angle) - y * sin(angle))) < 1e-5)
                #expect(abs(Double(head.pointer[half + index]) - (y * cos(angle) + x * sin(angle))) < 1e-5)
            }
        }
    }
}
