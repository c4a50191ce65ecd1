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
        Output("increment", "what the layer itself adds: its effect less that of the layer before", unit: unit) {
            $0.increment?.mean
        }
        Output.ends("increment_", of: "increment's interval") { $0.increment?.interval }
        Output("increment_p", "p-value of no increment, corrected over all layers (max-T)") { $0.increment?.p }
        Output("interaction", "m(T) + m(B) − C(l) − N(l)", unit: unit) { $0.interaction }
        Output("interaction_share", "the interaction as a share of the gain") { $0.interactionShare }
        Output("p", "p-value of no effect, corrected over all layers (max-T)") { $0.statistics.p }
        Output("q", "Benjamini–Hochberg's q") { $0.statistics.q }
        Output("equivalence", "p-value of an effect beyond the negligible margin") { $0.statistics.equivalence }
        Output("detectable", "the smallest effect that these pairs would detect with 80 % power") {
            $0.statistics.detectable
        }
        Output("increment_equivalence", "p-value of an increment beyond the negligible margin") {
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

    static let pairs = OutputTable<PairEffect>("pairs") {
        Output.pair { $0.pair }
        Output.place { $0.place }
        Output("margin", "the pair's metric under the patch", unit: unit) { $0.metric }
        Output("effect", "patched minus unpatched", unit: unit) { $0.effect }
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
            Output("head", "the attention head, from 0; nothing when heads are patched together") { read($0).head },
        ]
    }
}
