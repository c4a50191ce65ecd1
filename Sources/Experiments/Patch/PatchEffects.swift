import Interventions
import Statistics

/// A sweep's measures with their statistics.
public struct PatchEffects: Sendable {
    /// One place with its statistics.
    public struct Row: Sendable {
        /// What was measured there.
        public let cell: PatchCell
        /// Of the effect.
        public let statistics: EffectStatistics.Row
        /// Of what the layer itself adds.
        public fileprivate(set) var increment: EffectStatistics.Row?
        /// m(T) + m(B) − C(l) − N(l)
        public fileprivate(set) var interaction: Double?
        /// 1 − c − n, with C and N as shares of the way from m(B) to m(T).
        public fileprivate(set) var interactionShare: Double?

        /// Where, and what stood in for the donor.
        public var place: Place { cell.place }
        /// The mean over pairs.
        public var effect: Double { statistics.mean }
    }

    /// What was measured.
    public let measures: PatchMeasures
    /// The pairs that choose, and those that judge.
    public let halves: Halves
    /// The prompt of each pair, `[pair]`.
    public let clusters: [Int]
    /// Effects within ± this count as nothing.
    public let negligible: Double
    let seed: UInt64
    /// Every place.
    public private(set) var rows: [Row] = []

    /// - Parameter matched: places of pairs whose responses are about equally long, for the control `length_matched`.
    init(
        _ measures: PatchMeasures, halves: Halves, clusters: [Int], matched: [Int], negligible: Double, seed: UInt64
    ) {
        self.measures = measures
        self.halves = halves
        self.clusters = clusters
        self.negligible = negligible
        self.seed = seed
        let all = Array(clusters.indices)
        rows = measured(measures.cells.filter { $0.place.control != .lengthMatched }, over: all)
        let few = measures.cells.filter { $0.place.control == .lengthMatched }
        if !few.isEmpty, !matched.isEmpty { rows += measured(few, over: matched) }
        if measures.isHybrid { addInteractions() }
    }

    /// Which way the values are about: the first of the sweep.
    public var direction: Direction { measures.directions.first ?? .tunedToBase }

    /// The rows of a direction with one control, or with none.
    public func rows(_ direction: Direction, _ control: Control) -> [Row] {
        rows.filter { $0.place.direction == direction && $0.place.control == control }
    }

    private func measured(_ cells: [PatchCell], over pairs: [Int]) -> [Row] {
        let statistics = EffectStatistics(clusters: clusters.at(pairs), negligible: negligible, seed: seed)
        let gain = measures.gain.at(pairs)
        func families(_ places: [Int]) -> [[Int]] {
            let keys = places.map { "\(cells[$0].place.direction.rawValue) \(cells[$0].place.control.rawValue)" }
            var order: [String] = []
            for key in keys where !order.contains(key) { order.append(key) }
            return order.map { key in keys.indices.filter { keys[$0] == key } }
        }
        let found = statistics.rows(
            cells.map { $0.effects.at(pairs) }, gain: gain, families: families(Array(cells.indices)))
        var rows = zip(cells, found).map { Row(cell: $0, statistics: $1) }
        let stepping = cells.indices.filter { cells[$0].increments != nil }
        let steps = statistics.rows(
            stepping.compactMap { cells[$0].increments?.at(pairs) }, gain: gain, families: families(stepping))
        for (place, index) in stepping.enumerated() { rows[index].increment = steps[place] }
        return rows
    }

    private mutating func addInteractions() {
        guard measures.directions.count == 2 else { return }
        let gain = measures.gain.mean
        for index in rows.indices where rows[index].place.control == .none {
            let place = rows[index].place
            let other = rows.first {
                $0.place.layer == place.layer && $0.place.control == .none && $0.place.direction != place.direction
            }
            // m(T) + m(B) − C − N, with each effect measured from its own recipient.
            guard let other else { continue }
            let interaction = 0 - rows[index].effect - other.effect
            rows[index].interaction = interaction
            rows[index].interactionShare = gain == 0 ? nil : interaction / gain
        }
    }

    /// The rows of a direction with what each layer itself adds: the step of a hybrid, what leaving it out loses, else the effect.
    public func own(_ direction: Direction) -> [(layer: Int, values: [Double], statistics: EffectStatistics.Row)] {
        rows(direction, .none).compactMap { row in
            if measures.isHybrid || measures.estimand == .leaveOneOut {
                guard let increment = row.increment, let values = row.cell.increments else { return nil }
                return (row.place.layer, values, increment)
            }
            return (row.place.layer, row.cell.effects, row.statistics)
        }
    }

    /// Statistics of one cell over the pairs that judge choices.
    func confirmed(_ values: [Double]) -> EffectStatistics.Row {
        EffectStatistics(clusters: clusters.at(halves.confirm), negligible: negligible, seed: seed).rows(
            [values.at(halves.confirm)], gain: measures.gain.at(halves.confirm), families: [[0]])[0]
    }

    /// The row that a choice on the fitting pairs falls on: the largest effect in size, the first of equals.
    func peak(_ direction: Direction) -> Row? {
        rows(direction, .none).largest { telling($0).at(halves.fit).mean }
    }

    /// What tells layers apart: the effect, but what is lost where all of the donor but one block ran.
    func telling(_ row: Row) -> [Double] {
        measures.estimand == .leaveOneOut ? row.cell.increments ?? row.cell.effects : row.cell.effects
    }
}
