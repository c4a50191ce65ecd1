/// What is left of effects where a covariate is zero: for each column, the intercept a of y = a + b x by least squares.
///
/// a = (Σx² Σy − Σx Σxy) / (n Σx² − (Σx)²); where every x is zero, the mean.
public struct ClusteredIntercepts: Sendable {
    /// `[column]`; not finite where every x is the same and not zero, so that no pair tells.
    public let estimates: [Double]
    /// BCa over clusters, `[column]`.
    public let intervals: [Interval?]
    /// What each pair adds to the score of a, with the slope left free, `[column][pair]`: sign flips of these test a = 0.
    ///
    /// (1 − x Σx/Σx²)(y − x Σxy/Σx²), the effective score under a = 0; its sum has the sign of a, and an error in the slope does
    /// not reach it: Hemerik, Goeman & Finos, JRSS B 82 (2020).
    public let scores: [[Double]]

    /// Lines through columns of per-pair values, `[column][pair]`.
    /// - Parameter x: the covariate of each pair, `[pair]`.
    public init(_ columns: [[Double]], on x: [Double], clusters: [Int], bootstrap: ClusterBootstrap) {
        self.init(
            columns, on: x, clusters: clusters, bootstrap: bootstrap, draws: bootstrap.draws(of: Set(clusters).count))
    }

    /// The same with resamples of the caller's own, each as many clusters as there are.
    public init(
        _ columns: [[Double]], on x: [Double], clusters: [Int], bootstrap: ClusterBootstrap, draws: some Sequence<[Int]>
    ) {
        let products = columns.map { y in zip(x, y).map { $0 * $1 } }
        let all = [x, x.map { $0 * $0 }] + columns + products
        let sums = all.map { $0.reduce(0, +) }
        func intercepts(_ sums: [Double], pairs: Double) -> [Double] {
            columns.indices.map { column in
                let (x, square, y, product) = (sums[0], sums[1], sums[2 + column], sums[2 + columns.count + column])
                return square == 0 ? y / pairs : (square * y - x * product) / (pairs * square - x * x)
            }
        }
        estimates = intercepts(sums, pairs: Double(x.count))
        intervals = bootstrap.intervals(of: ClusteredValues(all, clusters: clusters), draws: draws) {
            intercepts($0.sums, pairs: $0.pairs)
        }
        let (shift, square) = (sums[0], sums[1])
        scores = columns.enumerated().map { column, y in
            guard square > 0 else { return y }
            let slope = sums[2 + columns.count + column] / square
            return zip(x, y).map { (1 - $0 * shift / square) * ($1 - slope * $0) }
        }
    }
}
