import Numerics
import Statistics

/// The fits of a regression that are repeated many times, in units.
struct LassoRepeats<Context: RunContext> {
    private let data: LassoData
    private let penalties: [Double]
    private let folds: Int
    private let context: Context

    /// Fits in a unit.
    private static var each: Int { 64 }

    /// - Parameters:
    ///   - penalties: those of the path, and after them the one used.
    ///   - folds: how many folds choose the penalty of a permutation.
    init(_ data: LassoData, penalties: [Double], folds: Int, _ context: Context) {
        self.data = data
        self.penalties = penalties
        self.folds = folds
        self.context = context
    }

    /// How often each column is kept on halves of the prompts, `[penalty][column]`.
    func counts(subsamples: Int) throws -> [[Double]] {
        let selection = StabilitySelection(seed: context.seed)
        let columns = data.x.columns
        let work = work("subsamples", subsamples, numbers: { _ in penalties.count * columns }) { range in
            // The penalty used is no step of the path, which goes from each solution to the next.
            let counts = try [penalties.dropLast(), penalties.suffix(1)].flatMap { penalties in
                try selection.counts(
                    of: range, data.x, to: data.y, groups: data.groups, penalties: Array(penalties),
                    workers: Workers(count: context.threads))
            }
            return counts.joined().map(Double.init)
        }
        let zeros = [Double](repeating: 0, count: penalties.count * columns)
        let total = try context.fold(work, into: zeros) { $0 = zip($0, $1).map(+) }
        return penalties.indices.map { Array(total[$0 * columns..<($0 + 1) * columns]) }
    }

    /// Columns kept under permuted gains, `[permutation]`.
    func sizes(permutations: Int) throws -> [Int] {
        let permuting = PermutedSupport(folds: folds, seed: context.seed)
        let work = work("permutations", permutations, numbers: \.count) { range in
            try permuting.sizes(
                of: range, data.x, to: data.y, groups: data.groups, workers: Workers(count: context.threads)
            ).map(Double.init)
        }
        return try context.fold(work, into: []) { $0 += $1.compactMap { Int(exactly: $0) } }
    }

    /// Work over numbered fits.
    private func work(
        _ name: String, _ count: Int, numbers: @escaping (_ unit: Range<Int>) -> Int,
        run: @escaping (_ unit: Range<Int>) throws -> [Double]
    ) -> Work<[Double]> {
        let units = stride(from: 0, to: count, by: Self.each).map { $0..<min($0 + Self.each, count) }
        return Work(
            name: name, noun: name, counts: units.map(\.count),
            read: { KeptDoubles.numbers($1, count: numbers(units[$0])) }, write: KeptDoubles.bytes,
            run: { unit, _ in try run(units[unit]) })
    }
}
