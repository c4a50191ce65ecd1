import Experiments
import Interventions
import Notebooks
import Values

/// The identities of the method that a sweep can show, and what its reader must be warned of.
struct PatchChecks {
    let result: PatchResult
    let request: PatchRequest

    private var effects: PatchEffects { result.effects }

    var checks: [Check] {
        let unit = request.metric.unit
        var checks: [Check] = []
        if let largest = effects.selfPatch {
            checks.append(
                Check(
                    name: "A self-patch changes no margin (largest change)", found: largest, tolerance: 0, unit: unit))
        }
        if let largest = effects.donorsHead {
            checks.append(
                Check(
                    name: "Patching every position of the last layer, under the donor's head, gives the donor's margin",
                    found: largest, tolerance: 0, unit: unit))
        }
        let name =
            effects.measures.isHybrid ? "Increments with both end terms" : "Shapley shares with both end terms"
        return checks
            + effects.sums.map {
                Check(
                    name: "\(name) sum to the difference of the models (\($0.direction.rawValue))", found: $0.missing,
                    tolerance: 1e-9, unit: unit)
            }
    }

    var notes: [String] {
        var notes: [String] = []
        // With a single place there is nothing to choose.
        let isChosen = effects.rows.count { $0.place.control == .none } > 1 || request.rank != nil
        if isChosen, let note = effects.halves.note("The peak was") { notes.append(note) }
        if let note = FewPrompts.note(effects.clusters) { notes.append(note) }
        if let stop = result.stop { notes.append(note(on: stop)) }
        let gain = effects.measures.gain
        if let interval = effects.gainInterval, interval.lower <= 0, interval.upper >= 0,
            gain.contains(where: { $0 != 0 })
        {
            notes.append("The mean gain's interval holds zero, so recoveries divide by a number that may be none.")
        }
        if gain.allSatisfy({ $0 == 0 }) {
            notes.append("Tuning moved no pair's \(request.metric.words): there is no effect to find a peak of.")
        }
        if effects.rows.contains(where: { $0.cell.orderError != nil }) {
            notes.append(
                "Shapley shares come from some orders of the layers only; 'order_error' is the standard error that this "
                    + "brings, beside the intervals over prompts.")
        }
        if request.controls.contains(.lengthMatched) {
            notes.append(
                "'length_matched' is the patch over the \(result.likeLengths) of \(effects.clusters.count) pairs whose responses "
                    + "differ by at most a fifth of the longer one, or two tokens.")
        }
        return notes
    }

    /// Where the adding of pairs stopped, and which statistics that holds for.
    private func note(on stop: Stop) -> String {
        let prompts = Set(effects.clusters).count
        let pairs = effects.clusters.count
        let judging = Set(effects.clusters.at(effects.halves.confirm)).count
        let few = StoppingRule.step
        let reach =
            "\(Scalar.number(stop.reach).text) \(request.metric.unit)\(stop.isNarrow ? "" : ", more than asked for")"
        let widest = stop.reach.isFinite ? ", and the widest band reaches \(reach)" : ""
        let here =
            prompts < few
            ? ": \(prompts == 1 ? "1 is" : "\(prompts) are") in"
            : judging < few ? ": of the \(prompts) that are in, \(judging) judge what the others chose" : ""
        return "Adding of pairs stopped at \(pairs)\(widest). "
            + "Intervals, bands and p-values of effects, increments and interactions hold whenever the adding stops, and over fewer "
            + "than \(few) prompts there are none\(here). Intervals and p-values at equal length, by length and of concentration are "
            + "valid only for a number of pairs fixed in advance."
    }
}
