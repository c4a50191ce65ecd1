import Interventions
import Statistics

/// How far a sweep is from the identities of `docs/method.md` that it can show.
extension PatchEffects {
    /// The largest change that a self-patch made, which must be 0; nil where none was run.
    public var selfPatch: Double? {
        let own = rows.filter { $0.place.control == .itself }
        return own.isEmpty ? nil : own.flatMap(\.cell.effects).map(abs).max() ?? 0
    }

    /// The largest difference between the donor and the recipient patched everywhere after the last layer, under the donor's head;
    /// nil where that was not run.
    public var donorsHead: Double? {
        measures.directions.flatMap { direction in
            zip(measures.heads[direction] ?? [], measures[direction.donor]).map { abs($0 - $1) }
        }.max()
    }

    /// By how much the parts of all layers, with both ends, miss the difference of the models, by direction; none where the parts
    /// need not sum to it.
    public var sums: [(direction: Direction, missing: Double)] {
        measures.directions.compactMap { direction in
            guard measures.isWhole, let ends = measures.ends[direction] else { return nil }
            let rows = rows(direction, .none)
            let parts =
                measures.isHybrid
                ? rows.compactMap(\.increment?.mean) : measures.estimand == .shapley ? rows.map(\.effect) : []
            guard !parts.isEmpty else { return nil }
            let sum = parts.reduce(ends.embedding.mean + ends.head.mean, +)
            return (direction, sum - (measures[direction.donor].mean - measures[direction.recipient].mean))
        }
    }

    /// Of the mean gain, over prompts.
    public var gainInterval: Interval? {
        ClusterBootstrap(seed: seed).means(of: ClusteredValues(measures.gain, clusters: clusters))[0]
    }
}
