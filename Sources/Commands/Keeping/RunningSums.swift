import Interventions
import Notebooks

/// Sums over pairs that are kept while they grow, so that a run that is stopped goes on from the last step.
///
/// Sums are as large after one group as after all, and so they are kept in one place that every step writes anew: a part for
/// each group would be as large again each time. Additions happen in the order of the pairs whether or not a run was stopped, and
/// so the sums are the same bits.
struct RunningSums {
    /// Tells these sums from others of the block.
    let name: String
    /// How many times at most they are kept: few for sums that are large beside the walk that they come from.
    let steps: Int
    let bindings: Bindings

    /// Beyond so many bytes sums are not kept: SQLite takes no value of 10⁹ bytes.
    private static let most = 1 << 29

    /// The sums over all pairs.
    /// - Parameters:
    ///   - start: the sums over none.
    ///   - numbers: all that the sums are made of; as many for any pairs.
    ///   - sums: the sums made of such numbers; nil when they are too few or too many.
    ///   - add: adds some pairs, a range of the list that is a number of whole groups.
    /// - Throws: what `add` throws, and `StoreError` when the sums cannot be kept.
    func over<Sums>(
        _ pairs: [PackedPair], from start: Sums, numbers: (Sums) -> [Double], sums: ([Double]) -> Sums?,
        add: (inout Sums, Range<Int>) throws -> Void
    ) throws -> Sums {
        let groups = Walk.groups(of: pairs)
        // Both are found again only together.
        let found = try bindings.unit(name) { bytes -> (done: Int, sums: Sums)? in
            guard let kept = KeptDoubles.numbers(bytes), let done = kept.first.flatMap({ Int(exactly: $0) }),
                groups.contains(where: { $0.upperBound == done }), let sums = sums(Array(kept.dropFirst()))
            else { return nil }
            return (done, sums)
        }
        var (done, total) = found ?? (0, start)
        let chunk = groups.count <= steps ? 1 : (groups.count + steps - 1) / steps
        let left = groups.filter { $0.lowerBound >= done }
        for first in stride(from: 0, to: left.count, by: chunk) {
            let range = left[first].lowerBound..<left[min(first + chunk, left.count) - 1].upperBound
            try add(&total, range)
            done = range.upperBound
            let bytes = KeptDoubles.bytes([Double(done)] + numbers(total))
            if bytes.count <= Self.most { try bindings.keep(name, bytes, step: "\(name) to \(done)") }
        }
        return total
    }
}
