import Experiments
import Interventions
import Notebooks

/// What a sweep produces: a summary in few numbers, and tables of every layer and pair.
enum PatchOutputs {
    private static let values = OutputValues<PatchResult> {
        let unit = PatchTables.unit
        Output("base.margin.mean", "the base's mean metric", unit: unit) { $0.effects.measures.base.mean }
        Output("tuned.margin.mean", "the tuned model's mean metric", unit: unit) { $0.effects.measures.tuned.mean }
        Output("gain.mean", "tuned minus base", unit: unit) { $0.effects.measures.gain.mean }
        Output("pairs.fit", "pairs on which the peak is chosen") { $0.effects.halves.fit.count }
        Output("pairs.confirm", "pairs on which it is judged") { $0.effects.halves.confirm.count }
        Output("peak.layer", "the layer whose patch has the largest effect on the fit pairs") {
            $0.summary.peak?.place.layer
        }
        Output("peak.head", "its attention head, when heads are patched one by one") { $0.summary.peak?.place.head }
        Output("peak.positions", "its positions") { $0.summary.peak?.place.positions.name }
        Output("peak.direction", "its direction: whose activation goes into which model") {
            $0.effects.direction.rawValue
        }
        Output("peak.effect", "the mean effect at the peak, on the confirm pairs", unit: unit) {
            $0.summary.judgedPeak?.mean
        }
        Output.ends("peak.") { $0.summary.judgedPeak?.interval }
        Output("peak.recovery", "that effect as a share of the gain") { $0.summary.judgedPeak?.recovery?.estimate }
        Output.ends("peak.recovery.") { $0.summary.judgedPeak?.recovery }
        Output("step.layer", "the layer that itself adds most, chosen on the fit pairs") { $0.summary.step }
        Output("step.increment", "what it adds, on the confirm pairs", unit: unit) { $0.summary.judgedStep?.mean }
        Output.ends("step.") { $0.summary.judgedStep?.interval }
        Output("step.share", "that increment as a share of the gain") { $0.summary.judgedStep?.recovery?.estimate }
        Output("carriers.layers", "layers whose increments differ from zero at 5 %, corrected for all layers") {
            list($0.summary.carriers)
        }
        Output("carriers.count", "how many they are") { $0.summary.carriers.count }
        Output("carriers.first", "the first of them") { $0.summary.carriers.first }
        Output("carriers.last", "the last of them") { $0.summary.carriers.last }
        Output(
            "nothing.layers", "layers whose increments are negligible: shown to lie within ± `nothing.margin` at 5 %"
        ) { list($0.summary.negligible) }
        Output("nothing.count", "how many they are") { $0.summary.negligible.count }
        Output("nothing.margin", "the margin within which an increment is negligible", unit: unit) {
            $0.effects.negligible
        }
        Output("increment.embedding", "what the donor's embedding adds before the first layer", unit: unit) {
            $0.effects.ends?.embedding.mean
        }
        Output("increment.head", "what the donor's last norm and head add after the last layer", unit: unit) {
            $0.effects.ends?.head.mean
        }
        Output("interaction.largest", "the largest m(T) + m(B) − C(l) − N(l) over layers", unit: unit) {
            $0.summary.interaction?.interaction
        }
        Output("interaction.layer", "the layer where it is largest") { $0.summary.interaction?.place.layer }
        Output("interaction.share", "that interaction as a share of the gain") {
            $0.summary.interaction?.interactionShare
        }
    }

    /// The place where a control's effect is largest.
    private static func values(of control: String) -> OutputValues<PatchEffects.Row> {
        OutputValues {
            Output("\(control).effect", "the control's largest mean effect", unit: PatchTables.unit) { $0.effect }
            Output.ends("\(control).") { $0.statistics.interval }
            Output("\(control).recovery", "that effect as a share of the gain") {
                $0.statistics.recovery?.estimate
            }
        }
    }

    private static let concentration = OutputValues<LayerConcentration> {
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
        Output("concentration.third.random", "what a random third carries, in the median") {
            $0.curve.random[$0.third - 1]
        }
        Output("concentration.third.random.lower", "the 2.5th percentile of what a random third carries") {
            $0.curve.randomBounds[$0.third - 1].lower
        }
        Output("concentration.third.random.upper", "the 97.5th percentile of what a random third carries") {
            $0.curve.randomBounds[$0.third - 1].upper
        }
    }

    private static let sets = OutputValues<LayerSets> {
        Output("sets.layers", "the fewest layers, chosen on the fit pairs, that recover 90 % when they run together") {
            $0.fewest.chosen
        }
        Output("sets.random", "how many random layers do, in the median") { $0.fewest.random }
        Output("sets.norm", "how many layers in the order of ‖ΔW‖ do") { $0.fewest.byNorm }
    }

    /// What a sweep with some controls produces.
    @OutputList static func all(controls: [String], withSets: Bool) -> Outputs {
        values
        concentration
        for control in controls { values(of: control) }
        if withSets {
            sets
            PatchTables.sets
        }
        PatchTables.layers
        PatchTables.concentration
        PatchTables.pairs
    }

    /// Adds everything that a sweep produces but its figures, checks and notes.
    static func add(_ result: PatchResult, _ request: PatchRequest, to outcome: inout Outcome) {
        let effects = result.effects
        outcome.set(values, of: result)
        outcome.set(concentration, of: result.concentration)
        for control in request.controls {
            outcome.set(
                values(of: control.rawValue), of: effects.rows(effects.direction, control).largest { $0.effect })
        }
        outcome.add(PatchTables.layers, effects.rows)
        outcome.add(PatchTables.concentration, result.concentration.map(PatchTables.rows) ?? [])
        outcome.add(PatchTables.pairs, PatchTables.rows(of: result))
        if request.sets > 0 {
            outcome.set(sets, of: result.sets)
            outcome.add(PatchTables.sets, result.sets?.sizes ?? [])
        }
    }

    private static func list(_ layers: [Int]) -> String { layers.map(String.init).joined(separator: ", ") }
}

extension PatchEffects {
    /// What the donor's embedding and its head add, in the first direction.
    fileprivate var ends: (embedding: [Double], head: [Double])? { measures.ends[direction] }
}
