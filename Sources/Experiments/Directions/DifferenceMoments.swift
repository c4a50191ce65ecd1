import Interventions
import Numerics
import Random
import Statistics

/// Sums over positions of a difference Δ = h_T − h_B, and of h_B.
public struct DifferenceMoments: Sendable {
    /// Numbers per activation.
    public let width: Int
    /// Activations that were summed.
    public private(set) var count = 0
    /// ΣΔ, `[width]`.
    private(set) var sum: [Double]
    /// ΣΔΔᵀ, `[width, width]`.
    private(set) var gram: DoubleMatrix
    /// Σh and Σhhᵀ of the base.
    private(set) var baseSum: [Double]
    private(set) var baseGram: DoubleMatrix

    init(width: Int) {
        self.width = width
        sum = Array(repeating: 0, count: width)
        gram = DoubleMatrix(rows: width, columns: width)
        baseSum = sum
        baseGram = gram
    }

    /// Out of ``numbers``; nil for too few or too many.
    init?(_ numbers: [Double]) {
        guard numbers.count >= 2, let width = Int(exactly: numbers[0]), let count = Int(exactly: numbers[1]), width > 0,
            numbers.count == 2 + 2 * width * (width + 1)
        else { return nil }
        self.init(width: width)
        self.count = count
        var rest = numbers.dropFirst(2)
        func taken(_ count: Int) -> [Double] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        sum = taken(width)
        baseSum = taken(width)
        gram.values = taken(width * width)
        baseGram.values = taken(width * width)
    }

    /// Width, count and all sums, one after another.
    var numbers: [Double] { [Double(width), Double(count)] + sum + baseSum + gram.values + baseGram.values }

    mutating func add(_ reading: Reading) {
        let rows = reading.base.count / max(width, 1)
        guard rows > 0 else { return }
        let base = DoubleMatrix(rows: rows, columns: width, values: reading.base.map(Double.init))
        let difference = DoubleMatrix(
            rows: rows, columns: width, values: zip(reading.tuned, reading.base).map { Double($0) - Double($1) })
        count += rows
        Self.accumulate(difference, &sum, &gram)
        Self.accumulate(base, &baseSum, &baseGram)
    }

    /// Adds the sums over other positions.
    mutating func add(_ other: DifferenceMoments) {
        count += other.count
        for column in 0..<width {
            sum[column] += other.sum[column]
            baseSum[column] += other.baseSum[column]
        }
        for index in gram.values.indices {
            gram.values[index] += other.gram.values[index]
            baseGram.values[index] += other.baseGram.values[index]
        }
    }

    private static func accumulate(_ rows: DoubleMatrix, _ sum: inout [Double], _ gram: inout DoubleMatrix) {
        let product = rows.transposedTimes(rows)
        for index in product.values.indices { gram.values[index] += product.values[index] }
        for (column, mean) in rows.columnMeans.enumerated() { sum[column] += mean * Double(rows.rows) }
    }

    /// The mean difference, `[width]`.
    public var mean: [Double] { sum.map { $0 / Double(count) } }

    /// The mean of the tuned model's activations, `[width]`.
    var tunedMean: [Double] { zip(baseSum, sum).map { ($0 + $1) / Double(count) } }

    /// Σ‖Δ‖²
    var energy: Double { (0..<width).reduce(0) { $0 + gram[$1, $1] } }

    /// vᵀ(ΣΔΔᵀ)v for a direction v, `[width]`.
    func energy(along direction: [Double]) -> Double {
        zip(gram.times(direction), direction).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The spectrum of the differences, uncentred or centred.
    func spectrum(isCentred: Bool) throws(LinearAlgebraError) -> Spectrum {
        try Spectrum(gram: isCentred ? Self.centred(gram, sum, count) : gram)
    }

    /// The spectrum of the base's own activations, centred.
    func baseSpectrum() throws(LinearAlgebraError) -> Spectrum {
        try Spectrum(gram: Self.centred(baseGram, baseSum, count))
    }

    private static func centred(_ gram: DoubleMatrix, _ sum: [Double], _ count: Int) -> DoubleMatrix {
        var result = gram
        for row in 0..<gram.rows {
            for column in 0..<gram.columns { result[row, column] -= sum[row] * sum[column] / Double(max(count, 1)) }
        }
        return result
    }

    /// The directions that a patch of some rank keeps to.
    func basis(_ kind: PatchBasis, rank: Int, seed: UInt64) throws(LinearAlgebraError) -> Basis {
        switch kind {
        case .difference: Self.basis(try spectrum(isCentred: false), rank: rank)
        case .mean: Self.basis([mean], width: width)
        case .base: Self.basis(try baseSpectrum(), rank: rank)
        case .random: Self.random(rank: rank, width: width, seed: seed, layer: 0)
        }
    }

    static func basis(_ spectrum: Spectrum, rank: Int) -> Basis {
        let kept = spectrum.values.indices.prefix(rank).filter { spectrum.values[$0] > 0 }
        return basis(kept.map(spectrum.directions.row), width: spectrum.directions.columns)
    }

    /// A basis of directions; where there is none, of any one, for nothing lies along it.
    static func basis(_ directions: [[Double]], width: Int) -> Basis {
        let first = (0..<width).map { Float($0 == 0 ? 1 : 0) }
        let basis = Basis(spanning: directions.map { $0.map { Float($0) } })
        return basis.rank == 0 ? Basis(spanning: [first]) : basis
    }

    /// Directions drawn at random.
    static func random(rank: Int, width: Int, seed: UInt64, layer: Int) -> Basis {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stream(0x6261_7369, layer, rank))
        return Basis(
            spanning: (0..<min(rank, width)).map { _ in (0..<width).map { _ in Float(generator.nextNormal()) } })
    }

    /// Where the base's activations vary, for the control `covariance`.
    func axes() throws(LinearAlgebraError) -> Axes {
        let spectrum = try baseSpectrum()
        let scale = Double(max(count, 1)).squareRoot()
        return Axes(
            spectrum.values.indices.map { index in
                spectrum.directions.row(index).map { Float($0 * spectrum.values[index] / scale) }
            })
    }
}
