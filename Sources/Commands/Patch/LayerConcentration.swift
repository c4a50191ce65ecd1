import Interventions
import Notebooks
import Statistics
import Values

/// How few layers carry what a sweep found: layers are put in order on the fit pairs, and counted on the confirm pairs.
struct LayerConcentration {
    static let columns = ["count", "layer", "share", "random", "random_lower", "random_upper", "share_by_norm"]
    static let values = [
        "concentration.participation", "concentration.layers", "concentration.random", "concentration.norm",
        "concentration.third.layers", "concentration.third.share", "concentration.third.random",
        "concentration.third.random.lower", "concentration.third.random.upper",
    ]

    /// `(Σ|φ|)² / (L Σφ²)` on the confirm pairs.
    let participation: Double?
    let curve: Concentration.Curve
    /// The layers in the order of ‖ΔW‖.
    let byNorm: Concentration.Curve?
    private let layers: [Int]

    /// Nothing where each layer has no one number of its own, or all of them sum to nothing.
    init?(_ effects: PatchEffects, norms: [Double]) {
        let own = effects.own(effects.direction)
        layers = own.map(\.layer)
        guard own.count > 1, Set(layers).count == own.count else { return nil }
        let chosen = own.map { $0.values.at(effects.halves.fit).mean }
        let judged = own.map { $0.values.at(effects.halves.confirm).mean }
        let sign = chosen.reduce(0, +) < 0 ? -1.0 : 1
        let order = chosen.indices.sorted { (sign * chosen[$1], $0) < (sign * chosen[$0], $1) }
        let concentration = Concentration(seed: effects.seed)
        guard let curve = concentration.curve(judged, order: order) else { return nil }
        self.curve = curve
        participation = Concentration.participationRatio(judged)
        let sizes = layers.map { norms[$0] }
        byNorm = concentration.curve(
            judged, order: sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) })
    }

    var table: Table {
        Table(
            columns: Self.columns,
            rows: curve.shares.indices.map { place in
                [
                    .int(place + 1), .int(layers[curve.order[place]]), .number(curve.shares[place]),
                    .number(curve.random[place]), .number(curve.randomBounds[place].lower),
                    .number(curve.randomBounds[place].upper), .optional(byNorm?.shares[place]),
                ]
            })
    }

    /// How many random layers reach 90 % in the median.
    private var fewestRandom: Int? { curve.random.firstIndex { $0 >= 0.9 - 1e-12 }.map { $0 + 1 } }

    static func set(_ found: LayerConcentration?, in outcome: inout Outcome) {
        func count(_ value: Int?) -> Scalar { value.map { .int($0) } ?? .null }
        outcome.set("concentration.participation", .optional(found?.participation))
        outcome.set("concentration.layers", count(found?.curve.fewest))
        outcome.set("concentration.random", count(found?.fewestRandom))
        outcome.set("concentration.norm", count(found?.byNorm?.fewest))
        let third = found.map { max(1, $0.layers.count / 3) }
        let bounds = third.flatMap { found?.curve.randomBounds[$0 - 1] }
        outcome.set("concentration.third.layers", count(third))
        outcome.set("concentration.third.share", .optional(third.flatMap { found?.curve.shares[$0 - 1] }))
        outcome.set("concentration.third.random", .optional(third.flatMap { found?.curve.random[$0 - 1] }))
        outcome.set("concentration.third.random.lower", .optional(bounds?.lower))
        outcome.set("concentration.third.random.upper", .optional(bounds?.upper))
    }
}
