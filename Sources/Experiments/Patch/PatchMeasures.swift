import Interventions
import Statistics

/// What a sweep measured at one place, one number per pair.
public struct PatchCell: Sendable {
    /// Where, and what stood in for the donor.
    public let place: Place
    /// The metric of the run, `[pair]`; nil for a share of several runs, as Shapley's.
    public internal(set) var metric: [Double]?
    /// The run's metric minus the recipient's own, `[pair]`.
    public internal(set) var effects: [Double]
    /// Change of log p of each response in nats, `[pair]`.
    public internal(set) var chosen, rejected: [Double]?
    /// The standard error that taking some orders only brings, for Shapley shares.
    public var orderError: Double?
    /// What the layer itself adds, where that is not the effect, `[pair]`: the step of a hybrid, or what leaving it out loses.
    public var increments: [Double]?
}

/// What a sweep measured, before any statistics.
public struct PatchMeasures: Sendable {
    /// What was estimated.
    public let estimand: Estimand
    /// What was read off each run.
    public let metric: Metric
    /// In the order of the results.
    public let directions: [Direction]
    /// The metric of the clean runs, `[pair]`.
    public internal(set) var base, tuned: [Double]
    var cells: [PatchCell]
    /// Steps that the donor's embedding and its head bring, by direction, `[pair]`: what increments need to sum to the whole.
    public internal(set) var ends: [Direction: (embedding: [Double], head: [Double])] = [:]
    /// The recipient patched everywhere after the last layer under the donor's head, by direction, `[pair]`.
    var heads: [Direction: [Double]] = [:]
    /// Whether every layer was swept.
    var isWhole = true
    /// Whether patches at all positions of the residual stream make the runs hybrids.
    public internal(set) var isHybrid = false

    /// Tuned minus base, `[pair]`.
    public var gain: [Double] { tuned.minus(base) }

    subscript(source: Source) -> [Double] { source == .base ? base : tuned }

    /// The same sweep over these pairs and then others.
    func followed(by other: PatchMeasures) -> PatchMeasures {
        func joined(_ left: [Double]?, _ right: [Double]?) -> [Double]? {
            left.flatMap { left in right.map { left + $0 } }
        }
        var all = self
        all.base += other.base
        all.tuned += other.tuned
        for (place, cell) in other.cells.enumerated() {
            all.cells[place].effects += cell.effects
            all.cells[place].metric = joined(cells[place].metric, cell.metric)
            all.cells[place].chosen = joined(cells[place].chosen, cell.chosen)
            all.cells[place].rejected = joined(cells[place].rejected, cell.rejected)
            all.cells[place].increments = joined(cells[place].increments, cell.increments)
        }
        for (direction, end) in other.ends {
            all.ends[direction] = ends[direction].map { ($0.embedding + end.embedding, $0.head + end.head) }
        }
        for (direction, head) in other.heads { all.heads[direction] = joined(heads[direction], head) }
        return all
    }

    /// The steps of a hybrid: C(l) − C(l−1), where the layer before was swept too; before layer 0 stands the donor's embedding.
    mutating func addIncrements() {
        for direction in directions {
            let places = cells.indices.filter {
                cells[$0].place.direction == direction && cells[$0].place.control == .none
            }
            for place in places {
                let layer = cells[place].place.layer
                let before =
                    layer == 0
                    ? ends[direction].map(\.embedding)
                    : places.first { cells[$0].place.layer == layer - 1 }.map { cells[$0].effects }
                guard let before else { continue }
                cells[place].increments = cells[place].effects.minus(before)
            }
        }
    }
}
