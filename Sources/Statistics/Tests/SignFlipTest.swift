import Numerics
import Random

/// The paired sign-flip permutation test that a column's mean is zero, two-sided, over clusters.
///
/// Under the null hypothesis a cluster's values may change sign together. Every column sees the same flips, and the largest
/// studentised mean over the columns gives p-values that hold for all columns at once: single-step max-T, Westfall & Young (1993).
/// With `S` a column's cluster sums, t is an increasing function of `|ΣS| / √ΣS²`, the same for each column, whose divisor no flip
/// changes; so that ratio stands for t, and is defined where t is not.
public struct SignFlipTest: Sendable, Equatable {
    /// How many random sets of flips are drawn; all sets are counted instead where there are no more than this.
    public let permutations: Int
    /// What the sampled flips follow from.
    public let seed: UInt64

    /// A test with a number of permutations.
    public init(permutations: Int = 10_000, seed: UInt64) {
        precondition(permutations > 0, "a test takes one permutation or more, found \(permutations)")
        self.permutations = permutations
        self.seed = seed
    }

    /// Tests each column's mean against zero; a column of zeros has p = 1.
    public func test(_ values: ClusteredValues) -> SignFlipResult {
        let clusters = values.clusterCount
        let isExact = clusters < 63 && 1 << clusters <= permutations
        let sets = isExact ? 1 << clusters : permutations
        let statistic = SignFlipStatistic(values)
        let observed = statistic.values(flips: [])
        var reached = [Int](repeating: isExact ? 0 : 1, count: observed.count)
        var surpassed = reached

        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.signFlipStream)
        var words = [UInt64](repeating: 0, count: (clusters + 63) / 64)
        for set in 0..<sets {
            if isExact {
                if clusters > 0 { words[0] = UInt64(set) }
            } else {
                for word in words.indices { words[word] = generator.next() }
            }
            let flipped = statistic.values(flips: words)
            let largest = flipped.max() ?? 0
            for (column, value) in observed.enumerated() {
                let threshold = value - SignFlipStatistic.rounding
                if flipped[column] >= threshold { reached[column] += 1 }
                if largest >= threshold { surpassed[column] += 1 }
            }
        }
        let count = Double(isExact ? sets : sets + 1)
        return SignFlipResult(
            p: reached.map { Double($0) / count }, adjusted: surpassed.map { Double($0) / count }, isExact: isExact,
            permutations: sets)
    }
}

/// The p-values of some columns.
///
/// Counted over all flips, p is the share that reach the observed value; over N sampled ones, `(1 + reached) / (1 + N)`.
public struct SignFlipResult: Sendable, Equatable {
    /// The p-value of each column by itself, `[column]`.
    public let p: [Double]
    /// The p-value of each column among all of them, by max-T, `[column]`.
    public let adjusted: [Double]
    /// Whether all sets of flips were counted.
    public let isExact: Bool
    /// How many sets of flips were counted.
    public let permutations: Int
}

/// `|ΣS| / √ΣS²` of each column under flips.
private struct SignFlipStatistic {
    /// Sums this close are equal but for rounding.
    static let rounding = 1e-12

    private let clusters: Int
    private let columns: Int
    /// The unflipped sums, `[column]`.
    private let totals: [Double]
    /// What a cluster's flip takes from each sum, `[cluster, column]`.
    private let changes: [Double]

    init(_ values: ClusteredValues) {
        let columns = values.columnCount
        var squares = [Double](repeating: 0, count: columns)
        for (index, sum) in values.sums.enumerated() { squares[index % columns] += sum * sum }
        let scaled = values.sums.enumerated().map { index, sum in
            sum == 0 ? 0 : sum / squares[index % columns].squareRoot()
        }
        var totals = [Double](repeating: 0, count: columns)
        for (index, sum) in scaled.enumerated() { totals[index % columns] += sum }
        clusters = values.clusterCount
        self.columns = columns
        self.totals = totals
        changes = scaled.map { 2 * $0 }
    }

    /// - Parameter flips: one bit a cluster, the first in the lowest bit; no words, no flips.
    func values(flips: [UInt64]) -> [Double] {
        var sums = totals
        sums.withUnsafeMutableBufferPointer { sums in
            changes.withUnsafeBufferPointer { changes in
                for (word, bits) in flips.enumerated() {
                    for cluster in 64 * word..<min(64 * word + 64, clusters) where bits >> (cluster & 63) & 1 == 1 {
                        let row = cluster * columns
                        for column in 0..<columns { sums[column] -= changes[row + column] }
                    }
                }
                for column in 0..<columns { sums[column] = abs(sums[column]) }
            }
        }
        return sums
    }
}
