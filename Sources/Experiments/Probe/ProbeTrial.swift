import Interventions
import Numerics
import Random
import Statistics

/// Judges probes on prompts that they have not seen.
struct ProbeTrial: Sendable {
    /// How well a probe does.
    struct Score: Sendable {
        /// R² for the gain, else the share of responses classified correctly.
        let score: Double
        let interval: Interval?
        /// The same with labels permuted at random.
        let shuffled: Double
    }

    let pairs: [PackedPair]
    /// `[pair]`; empty where responses are told apart.
    let gains: [Double]
    let folds: Int
    let shuffles: Int
    let seed: UInt64

    private var isGain: Bool { !gains.isEmpty }

    /// The cluster of each row: one row a pair for the gain, else two.
    private var groups: [Int] { pairs.flatMap { isGain ? [$0.cluster] : [$0.cluster, $0.cluster] } }

    /// What the numbers of tokens alone reach.
    func lengthOnly() throws(RegressionError) -> Double {
        let rows = pairs.flatMap { pair -> [[Double]] in
            let (chosen, rejected) = (Double(pair.chosenTokens), Double(pair.rejectedTokens))
            return isGain ? [[chosen, rejected]] : [[chosen], [rejected]]
        }
        return try outcomes(DoubleMatrix(rows: rows), shuffle: nil).score
    }

    /// The score of a probe on features, `[row, column]`.
    func score(_ x: DoubleMatrix) throws(RegressionError) -> Score {
        let real = try outcomes(x, shuffle: nil)
        var shuffled: [Double] = []
        for shuffle in 0..<shuffles { shuffled.append(try outcomes(x, shuffle: shuffle).score) }
        return Score(score: real.score, interval: real.interval, shuffled: shuffled.mean)
    }

    private func outcomes(
        _ x: DoubleMatrix, shuffle: Int?
    ) throws(RegressionError) -> (score: Double, interval: Interval?) {
        isGain ? try explained(x, shuffle) : try accuracy(x, shuffle)
    }

    /// R² of predictions for folds that ridge has not seen, its penalty chosen inside.
    private func explained(_ x: DoubleMatrix, _ shuffle: Int?) throws(RegressionError) -> (Double, Interval?) {
        var y = gains
        if let shuffle {
            var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stream(0x7072_6F62, shuffle))
            y = generator.permuted(y)
        }
        guard Set(y).count > 1 else { throw .constantTarget }
        let split = try Folds(folds, groups: groups, seed: seed)
        var predictions = y
        for fold in 0..<split.count {
            let (fit, judge) = split.split(fold)
            let inner = try Folds(min(folds, 4), groups: fit.map { groups[$0] }, seed: seed &+ UInt64(fold))
            let model = try RidgePath().best(x.rows(fit), to: fit.map { y[$0] }, folds: inner)
            for (row, value) in zip(judge, model.predict(x.rows(judge))) { predictions[row] = value }
        }
        let centre = y.mean
        let misses = zip(y, predictions).map { ($0 - $1) * ($0 - $1) }
        let spread = y.map { ($0 - centre) * ($0 - centre) }
        let interval =
            shuffle == nil
            ? ClusterBootstrap(seed: seed).intervals(of: ClusteredValues([misses, spread], clusters: groups)) {
                [1 - $0.sums[0] / $0.sums[1]]
            }[0] : nil
        return (1 - misses.reduce(0, +) / spread.reduce(0, +), interval)
    }

    /// The share of responses in unseen folds that logistic regression classifies correctly.
    private func accuracy(_ x: DoubleMatrix, _ shuffle: Int?) throws(RegressionError) -> (Double, Interval?) {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stream(0x7072_6F62, shuffle ?? -1))
        // Shuffled labels change sides within a pair.
        let labels = pairs.flatMap { _ -> [Bool] in
            let isTurned = shuffle != nil && generator.nextUnit() < 0.5
            return isTurned ? [false, true] : [true, false]
        }
        let split = try Folds(folds, groups: groups, seed: seed)
        var right = [Double](repeating: 0, count: labels.count)
        for fold in 0..<split.count {
            let (fit, judge) = split.split(fold)
            let model = try LogisticRegression(penalty: 1, isStandardizing: true).fit(
                x.rows(fit), to: fit.map { labels[$0] })
            for (row, odds) in zip(judge, model.predict(x.rows(judge))) {
                right[row] = odds == 0 ? 0.5 : (odds > 0) == labels[row] ? 1 : 0
            }
        }
        let interval =
            shuffle == nil ? ClusterBootstrap(seed: seed).means(of: ClusteredValues(right, clusters: groups))[0] : nil
        return (right.mean, interval)
    }
}

extension SeededGenerator {
    /// Values in a random order: Fisher & Yates.
    mutating func permuted(_ values: [Double]) -> [Double] {
        var values = values
        for last in values.indices.dropFirst().reversed() {
            values.swapAt(last, Int(nextUnit() * Double(last + 1)))
        }
        return values
    }
}
