import Charts
import Experiments
import Notebooks

/// What four cells by layer produce: a summary in few numbers, effects, cells and pairs.
enum FactorialOutputs {
    private static let unit = "units of the metric"

    static let values = OutputValues<FactorialEffects> {
        Output.mean("gain.mean", "the tuned model minus the base", unit: unit) { $0.gain }
        Output("gain.confirm.mean", "the same on the confirm pairs; shares are relative to it", unit: unit) {
            $0.chosen?.gain
        }
        Output(
            "layer",
            "the layer that the values below are about: the only one, or that of the largest interaction on the fit pairs"
        ) { $0.chosen?.layer }
        for effect in FourCells.Effect.allCases {
            Output("\(effect.rawValue).mean", "\(effect.words), on the confirm pairs", unit: unit) {
                $0.chosen?[effect]?.mean
            }
            Output.ends("\(effect.rawValue).mean.") { $0.chosen?[effect]?.interval }
        }
        Output("interaction.share", "the interaction as a share of the gain") {
            $0.chosen?[.interaction]?.recovery?.estimate
        }
        Output.ends("interaction.share.") { $0.chosen?[.interaction]?.recovery }
        Output("interaction.p", "p-value of no interaction") { $0.chosen?[.interaction]?.p }
    }

    static let effects = OutputTable<FactorialEffects.Row>("effects") {
        Output("layer", "the first of the later layers, from 0") { $0.layer }
        Output(
            "effect",
            "`late_given_base` or `late_given_tuned`, what the later layers change after the base's or the tuned model's earlier "
                + "layers; `interaction`, the second minus the first"
        ) { $0.effect.rawValue }
        Output("mean", "the mean over pairs", unit: unit) { $0.statistics.mean }
        Output.ends { $0.statistics.interval }
        Output.ends("band_", of: "simultaneous 95 % band over all layers") { $0.statistics.band }
        Output("share", "the mean as a share of the gain") { $0.statistics.recovery?.estimate }
        Output.ends("share_", of: "share's interval") { $0.statistics.recovery }
        Output("p", "p-value of no effect, corrected over all layers (max-T)") { $0.statistics.p }
        Output("q", "Benjamini–Hochberg's q") { $0.statistics.q }
        Output("equivalence", "p-value of an effect beyond the negligible margin; small where the effect is negligible")
        { $0.statistics.equivalence }
        Output("detectable", "the smallest effect that these pairs would detect with 80 % power") {
            $0.statistics.detectable
        }
    }

    static let cells = OutputTable<FactorialEffects.CellMean>("cells") {
        Output("layer", "the first of the later layers, from 0") { $0.layer }
        Output("upstream", "whose layers come before: `base` or `tuned`") { $0.upstreamIsTuned ? "tuned" : "base" }
        Output("later", "whose the later layers are: `base` or `tuned`") { $0.laterIsTuned ? "tuned" : "base" }
        Output("mean", "the mean over pairs", unit: unit) { $0.mean }
        Output.ends { $0.interval }
    }

    static let pairs = OutputTable<(effects: FactorialEffects, layer: Int, pair: Int)>("pairs") {
        Output.pair { $0.effects.numbers[$0.pair] }
        Output.prompt { $0.effects.clusters[$0.pair] }
        Output("layer", "the first of the later layers, from 0") { $0.effects.cells[$0.layer].layer }
        Output("base_base", "the base as it is", unit: unit) { $0.effects.cells[$0.layer].baseBase[$0.pair] }
        Output("base_tuned", "the base's earlier layers under the tuned model's later ones", unit: unit) {
            $0.effects.cells[$0.layer].baseTuned[$0.pair]
        }
        Output("tuned_base", "the tuned model's earlier layers under the base's later ones", unit: unit) {
            $0.effects.cells[$0.layer].tunedBase[$0.pair]
        }
        Output("tuned_tuned", "the tuned model as it is", unit: unit) {
            $0.effects.cells[$0.layer].tunedTuned[$0.pair]
        }
    }

    /// Values and tables; figures are ``FactorialFigures``'s.
    @OutputList static var all: Outputs {
        values
        effects
        cells
        pairs
        Outputs(figures: FactorialFigures.names)
    }

    /// Adds values, tables and figures; empty ones where there is nothing.
    static func add(_ found: FactorialEffects?, unit: String, to outcome: inout Outcome) {
        outcome.set(values, of: found)
        let table = outcome.add(effects, found?.rows ?? [])
        let means = outcome.add(cells, found?.means ?? [])
        outcome.add(
            pairs,
            found.map { found in
                found.clusters.indices.flatMap { pair in
                    found.cells.indices.map { (effects: found, layer: $0, pair: pair) }
                }
            } ?? [])
        guard let found else { return }
        outcome.figures += FactorialFigures(found: found, unit: unit, effects: table, cells: means).all
        if let note = FewPrompts.note(found.clusters) { outcome.notes.append(note) }
        if let note = found.halves.note("The layer of the largest interaction was") { outcome.notes.append(note) }
    }
}

extension FourCells.Effect {
    /// The effect as a phrase.
    var words: String {
        switch self {
        case .lateGivenBase: "what the later layers change after the base's earlier layers"
        case .lateGivenTuned: "what the later layers change after the tuned model's earlier layers"
        case .interaction: "the second late effect minus the first"
        }
    }

    /// The effect's name in figures.
    var label: String {
        switch self {
        case .lateGivenBase: "late, after base"
        case .lateGivenTuned: "late, after tuned"
        case .interaction: "interaction"
        }
    }

    /// How loud it is drawn.
    var role: Charts.Role {
        switch self {
        case .lateGivenBase: .second
        case .lateGivenTuned: .effect
        case .interaction: .other
        }
    }
}
