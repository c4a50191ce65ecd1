import Interventions
import Notebooks

/// What a sweep says in few numbers: choices made on the fit pairs, and what the confirm pairs say of them.
struct PatchSummary {
    let effects: PatchEffects
    let concentration: LayerConcentration?
    private let numbers: [Int]
    /// The place of the largest effect in size on the fit pairs, and its statistics on the confirm pairs.
    private let peak: PatchEffects.Row?
    private let judgedPeak: EffectStatistics.Row?
    /// The layer that itself adds most on the fit pairs, and what it adds on the confirm pairs.
    private let step: Int?
    private let judgedStep: EffectStatistics.Row?
    /// Layers whose own part differs from zero at 5 % over all layers at once.
    private let carriers: [Int]
    /// Layers whose own part is negligible at 5 %.
    private let negligible: [Int]
    private let interaction: PatchEffects.Row?

    /// - Parameters:
    ///   - numbers: the numbers of the pairs that were walked, `[pair]`; nil when all were.
    ///   - norms: ‖ΔW‖ of each layer of the models.
    init(_ effects: PatchEffects, numbers: [Int]?, norms: [Double]) {
        self.effects = effects
        self.numbers = numbers ?? Array(effects.clusters.indices)
        concentration = LayerConcentration(effects, norms: norms)
        let direction = effects.direction
        peak = effects.peak(direction)
        judgedPeak = peak.map { effects.confirmed(effects.telling($0)) }
        let own = effects.own(direction)
        let largest = PatchEffects.largest(own) { $0.values.at(effects.halves.fit).mean }
        step = largest?.layer
        judgedStep = largest.map { effects.confirmed($0.values) }
        // Of several heads or positions in a layer, one that carries is enough, and all must be negligible.
        carriers = Set(own.filter { $0.statistics.p < 0.05 }.map(\.layer)).sorted()
        let something = Set(own.filter { $0.statistics.equivalence >= 0.05 }.map(\.layer))
        negligible = Set(own.map(\.layer)).subtracting(something).sorted()
        interaction = PatchEffects.largest(effects.rows(direction, .none).filter { $0.interaction != nil }) {
            $0.interaction ?? 0
        }
    }

    private static let values = OutputValues<PatchSummary> {
        let unit = PatchTables.unit
        Output("base.margin.mean", "the base's mean metric", unit: unit) { $0.effects.measures.base.mean }
        Output("tuned.margin.mean", "the tuned model's mean metric", unit: unit) { $0.effects.measures.tuned.mean }
        Output("gain.mean", "tuned minus base", unit: unit) { $0.effects.measures.gain.mean }
        Output("pairs.fit", "pairs on which the peak is chosen") { $0.effects.halves.fit.count }
        Output("pairs.confirm", "pairs on which it is judged") { $0.effects.halves.confirm.count }
        Output("peak.layer", "the layer whose patch has the largest effect on the fit pairs") { $0.peak?.place.layer }
        Output("peak.head", "its attention head, when heads are patched one by one") { $0.peak?.place.head }
        Output("peak.positions", "its positions") { $0.peak?.place.positions.name }
        Output("peak.direction", "its direction: whose activation goes into which model") {
            $0.effects.direction.rawValue
        }
        Output("peak.effect", "the mean effect at the peak, on the confirm pairs", unit: unit) { $0.judgedPeak?.mean }
        Output.ends("peak.") { $0.judgedPeak?.interval }
        Output("peak.recovery", "that effect as a share of the gain") { $0.judgedPeak?.recovery?.estimate }
        Output.ends("peak.recovery.") { $0.judgedPeak?.recovery }
        Output("step.layer", "the layer that itself adds most, chosen on the fit pairs") { $0.step }
        Output("step.increment", "what it adds, on the confirm pairs", unit: unit) { $0.judgedStep?.mean }
        Output.ends("step.") { $0.judgedStep?.interval }
        Output("step.share", "that increment as a share of the gain") { $0.judgedStep?.recovery?.estimate }
        Output("carriers.layers", "layers whose increments differ from zero at 5 %, corrected for all layers") {
            list($0.carriers)
        }
        Output("carriers.count", "how many they are") { $0.carriers.count }
        Output("carriers.first", "the first of them") { $0.carriers.first }
        Output("carriers.last", "the last of them") { $0.carriers.last }
        Output(
            "nothing.layers", "layers whose increments are negligible: shown to lie within ± `nothing.margin` at 5 %"
        ) { list($0.negligible) }
        Output("nothing.count", "how many they are") { $0.negligible.count }
        Output("nothing.margin", "the margin within which an increment is negligible", unit: unit) {
            $0.effects.negligible
        }
        Output("increment.embedding", "what the donor's embedding adds before the first layer", unit: unit) {
            $0.ends?.embedding.mean
        }
        Output("increment.head", "what the donor's last norm and head add after the last layer", unit: unit) {
            $0.ends?.head.mean
        }
        Output("interaction.largest", "the largest m(T) + m(B) − C(l) − N(l) over layers", unit: unit) {
            $0.interaction?.interaction
        }
        Output("interaction.layer", "the layer where it is largest") { $0.interaction?.place.layer }
        Output("interaction.share", "that interaction as a share of the gain") { $0.interaction?.interactionShare }
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

    /// What a sweep with some controls produces.
    @OutputList static func outputs(controls: [String], withSets: Bool) -> Outputs {
        values
        LayerConcentration.values
        for control in controls { values(of: control) }
        if withSets {
            LayerSets.values
            LayerSets.table
        }
        PatchTables.layers
        LayerConcentration.table
        PatchTables.pairs
    }

    func outcome(controls: [Control]) -> Outcome {
        var outcome = Outcome()
        outcome.set(Self.values, of: self)
        outcome.set(LayerConcentration.values, of: concentration)
        for control in controls {
            let worst = PatchEffects.largest(effects.rows(effects.direction, control)) { $0.effect }
            outcome.set(Self.values(of: control.rawValue), of: worst)
        }
        outcome.add(PatchTables.layers, effects.rows)
        outcome.add(LayerConcentration.table, concentration?.rows ?? [])
        outcome.add(PatchTables.pairs, pairs)
        return outcome
    }

    private static func list(_ layers: [Int]) -> String { layers.map(String.init).joined(separator: ", ") }

    private var ends: (embedding: [Double], head: [Double])? { effects.measures.ends[effects.direction] }

    private var pairs: [PatchTables.PairEffect] {
        effects.rows.filter { $0.place.control.isRun }.flatMap { row in
            row.cell.effects.indices.map { pair in
                PatchTables.PairEffect(
                    pair: numbers[pair], place: row.place, metric: row.cell.metric?[pair],
                    effect: row.cell.effects[pair])
            }
        }
    }
}
