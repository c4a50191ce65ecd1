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
        /// Of m(T) + m(B) − C(l) − N(l); its recovery is 1 − c − n, with C and N as shares of the way from m(B) to m(T).
        public fileprivate(set) var interaction: EffectStatistics.Row?
        /// The interaction of each pair, `[pair]`.
        fileprivate(set) var interactions: [Double]?
        /// Places of the pairs that it is over.
        public let pairs: [Int]

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
    /// Tokens of each pair's rejected response minus those of the chosen one, `[pair]`; nil where they are not known.
    let excess: [Int]?
    /// Effects within ± this count as nothing.
    public let negligible: Double
    let seed: UInt64
    /// Makes intervals and tests hold whenever the adding of pairs stopped; nil where their number was given.
    private let sequence: ConfidenceSequence?
    /// Every place.
    public private(set) var rows: [Row] = []

    /// - Parameter matched: places of pairs whose responses are about equally long, for the control `length_matched`.
    init(
        _ measures: PatchMeasures, halves: Halves, clusters: [Int], excess: [Int]?, matched: [Int],
        negligible: Double, seed: UInt64, sequence: ConfidenceSequence? = nil
    ) {
        self.measures = measures
        self.halves = halves
        self.clusters = clusters
        self.excess = excess
        self.negligible = negligible
        self.seed = seed
        self.sequence = sequence
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

    private func statistics(over pairs: [Int]) -> EffectStatistics {
        EffectStatistics(
            clusters: clusters.at(pairs), negligible: negligible, seed: seed, sequence: sequence,
            excess: excess?.at(pairs))
    }

    private func measured(_ cells: [PatchCell], over pairs: [Int]) -> [Row] {
        let statistics = statistics(over: pairs)
        let gain = measures.gain.at(pairs)
        func families(_ places: [Int]) -> [[Int]] {
            let keys = places.map { "\(cells[$0].place.direction.rawValue) \(cells[$0].place.control.rawValue)" }
            var order: [String] = []
            for key in keys where !order.contains(key) { order.append(key) }
            return order.map { key in keys.indices.filter { keys[$0] == key } }
        }
        let found = statistics.rows(
            cells.map { $0.effects.at(pairs) }, gain: gain, families: families(Array(cells.indices)))
        var rows = zip(cells, found).map { Row(cell: $0, statistics: $1, pairs: pairs) }
        let stepping = cells.indices.filter { cells[$0].increments != nil }
        let steps = statistics.rows(
            stepping.compactMap { cells[$0].increments?.at(pairs) }, gain: gain, families: families(stepping))
        for (place, index) in stepping.enumerated() { rows[index].increment = steps[place] }
        return rows
    }

    /// m(T) + m(B) − C − N for each pair, with each effect measured from its own recipient.
    private mutating func addInteractions() {
        guard measures.directions.count == 2 else { return }
        for direction in measures.directions {
            let places = rows.indices.filter {
                rows[$0].place.direction == direction && rows[$0].place.control == .none
            }
            for index in places {
                let other = rows.first {
                    $0.place.layer == rows[index].place.layer && $0.place.control == .none
                        && $0.place.direction != direction
                }
                rows[index].interactions = other.map { other in
                    zip(rows[index].cell.effects, other.cell.effects).map { 0 - $0 - $1 }
                }
            }
            let both = places.filter { rows[$0].interactions != nil }
            let found = statistics(over: Array(clusters.indices)).rows(
                both.compactMap { rows[$0].interactions }, gain: measures.gain, families: [Array(both.indices)])
            for (index, interaction) in zip(both, found) { rows[index].interaction = interaction }
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

    /// A choice made on the fit pairs, as the confirm pairs judge it.
    func confirmed(_ values: [Double]) -> Judged { judged(values, over: halves.confirm) }

    private func judged(_ values: [Double], over pairs: [Int]) -> Judged {
        Judged(
            values: values,
            statistics: statistics(over: pairs).rows(
                [values.at(pairs)], gain: measures.gain.at(pairs), families: [[0]])[0])
    }

    /// The patch's effect minus a control's at the same place, over the control's pairs.
    public func difference(from control: Row) -> Judged? {
        let place = control.place
        let patch = rows(place.direction, .none).first {
            $0.place.layer == place.layer && $0.place.positions == place.positions && $0.place.head == place.head
        }
        return patch.map { judged($0.cell.effects.minus(control.cell.effects), over: control.pairs) }
    }

    /// What the pairs that judge say of a choice, or of a difference.
    public struct Judged: Sendable {
        /// Of every pair, those that chose too, `[pair]`.
        public let values: [Double]
        /// Over the pairs that judge.
        public let statistics: EffectStatistics.Row
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
