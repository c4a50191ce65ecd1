import Notebooks
import Statistics

/// The difference of two estimates with its interval: prompts are resampled once for both.
struct EstimateDifference {
    let estimate: Double
    /// Nil where the prompts are too few, or do not give both estimates.
    let interval: Interval?
    /// How many prompts the estimate over fewer of them has.
    private let prompts: Int

    /// - Parameters:
    ///   - first: what the second is subtracted from; each may be over some of the prompts only.
    init(_ first: EstimateParts, _ second: EstimateParts, seed: UInt64) {
        let prompts = first.prompts + second.prompts
        func column(_ values: [Double], before: Int = 0, after: Int = 0) -> [Double] {
            Array(repeating: 0, count: before) + values + Array(repeating: 0, count: after)
        }
        let (count, others) = (first.prompts.count, second.prompts.count)
        let values = ClusteredValues(
            [
                column(first.above, after: others), column(first.below, after: others),
                column(second.above, before: count), column(second.below, before: count),
            ], clusters: prompts)
        func difference(_ sums: [Double]) -> Double { sums[0] / sums[1] - sums[2] / sums[3] }
        self.prompts = min(Set(first.prompts).count, Set(second.prompts).count)
        estimate = difference([first.above, first.below, second.above, second.below].map { $0.reduce(0, +) })
        interval = ClusterBootstrap(seed: seed).intervals(of: values) { [difference($0.sums)] }[0]
    }

    /// Why there is no interval, as a clause; nil where there is one.
    var missing: String? {
        if interval != nil { return nil }
        if !estimate.isFinite { return "one of the estimates has no value" }
        guard prompts < FewPrompts.few else { return "some resamples of the prompts do not give both estimates" }
        return "an estimate is over only \(prompts == 1 ? "one prompt" : "\(prompts) prompts")"
    }
}
