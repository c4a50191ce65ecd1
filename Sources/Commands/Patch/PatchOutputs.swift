import Experiments
import Interventions
import Notebooks
import Statistics

/// What a sweep produces: a summary in few numbers, and tables of every layer and pair.
enum PatchOutputs {
    private static let values = OutputValues<PatchResult> {
        let unit = PatchTables.unit
        Output(
            "base.margin.mean", "the base's mean metric", unit: unit,
            parts: { $0.effects.parts($0.effects.measures.base) }
        ) { $0.effects.measures.base.mean }
        Output(
            "tuned.margin.mean", "the tuned model's mean metric", unit: unit,
            parts: { $0.effects.parts($0.effects.measures.tuned) }
        ) { $0.effects.measures.tuned.mean }
        Output(
            "gain.mean", "tuned minus base", unit: unit, parts: { $0.effects.parts($0.effects.measures.gain) }
        ) { $0.effects.measures.gain.mean }
        Output(
            "gain.confirm.mean", "the same on the confirm pairs; shares are relative to it", unit: unit,
            parts: { $0.effects.parts($0.effects.measures.gain, at: $0.effects.halves.confirm) }
        ) { $0.effects.measures.gain.at($0.effects.halves.confirm).mean }
        Output("pairs.fit", "pairs on which the peak is chosen") { $0.effects.halves.fit.count }
        Output("pairs.confirm", "pairs on which it is judged") { $0.effects.halves.confirm.count }
        Output("until.pairs", "how many pairs were in when 'until' stopped adding them") { result in
            result.stop.map { _ in result.effects.clusters.count }
        }
        Output("until.half_width", "how far the widest band reaches, where 'until' adds pairs", unit: unit) {
            $0.stop?.reach
        }
        Output("until.narrow", "whether that is as narrow as 'until' asks for") { $0.stop?.isNarrow }
        Output("peak.layer", "the layer whose patch has the largest effect on the fit pairs") {
            $0.summary.peak?.place.layer
        }
        Output("peak.head", "its attention head, when heads are patched one by one") { $0.summary.peak?.place.head }
        Output("peak.positions", "its positions") { $0.summary.peak?.place.positions.name }
        Output("peak.direction", "its direction: whose activation goes into which model") {
            $0.effects.direction.rawValue
        }
        Output.judged("peak.effect", "the mean effect at the peak, on the confirm pairs", ends: "peak.") {
            $0.summary.judgedPeak
        }
        Output.share("peak.recovery", "that effect as a share of the gain") { $0.summary.judgedPeak }
        Output.equalLength("peak.equal_length", "the effect at the peak where both responses are equally long") {
            $0.summary.judgedPeak?.statistics
        }
        Output("step.layer", "the layer that itself adds most, chosen on the fit pairs") { $0.summary.step }
        Output.judged("step.increment", "what it adds, on the confirm pairs", ends: "step.") {
            $0.summary.judgedStep
        }
        Output.share("step.share", "that increment as a share of the gain") { $0.summary.judgedStep }
        Output.equalLength("step.equal_length", "what it adds where both responses are equally long") {
            $0.summary.judgedStep?.statistics
        }
        Output("carriers.layers", "layers whose increments differ from zero at 5 %, corrected for all layers") {
            $0.summary.carriers.map(list)
        }
        Output("carriers.count", "how many they are") { $0.summary.carriers?.count }
        Output("carriers.first", "the first of them") { $0.summary.carriers?.first }
        Output("carriers.last", "the last of them") { $0.summary.carriers?.last }
        Output(
            "carriers.equal_length.layers",
            "layers whose increments at equal length differ from zero at 5 %, corrected for all layers"
        ) { $0.summary.carriersAtEqualLength.map(list) }
        Output("carriers.equal_length.count", "how many they are") { $0.summary.carriersAtEqualLength?.count }
        Output(
            "nothing.layers", "layers whose increments are negligible: shown to lie within ± `nothing.margin` at 5 %"
        ) { $0.summary.negligible.map(list) }
        Output("nothing.count", "how many they are") { $0.summary.negligible?.count }
        Output("nothing.margin", "the margin within which an increment is negligible", unit: unit) {
            $0.effects.negligible
        }
        Output(
            "increment.embedding", "what the donor's embedding adds before the first layer", unit: unit,
            parts: { result in result.effects.ends.map { result.effects.parts($0.embedding) } }
        ) { $0.effects.ends?.embedding.mean }
        Output(
            "increment.head", "what the donor's last norm and head add after the last layer", unit: unit,
            parts: { result in result.effects.ends.map { result.effects.parts($0.head) } }
        ) { $0.effects.ends?.head.mean }
        Output(
            "interaction.layer", "the layer where m(T) + m(B) − C(l) − N(l) is largest in size, chosen on the fit pairs"
        ) { $0.summary.interaction }
        Output.judged(
            "interaction.largest", "that interaction, on the confirm pairs", ends: "interaction.largest."
        ) { $0.summary.judgedInteraction }
        Output.share("interaction.share", "that interaction as a share of the gain") { $0.summary.judgedInteraction }
    }

    /// The place where a control's effect is largest.
    private static func values(
        of control: String
    ) -> OutputValues<(effects: PatchEffects, row: PatchEffects.Row, difference: PatchEffects.Judged?)> {
        OutputValues {
            Output(
                "\(control).effect", "the control's largest mean effect, in the first direction of the block",
                unit: PatchTables.unit,
                parts: { $0.effects.parts($0.row.cell.effects, at: $0.row.pairs) }
            ) { $0.row.effect }
            Output.ends("\(control).") { $0.row.statistics.interval }
            Output(
                "\(control).recovery", "that effect as a share of the gain",
                parts: { $0.effects.parts($0.row.cell.effects, at: $0.row.pairs, asShare: true) }
            ) { $0.row.statistics.recovery?.estimate }
            Output.ends("\(control).recovery.") { $0.row.statistics.recovery }
            Output.equalLength("\(control).equal_length", "that effect where both responses are equally long") {
                $0.row.statistics
            }
            Output.mean(
                "\(control).difference", "the patch's effect minus the control's there, pair by pair",
                unit: PatchTables.unit,
                parts: { found in
                    found.difference.map { found.effects.parts($0.values, at: found.row.pairs) }
                }
            ) { ($0.difference?.statistics.mean ?? .nan, $0.difference?.statistics.interval) }
            Output.mean(
                "\(control).rejected_longer", "that effect where the rejected response is longer",
                unit: PatchTables.unit
            ) { $0.row.statistics.length?.rejectedLonger ?? (.nan, nil) }
            Output.mean(
                "\(control).chosen_longer", "that effect where the chosen response is longer", unit: PatchTables.unit
            ) { $0.row.statistics.length?.chosenLonger ?? (.nan, nil) }
        }
    }

    private static let concentration = OutputValues<LayerConcentration> {
        Output(
            "concentration.participation", "(Σ|φ|)² / (L Σφ²): 1 when all layers add the same, 1/L when one adds all"
        ) { $0.participation.estimate }
        Output.ends("concentration.participation.") { $0.participation.interval }
        Output("concentration.layers", "the fewest layers that reach 90 % of the sum of increments") {
            $0.curve.fewest
        }
        Output("concentration.layers.lower", "the 2.5th percentile of that count over resampled prompts") {
            $0.fewestBounds?.lower
        }
        Output("concentration.layers.upper", "the 97.5th percentile of that count over resampled prompts") {
            $0.fewestBounds?.upper
        }
        Output("concentration.random", "how many layers in random order reach it") { $0.fewestRandom }
        Output("concentration.norm", "how many layers in the order of ‖ΔW‖ reach it") { $0.byNorm?.fewest }
        Output("concentration.third.layers", "how many layers a third of them are") { $0.third }
        Output(
            "concentration.third.share", "what the strongest third carries, as a share of the sum",
            parts: { EstimateParts($0.byPair.third, over: $0.byPair.whole, prompts: $0.byPair.prompts) }
        ) { $0.curve.shares[$0.third - 1] }
        Output.ends("concentration.third.share.", of: "95 % interval, over prompts, for this order of the layers") {
            $0.shares[$0.third - 1]
        }
        Output(
            "concentration.window.first",
            "the first of as many neighbouring layers, those that add most on the fit pairs"
        ) {
            $0.window.first
        }
        Output("concentration.window.last", "the last of them") { $0.window.last }
        Output(
            "concentration.window.share", "what they carry on the confirm pairs, as a share of the sum",
            parts: { EstimateParts($0.byPair.window, over: $0.byPair.whole, prompts: $0.byPair.prompts) }
        ) { $0.window.share }
        Output.ends("concentration.window.share.", of: "95 % interval, over prompts, for these layers") {
            $0.window.interval
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
        PatchTables.lengths
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
                values(of: control.rawValue),
                of: effects.rows(effects.direction, control).largest { $0.effect }.map {
                    (effects, $0, effects.difference(from: $0))
                })
        }
        outcome.add(PatchTables.layers, effects.rows)
        outcome.add(PatchTables.lengths, effects.rows)
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

    /// The parts of a mean over pairs, or of its ratio to the gain, by prompt.
    /// - Parameters:
    ///   - values: `[pair]`.
    ///   - pairs: the places of those that count; nil for all.
    fileprivate func parts(_ values: [Double], at pairs: [Int]? = nil, asShare: Bool = false) -> EstimateParts {
        let pairs = pairs ?? Array(clusters.indices)
        return EstimateParts(
            values.at(pairs), over: asShare ? measures.gain.at(pairs) : nil, prompts: clusters.at(pairs))
    }
}

extension Output<PatchResult> {
    /// What the confirm pairs say of a choice, with its interval.
    fileprivate static func judged(
        _ name: String, _ help: String, ends prefix: String,
        _ read: @escaping @Sendable (PatchResult) -> PatchEffects.Judged?
    ) -> [Output] {
        [
            Output(
                name, help, unit: PatchTables.unit,
                parts: { result in
                    read(result).map { result.effects.parts($0.values, at: result.effects.halves.confirm) }
                }
            ) { read($0)?.statistics.mean }
        ] + ends(prefix) { read($0)?.statistics.interval }
    }

    /// The same as a share of the gain.
    fileprivate static func share(
        _ name: String, _ help: String, _ read: @escaping @Sendable (PatchResult) -> PatchEffects.Judged?
    ) -> [Output] {
        [
            Output(
                name, help,
                parts: { result in
                    read(result).map {
                        result.effects.parts($0.values, at: result.effects.halves.confirm, asShare: true)
                    }
                }
            ) { read($0)?.statistics.recovery?.estimate }
        ] + ends("\(name).") { read($0)?.statistics.recovery }
    }
}

extension Output {
    /// An effect at equal length, with its interval.
    fileprivate static func equalLength(
        _ name: String, _ help: String, _ read: @escaping @Sendable (Source) -> EffectStatistics.Row?
    ) -> [Output] {
        mean(name, help, unit: PatchTables.unit) { read($0)?.length?.equalLength ?? (.nan, nil) }
    }
}
