import Numerics
import Random

/// How often the LASSO finds an effect that is known to be there: a target made of one column and of the real target's own noise.
///
/// With z a column and e the permuted target, both scaled to a deviation of 1, the target is √ρ z + √(1 − ρ) e, so that z explains
/// a share ρ of its variance. Columns take turns.
public struct PlantedEffect: Sendable, Equatable {
    /// How many targets are made for each share.
    public let plantings: Int
    /// How many folds choose the penalty.
    public let folds: Int
    /// What the permutations follow from.
    public let seed: UInt64

    /// Plantings of a number of targets.
    public init(plantings: Int, folds: Int = 5, seed: UInt64) {
        precondition(plantings > 0, "\(plantings) plantings")
        self.plantings = plantings
        self.folds = folds
        self.seed = seed
    }

    /// What the procedure, penalty choice included, makes of one share.
    public struct Power: Sendable, Equatable {
        /// ρ, the share of the variance that the planted column explains.
        public let share: Double
        /// In how many cases the planted column is kept, as a share.
        public let kept: Double
        /// In how many cases its coefficient is the largest in size, as a share.
        public let first: Double
        /// How many columns are kept, on average.
        public let support: Double
    }

    /// The power for each share.
    /// - Parameters:
    ///   - columns: those among which effects are planted; those that do not vary are left out.
    ///   - workers: who fits; the result is the same for any number.
    /// - Returns: nothing where no column varies.
    /// - Throws: ``RegressionError/constantTarget`` too.
    public func power(
        of shares: [Double], _ x: DoubleMatrix, columns: [Int], noise y: [Double], groups: [Int],
        path: LassoPath = LassoPath(), workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [Power] {
        let scaled = columns.compactMap { column in Self.scaled(x.column(column)).map { (column: column, values: $0) } }
        guard !scaled.isEmpty else { return [] }
        guard let noise = Self.scaled(y) else { throw .constantTarget }
        let split = try Folds(folds, groups: groups, seed: seed)
        var found: [Power] = []
        for share in shares {
            var generator = SeededGenerator(seed: seed, stream: SeededGenerator.plantingStream)
            let targets = (0..<plantings).map { number -> (column: Int, values: [Double]) in
                let planted = scaled[number % scaled.count]
                let noise = generator.shuffled(noise)
                return (
                    planted.column,
                    zip(planted.values, noise).map { share.squareRoot() * $0 + (1 - share).squareRoot() * $1 }
                )
            }
            let models = workers.map(plantings) { number in
                Result { () throws(RegressionError) in try path.best(x, to: targets[number].values, folds: split) }
            }
            var (kept, first, support) = (0, 0, 0)
            for (target, model) in zip(targets, models) {
                let model = try model.get()
                let sizes = model.standardized.map(abs)
                support += model.support.count
                if sizes[target.column] > 0 { kept += 1 }
                if sizes[target.column] > 0, sizes[target.column] == sizes.max() { first += 1 }
            }
            let count = Double(plantings)
            found.append(
                Power(
                    share: share, kept: Double(kept) / count, first: Double(first) / count,
                    support: Double(support) / count))
        }
        return found
    }

    /// Values with a mean of 0 and a deviation of 1; nil where they do not vary.
    private static func scaled(_ values: [Double]) -> [Double]? {
        guard values.count > 1 else { return nil }
        let (centre, deviation) = (values.mean, values.standardDeviation)
        return deviation > 0 ? values.map { ($0 - centre) / deviation } : nil
    }
}
