import Interventions
import Statistics

/// Adds pairs to a sweep until the bands of all its effects are narrow enough.
public struct StoppingRule: Sendable, Equatable {
    /// Bands may reach this far from their effects, in units of the metric.
    public let halfWidth: Double
    /// How many pairs may be used; nil for all.
    public let atMost: Int?

    /// How many prompts are added before the first look, and between looks.
    public static let step = 16

    /// A rule.
    public init(halfWidth: Double, atMost: Int?) {
        precondition(halfWidth > 0 && atMost ?? 1 > 0, "a half width of \(halfWidth), \(atMost ?? 0) pairs")
        self.halfWidth = halfWidth
        self.atMost = atMost
    }

    /// The intervals that a sweep over some pairs is judged by, narrowest where half of the prompts are in.
    func sequence(over clusters: [Int]) -> ConfidenceSequence {
        ConfidenceSequence(
            expected: max(Self.step, Set(clusters.prefix(atMost ?? clusters.count)).count / 2), fewest: Self.step)
    }

    /// The places of the pairs that come in between two looks, in their order.
    func batches(of clusters: [Int]) -> [Range<Int>] {
        let clusters = clusters.prefix(atMost ?? clusters.count)
        var ends: [Int] = []
        var seen: Set<Int> = []
        for (place, cluster) in clusters.enumerated() where seen.insert(cluster).inserted {
            if seen.count > 1, (seen.count - 1).isMultiple(of: Self.step) { ends.append(place) }
        }
        return zip([0] + ends, ends + [clusters.count]).map { $0..<$1 }
    }

    /// How far the widest band of the patch itself reaches; not finite before the first look.
    func reach(_ measures: PatchMeasures, clusters: [Int], sequence: ConfidenceSequence) -> Double {
        measures.directions.map { direction in
            let cells = measures.cells.filter { $0.place.direction == direction && $0.place.control == .none }
            let values = ClusteredValues(cells.map(\.effects), clusters: clusters)
            return sequence.means(of: values, family: cells.count)?.map { $0.upper - $0.estimate }.max() ?? .infinity
        }.max() ?? .infinity
    }
}

/// Where a sweep stopped.
public struct Stop: Sendable {
    /// How far the widest band reaches; not finite where there are too few prompts for one.
    public let reach: Double
    /// Whether that is as narrow as was asked for.
    public let isNarrow: Bool
}

extension PatchRun {
    /// Measures pairs batch by batch until the rule is met, or no pair is left.
    func measures(
        until rule: StoppingRule, _ sequence: ConfidenceSequence
    ) throws -> (measures: PatchMeasures, pairs: Int, stop: Stop) {
        let clusters = pairs.map(\.cluster)
        var found: PatchMeasures?
        var (taken, reach) = (0, Double.infinity)
        let batches = rule.batches(of: clusters)
        for (number, batch) in batches.enumerated() {
            var run = over(Array(pairs[batch]))
            run.name = "batch \(number)"
            let part: PatchMeasures
            do { part = try run.measures() } catch var left as WorkLeft {
                // Whether the next batch runs is known when this one is done.
                left.roundsAfter += batches.count - number - 1
                left.isWhole = left.isWhole && left.roundsAfter == 0
                throw left
            }
            let all = found.map { $0.followed(by: part) } ?? part
            found = all
            taken = batch.upperBound
            reach = rule.reach(all, clusters: Array(clusters.prefix(taken)), sequence: sequence)
            if reach <= rule.halfWidth { break }
        }
        guard let found else { preconditionFailure("a sweep over no pairs") }
        return (found, taken, Stop(reach: reach, isNarrow: reach <= rule.halfWidth))
    }
}
