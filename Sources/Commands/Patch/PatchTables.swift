import Experiments
import Interventions
import Notebooks

/// A sweep's tables: every place, and every pair at every place.
enum PatchTables {
    /// The metric's unit, whichever it is.
    static let unit = "units of the metric"

    static let layers = OutputTable<PatchEffects.Row>("layers") {
        Output.place { $0.place }
        Output("effect", "the mean of patched minus unpatched", unit: unit) { $0.effect }
        Output.ends { $0.statistics.interval }
        Output.ends("band_", of: "simultaneous 95 % band over all layers") { $0.statistics.band }
        Output("recovery", "the effect as a share of the gain") { $0.statistics.recovery?.estimate }
        Output.ends("recovery_", of: "recovery's interval") { $0.statistics.recovery }
        Output("increment", "what the layer itself adds: its effect minus that of the layer before", unit: unit) {
            $0.increment?.mean
        }
        Output.ends("increment_", of: "increment's interval") { $0.increment?.interval }
        Output("increment_p", "p-value of no increment, corrected over all layers (max-T)") { $0.increment?.p }
        Output("equal_length", "the effect where both responses are equally long, by least squares", unit: unit) {
            $0.statistics.length?.equalLength.mean
        }
        Output.ends("equal_length_", of: "95 % interval at equal length") { $0.statistics.length?.equalLength.interval }
        Output("equal_length_p", "p-value of no effect at equal length, corrected over all layers (max-T)") {
            $0.statistics.equalLengthP
        }
        Output("increment_equal_length", "what the layer itself adds where both are equally long", unit: unit) {
            $0.increment?.length?.equalLength.mean
        }
        Output.ends("increment_equal_length_", of: "95 % interval of the increment at equal length") {
            $0.increment?.length?.equalLength.interval
        }
        Output("increment_equal_length_p", "p-value of no increment at equal length, corrected over all layers (max-T)")
        { $0.increment?.equalLengthP }
        Output("interaction", "m(T) + m(B) − C(l) − N(l)", unit: unit) { $0.interaction?.mean }
        Output.ends("interaction_", of: "interaction's 95 % interval") { $0.interaction?.interval }
        Output("interaction_share", "the interaction as a share of the gain") {
            $0.interaction?.recovery?.estimate
        }
        Output.ends("interaction_share_", of: "95 % interval of that share") { $0.interaction?.recovery }
        Output("p", "p-value of no effect, corrected over all layers (max-T)") { $0.statistics.p }
        Output("q", "Benjamini–Hochberg's q") { $0.statistics.q }
        Output("equivalence", "p-value of an effect beyond the negligible margin; small where the effect is negligible")
        { $0.statistics.equivalence }
        Output("detectable", "the smallest effect that these pairs would detect with 80 % power") {
            $0.statistics.detectable
        }
        Output(
            "increment_equivalence",
            "p-value of an increment beyond the negligible margin; small where it is negligible"
        ) {
            $0.increment?.equivalence
        }
        Output("increment_detectable", "the smallest increment that these pairs would detect with 80 % power") {
            $0.increment?.detectable
        }
        Output("chosen", "the mean change of log p(chosen)", unit: "nats") { $0.cell.chosen?.mean }
        Output("rejected", "the mean change of log p(rejected)", unit: "nats") { $0.cell.rejected?.mean }
        Output("order_error", "the standard error that sampled orders bring, for Shapley shares") {
            $0.cell.orderError
        }
    }

    static let lengths = OutputTable<PatchEffects.Row>("lengths") {
        Output.place { $0.place }
        Output("effect", "the mean effect over all pairs", unit: unit) { $0.effect }
        Output("rejected_longer", "the mean effect where the rejected response is longer", unit: unit) {
            $0.statistics.length?.rejectedLonger.mean
        }
        Output.ends("rejected_longer_") { $0.statistics.length?.rejectedLonger.interval }
        Output("chosen_longer", "the mean effect where the chosen response is longer", unit: unit) {
            $0.statistics.length?.chosenLonger.mean
        }
        Output.ends("chosen_longer_") { $0.statistics.length?.chosenLonger.interval }
        Output("equal_length", "the effect where both responses are equally long, by least squares", unit: unit) {
            $0.statistics.length?.equalLength.mean
        }
        Output.ends("equal_length_") { $0.statistics.length?.equalLength.interval }
    }

    static let pairs = OutputTable<PairEffect>("pairs") {
        Output.pair { $0.pair }
        Output.place { $0.place }
        Output("margin", "the pair's metric under the patch", unit: unit) { $0.metric }
        Output("effect", "patched minus unpatched", unit: unit) { $0.effect }
    }

    static let concentration = OutputTable<(found: LayerConcentration, place: Int)>("concentration") {
        Output("count", "how many layers, in the order of their increments on the fit pairs") { $0.place + 1 }
        Output("layer", "the layer that joins") { $0.found.layers[$0.found.curve.order[$0.place]] }
        Output("share", "what they carry together, on the confirm pairs, as a share of the sum") {
            $0.found.curve.shares[$0.place]
        }
        Output.ends("share_", of: "share's 95 % interval, over prompts, for this order of the layers") {
            $0.found.shares[$0.place]
        }
        Output("random", "what as many layers carry in random order, in the median") { $0.found.curve.random[$0.place] }
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

    /// A row for each number of layers.
    static func rows(_ found: LayerConcentration) -> [(found: LayerConcentration, place: Int)] {
        found.curve.shares.indices.map { (found, $0) }
    }

    static let sets = OutputTable<LayerSets.SizedSet>("sets") {
        Output("count", "how many layers run together") { $0.count }
        Output("layer", "the layer that joins") { $0.layer }
        Output("recovery", "the share of the gain that comes with them, on the confirm pairs") { $0.recovery }
        Output("random", "the same for random layers, in the median") { $0.random }
        Output("random_lower", "the 2.5th percentile of random layers; of fewer than 40 sets, the lowest") { $0.lower }
        Output("random_upper", "the 97.5th percentile of random layers; of fewer than 40 sets, the highest") {
            $0.upper
        }
        Output("layer_by_norm", "the layer that joins in the order of ‖ΔW‖") { $0.layerByNorm }
        Output("recovery_by_norm", "the share of the gain that comes in that order") { $0.recoveryByNorm }
    }

    /// A row for each pair at each place that was run.
    static func rows(of result: PatchResult) -> [PairEffect] {
        result.effects.rows.filter { $0.place.control.isRun }.flatMap { row in
            row.cell.effects.indices.map { pair in
                PairEffect(
                    pair: result.numbers[pair], place: row.place, metric: row.cell.metric?[pair],
                    effect: row.cell.effects[pair])
            }
        }
    }

    /// One pair at one place.
    struct PairEffect {
        /// The pair's number among all pairs of the block.
        let pair: Int
        let place: Place
        let metric: Double?
        let effect: Double
    }
}

extension Output {
    /// Where a sweep patched.
    fileprivate static func place(_ read: @escaping @Sendable (Source) -> Place) -> [Output] {
        [
            layer { read($0).layer },
            Output("direction", "whose activation goes into which model") { read($0).direction.rawValue },
            Output("control", "`none` for the patch itself, else the control") { read($0).control.rawValue },
            Output("positions", "the positions patched") { read($0).positions.name },
            Output("head", "the attention head, from 0; none when heads are patched together") { read($0).head },
        ]
    }
}
