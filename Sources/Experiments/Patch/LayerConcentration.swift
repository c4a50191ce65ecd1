import Interventions
import Statistics

/// How few layers carry what a sweep found: layers are put in order on the fit pairs, and counted on the confirm pairs.
///
/// Intervals are over the confirm prompts, for the order and the window that the fit pairs chose.
public struct LayerConcentration: Sendable {
    /// `(Σ|φ|)² / (L Σφ²)` on the confirm pairs; the estimate is nil where there is no effect.
    public let participation: (estimate: Double?, interval: Interval?)
    /// The layers by what they add on the fit pairs.
    public let curve: Concentration.Curve
    /// Of the curve's shares, `[k]`.
    public let shares: [Interval?]
    /// The 2.5 % and the 97.5 % quantile of the fewest layers that reach 90 %, over resampled prompts; nil for one prompt.
    public let fewestBounds: (lower: Double, upper: Double)?
    /// The layers by ‖ΔW‖.
    public let byNorm: Concentration.Curve?
    /// The layers that the curves number.
    public let layers: [Int]
    /// What the strongest third, the window and all layers add to each confirm pair, and its prompt, `[pair]`.
    public let byPair: (third: [Double], window: [Double], whole: [Double], prompts: [Int])
    /// As many neighbouring layers as a third, chosen on the fit pairs for what they add up to, and their share on the confirm
    /// pairs.
    public let window: (first: Int, last: Int, share: Double, interval: Interval?)

    /// Nothing where each layer has no one number of its own, or all of them sum to nothing.
    /// - Parameter norms: ‖ΔW‖ of each layer; nil where the weights are not available.
    init?(_ effects: PatchEffects, norms: [Double]?) {
        guard let own = OwnEffects(effects) else { return nil }
        layers = own.layers
        let confirm = effects.halves.confirm
        let values = own.values.map { $0.at(confirm) }
        let judged = values.map(\.mean)
        let concentration = Concentration(seed: effects.seed)
        guard let curve = concentration.curve(judged, order: own.order) else { return nil }
        self.curve = curve
        byNorm = norms.flatMap { concentration.curve(judged, order: own.order(by: $0)) }
        func sum(_ layers: some Sequence<Int>) -> [Double] {
            confirm.indices.map { pair in layers.reduce(0) { $0 + values[$1][pair] } }
        }
        let prompts = effects.clusters.at(confirm)
        let window = own.window(of: Self.third(of: layers.count))
        byPair = (sum(own.order.prefix(window.count)), sum(window), sum(own.order), prompts)

        let bootstrap = ClusterBootstrap(seed: effects.seed)
        let clustered = ClusteredValues(values, clusters: prompts)
        let intervals = bootstrap.intervals(of: clustered) {
            let sums = $0.sums
            return Concentration.shares(sums, order: own.order) + [
                sums[window].reduce(0, +) / sums.reduce(0, +), Concentration.participationRatio(sums) ?? .nan,
            ]
        }
        shares = Array(intervals.dropLast(2))
        self.window = (
            layers[window.lowerBound], layers[window.upperBound - 1],
            judged[window].reduce(0, +) / judged.reduce(0, +), intervals[intervals.count - 2]
        )
        participation = (Concentration.participationRatio(judged), intervals.last ?? nil)
        let counts = bootstrap.replicates(of: clustered, draws: bootstrap.draws(of: clustered.clusterCount)) {
            let shares = Concentration.shares($0.sums, order: own.order)
            return [Double(concentration.fewest(shares) ?? own.order.count)]
        }[0]
        fewestBounds = clustered.clusterCount > 1 ? (counts.quantile(0.025), counts.quantile(0.975)) : nil
    }

    /// How many random layers reach 90 % in the median.
    public var fewestRandom: Int? { curve.random.firstIndex { $0 >= 0.9 - 1e-12 }.map { $0 + 1 } }

    /// How many layers a third of them are.
    public var third: Int { Self.third(of: layers.count) }

    private static func third(of count: Int) -> Int { max(1, count / 3) }
}

/// What each layer itself adds, where each has one number.
struct OwnEffects {
    let layers: [Int]
    /// `[layer][pair]`
    let values: [[Double]]
    /// Places of the layers, from the one that adds most on the fit pairs.
    let order: [Int]
    /// What each layer adds on the fit pairs, in the direction of the whole, `[layer]`.
    private let fit: [Double]

    init?(_ effects: PatchEffects) {
        let own = effects.own(effects.direction)
        guard own.count > 1, Set(own.map(\.layer)).count == own.count else { return nil }
        layers = own.map(\.layer)
        values = own.map(\.values)
        let means = values.map { $0.at(effects.halves.fit).mean }
        let sign = means.reduce(0, +) < 0 ? -1.0 : 1
        let fit = means.map { sign * $0 }
        self.fit = fit
        order = fit.indices.sorted { (fit[$1], $0) < (fit[$0], $1) }
    }

    /// The range of `count` adjacent layers with the largest sum on the fit pairs; the earlier one in a tie.
    func window(of count: Int) -> Range<Int> {
        let starts = (0...fit.count - count).map { (start: $0, sum: fit[$0..<$0 + count].reduce(0, +)) }
        let start = starts.largest { $0.sum }?.start ?? 0
        return start..<start + count
    }

    /// Places of the layers, from the one that tuning moved most.
    func order(by norms: [Double]) -> [Int] {
        layers.indices.sorted { (norms[layers[$1]], $0) < (norms[layers[$0]], $1) }
    }
}
