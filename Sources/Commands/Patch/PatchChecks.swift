import Foundation
import Interventions
import Notebooks
import Statistics
import Values

/// The identities of the method that a sweep can show, and what its reader must be warned of.
struct PatchChecks {
    let effects: PatchEffects

    init(_ effects: PatchEffects) { self.effects = effects }

    var checks: [Check] {
        let measures = effects.measures
        var checks: [Check] = []
        let own = effects.rows.filter { $0.place.control == .itself }
        if !own.isEmpty {
            checks.append(
                Check(
                    name: "A self-patch changes no margin (largest change)",
                    found: own.flatMap(\.cell.effects).map(abs).max() ?? 0, tolerance: 0, unit: measures.metric.unit))
        }
        let heads = measures.directions.flatMap { direction in
            zip(measures.heads[direction] ?? [], measures[direction.donor]).map { abs($0 - $1) }
        }
        if let largest = heads.max() {
            checks.append(
                Check(
                    name: "Patching every position of the last layer, under the donor's head, gives the donor's margin",
                    found: largest, tolerance: 0, unit: measures.metric.unit))
        }
        for direction in measures.directions {
            guard measures.isWhole, let ends = measures.ends[direction] else { continue }
            let rows = effects.rows(direction, .none)
            let parts =
                measures.isHybrid
                ? rows.compactMap(\.increment?.mean) : measures.estimand == .shapley ? rows.map(\.effect) : []
            guard !parts.isEmpty else { continue }
            let sum = parts.reduce(ends.embedding.mean + ends.head.mean, +)
            let name = measures.isHybrid ? "Increments with both end terms" : "Shapley shares with both end terms"
            checks.append(
                Check(
                    name: "\(name) sum to the difference of the models (\(direction.rawValue))",
                    found: sum - effects.whole(direction), tolerance: 1e-9, unit: measures.metric.unit))
        }
        return checks
    }

    var notes: [String] {
        var notes: [String] = []
        if let note = effects.halves.note("The peak was") { notes.append(note) }
        let prompts = Set(effects.clusters).count
        if prompts < 10 {
            notes.append(
                "Only \(prompts) prompts: intervals over so few are rough, and no p-value can be below "
                    + "\(Scalar.number(min(1, pow(2, Double(1 - prompts)))).text).")
        }
        let gain = effects.measures.gain
        if let interval = ClusterBootstrap(seed: effects.seed).means(
            of: ClusteredValues(gain, clusters: effects.clusters))[0], interval.lower <= 0, interval.upper >= 0,
            gain.contains(where: { $0 != 0 })
        {
            notes.append("The mean gain's interval holds zero, so recoveries divide by a number that may be none.")
        }
        if gain.allSatisfy({ $0 == 0 }) {
            notes.append(
                "Tuning moved no pair's \(effects.measures.metric.words): there is no effect to find a peak of.")
        }
        if effects.rows.contains(where: { $0.cell.orderError != nil }) {
            notes.append(
                "Shapley shares come from some orders of the layers only; 'order_error' is the standard error that this "
                    + "brings, beside the intervals over prompts.")
        }
        return notes
    }
}
