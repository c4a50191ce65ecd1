import Interventions
import Statistics

/// How few layers carry what a sweep found: layers are put in order on the fit pairs, and counted on the confirm pairs.
public struct LayerConcentration: Sendable {
    /// `(Σ|φ|)² / (L Σφ²)` on the confirm pairs; nil where there is no effect.
    public let participation: Double?
    /// The layers by what they add on the fit pairs.
    public let curve: Concentration.Curve
    /// The layers by ‖ΔW‖.
    public let byNorm: Concentration.Curve?
    /// The layers that the curves number.
    public let layers: [Int]

    /// Nothing where each layer has no one number of its own, or all of them sum to nothing.
    /// - Parameter norms: ‖ΔW‖ of each layer; nil where the weights are not at hand.
    init?(_ effects: PatchEffects, norms: [Double]?) {
        guard let own = OwnEffects(effects) else { return nil }
        layers = own.layers
        let judged = own.values.map { $0.at(effects.halves.confirm).mean }
        let concentration = Concentration(seed: effects.seed)
        guard let curve = concentration.curve(judged, order: own.order) else { return nil }
        self.curve = curve
        participation = Concentration.participationRatio(judged)
        byNorm = norms.flatMap { concentration.curve(judged, order: own.order(by: $0)) }
    }

    /// How many random layers reach 90 % in the median.
    public var fewestRandom: Int? { curve.random.firstIndex { $0 >= 0.9 - 1e-12 }.map { $0 + 1 } }

    /// How many layers a third of them are.
    public var third: Int { max(1, layers.count / 3) }
}

/// What each layer itself adds, where each has one number.
struct OwnEffects {
    let layers: [Int]
    /// `[layer][pair]`
    let values: [[Double]]
    /// Places of the layers, from the one that adds most on the fit pairs.
    let order: [Int]

    init?(_ effects: PatchEffects) {
        let own = effects.own(effects.direction)
        guard own.count > 1, Set(own.map(\.layer)).count == own.count else { return nil }
        layers = own.map(\.layer)
        values = own.map(\.values)
        let fit = values.map { $0.at(effects.halves.fit).mean }
        let sign = fit.reduce(0, +) < 0 ? -1.0 : 1
        order = fit.indices.sorted { (sign * fit[$1], $0) < (sign * fit[$0], $1) }
    }

    /// Places of the layers, from the one that tuning moved most.
    func order(by norms: [Double]) -> [Int] {
        layers.indices.sorted { (norms[layers[$1]], $0) < (norms[layers[$0]], $1) }
    }
}
