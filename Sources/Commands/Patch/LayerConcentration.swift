import Interventions
import Notebooks
import Statistics
import Values

/// How few layers carry what a sweep found: layers are put in order on the fit pairs, and counted on the confirm pairs.
struct LayerConcentration {
    static let values = OutputValues<LayerConcentration> {
        Output(
            "concentration.participation", "(Σ|φ|)² / (L Σφ²): 1 when all layers add the same, 1/L when one adds all"
        ) { $0.participation }
        Output("concentration.layers", "the fewest layers that reach 90 % of the sum of increments") {
            $0.curve.fewest
        }
        Output("concentration.random", "how many layers in random order reach it") { $0.fewestRandom }
        Output("concentration.norm", "how many layers in the order of ‖ΔW‖ reach it") { $0.byNorm?.fewest }
        Output("concentration.third.layers", "how many layers a third of them are") { $0.third }
        Output("concentration.third.share", "what the strongest third carries, as a share of the sum") {
            $0.curve.shares[$0.third - 1]
        }
        Output("concentration.third.random", "what a random third carries, on average") {
            $0.curve.random[$0.third - 1]
        }
        Output("concentration.third.random.lower", "the 2.5th percentile of what a random third carries") {
            $0.curve.randomBounds[$0.third - 1].lower
        }
        Output("concentration.third.random.upper", "the 97.5th percentile of what a random third carries") {
            $0.curve.randomBounds[$0.third - 1].upper
        }
    }

    static let table = OutputTable<(found: LayerConcentration, place: Int)>("concentration") {
        Output("count", "how many layers, in the order of their increments on the fit pairs") { $0.place + 1 }
        Output("layer", "the layer that joins") { $0.found.layers[$0.found.curve.order[$0.place]] }
        Output("share", "what they carry together, on the confirm pairs, as a share of the sum") {
            $0.found.curve.shares[$0.place]
        }
        Output("random", "what as many layers carry in random order") { $0.found.curve.random[$0.place] }
        Output("random_lower", "the 2.5th percentile of random orders") {
            $0.found.curve.randomBounds[$0.place].lower
        }
        Output("random_upper", "the 97.5th percentile of random orders") {
            $0.found.curve.randomBounds[$0.place].upper
        }
        Output("share_by_norm", "what as many layers carry in the order of ‖ΔW‖") {
            $0.found.byNorm?.shares[$0.place]
        }
    }

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

    /// The rows of the table.
    var rows: [(found: LayerConcentration, place: Int)] { curve.shares.indices.map { (self, $0) } }

    /// How many random layers reach 90 % in the median.
    private var fewestRandom: Int? { curve.random.firstIndex { $0 >= 0.9 - 1e-12 }.map { $0 + 1 } }

    /// How many layers a third of them are.
    private var third: Int { max(1, layers.count / 3) }
}
