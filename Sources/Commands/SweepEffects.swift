import Interventions
import Notebooks
import Statistics

/// A sweep's margins as effects with their statistics: means, intervals and tests by layer, direction and control.
struct SweepEffects {
    /// One patch with its statistics; effects and increments in nats.
    struct Row {
        let layer: Int
        let direction: Direction
        let control: Control
        /// Patched margin minus the recipient's own, `[pair]`.
        let effects: [Double]
        let margins: [Double]
        let effect: Double
        let interval: Interval?
        /// Mean effect over mean gain.
        let recovery: Interval?
        /// From a sign-flip test over prompts, for all layers of this direction and control at once (max-T).
        var p = 1.0
        /// Benjamini & Hochberg's, over the same layers.
        var q = 1.0
        var increment: Increment?
        /// m(T) + m(B) − C(l) − N(l)
        var interaction: Double?
    }

    /// What one layer adds to the cumulative effect, with the layer before it as the ground.
    struct Increment {
        let mean: Double
        let interval: Interval?
        var p = 1.0
    }

    let sweep: LayerSweep
    let result: LayerSweep.Result
    /// Whether every layer was swept.
    let isWhole: Bool
    let gain: [Double]
    private(set) var rows: [Row] = []
    private let clusters: [Int]
    private let seed: UInt64

    init(_ sweep: LayerSweep, _ result: LayerSweep.Result, clusters: [Int], isWhole: Bool, seed: UInt64) {
        self.sweep = sweep
        self.result = result
        self.isWhole = isWhole
        self.clusters = clusters
        self.seed = seed
        gain = zip(result.tuned, result.base).map { $0 - $1 }
        measure()
        if isHybrid {
            addIncrements()
            addInteractions()
        }
    }

    var isHybrid: Bool { sweep.positions == .all && sweep.site == .residualPost }

    func rows(_ direction: Direction, _ control: Control) -> [Row] {
        rows.filter { $0.direction == direction && $0.control == control }
    }

    private func clustered(_ columns: [[Double]]) -> ClusteredValues { ClusteredValues(columns, clusters: clusters) }

    private mutating func measure() {
        let effects = result.cells.map { cell in
            zip(cell.margins, result[cell.direction.recipient]).map { $0 - $1 }
        }
        let bootstrap = ClusterBootstrap(seed: seed)
        let values = clustered(effects + [gain])
        let means = bootstrap.means(of: values)
        let ratios = bootstrap.ratios(of: values, to: effects.count)
        rows = result.cells.indices.map { index in
            let cell = result.cells[index]
            return Row(
                layer: cell.layer, direction: cell.direction, control: cell.control, effects: effects[index],
                margins: cell.margins, effect: effects[index].mean, interval: means[index],
                recovery: gain.mean == 0
                    ? nil
                    : ratios[index]
                        ?? Interval(
                            estimate: effects[index].mean / gain.mean, lower: .nan, upper: .nan))
        }
        for family in families() {
            let test = SignFlipTest(seed: seed).test(clustered(family.map { rows[$0].effects }))
            let adjusted = BenjaminiHochberg().adjust(test.p)
            for (place, index) in family.enumerated() {
                rows[index].p = test.adjusted[place]
                rows[index].q = adjusted[place]
            }
        }
    }

    /// Places of the rows that are tested together: all layers of one direction and control.
    private func families() -> [[Int]] {
        sweep.directions.flatMap { direction in
            sweep.controls.map { control in
                rows.indices.filter { rows[$0].direction == direction && rows[$0].control == control }
            }
        }
    }

    /// I(l) = C(l) − C(l−1), where the layer before was swept too; before layer 0 stands the donor's embedding alone.
    private mutating func addIncrements() {
        for (number, direction) in sweep.directions.enumerated() {
            let places = rows.indices.filter { rows[$0].direction == direction && rows[$0].control == .none }
            var found: [(place: Int, values: [Double])] = []
            for place in places {
                let layer = rows[place].layer
                let before =
                    layer == 0 ? result.embeddings[number] : result.cell(layer - 1, direction, .none)?.margins
                guard let before else { continue }
                found.append((place, zip(rows[place].margins, before).map { $0 - $1 }))
            }
            guard !found.isEmpty else { continue }
            let values = clustered(found.map(\.values))
            let intervals = ClusterBootstrap(seed: seed).means(of: values)
            let test = SignFlipTest(seed: seed).test(values)
            for (index, item) in found.enumerated() {
                rows[item.place].increment = Increment(
                    mean: item.values.mean, interval: intervals[index], p: test.adjusted[index])
            }
        }
    }

    private mutating func addInteractions() {
        guard sweep.directions.count == 2 else { return }
        for index in rows.indices where rows[index].control == .none {
            let other = rows[index].direction == .tunedToBase ? Direction.baseToTuned : .tunedToBase
            guard let twin = result.cell(rows[index].layer, other, .none) else { continue }
            rows[index].interaction =
                result.tuned.mean + result.base.mean - rows[index].margins.mean - twin.margins.mean
        }
    }

    /// The mean contribution of the donor's embedding, and of its final norm and head: the increments' two ends.
    func ends(_ direction: Direction) -> (embedding: Double, head: Double)? {
        guard isHybrid, isWhole, let number = sweep.directions.firstIndex(of: direction),
            let last = rows(direction, .none).last
        else { return nil }
        return (
            result.embeddings[number].mean - result[direction.recipient].mean,
            result[direction.donor].mean - last.margins.mean
        )
    }

    /// The identities of the method that this sweep can show.
    var checks: [Check] {
        var checks: [Check] = []
        if sweep.controls.contains(.itself) {
            let largest = rows.filter { $0.control == .itself }.flatMap(\.effects).map(abs).max() ?? 0
            checks.append(
                Check(
                    name: "A self-patch changes no margin (largest change)", found: largest,
                    tolerance: isHybrid ? 0 : 1e-5, unit: "nats"))
        }
        let largest = sweep.directions.enumerated().flatMap { number, direction in
            zip(result.heads[number], result[direction.donor]).map { abs($0 - $1) }
        }.max()
        checks.append(
            Check(
                name: "Patching every position of the last layer, under the donor's head, gives the donor's margin",
                found: largest ?? 0, tolerance: 0, unit: "nats"))
        for direction in sweep.directions {
            guard let ends = ends(direction) else { continue }
            let sum = rows(direction, .none).compactMap(\.increment?.mean).reduce(ends.embedding + ends.head, +)
            let whole = result[direction.donor].mean - result[direction.recipient].mean
            checks.append(
                Check(
                    name: "Increments with both end terms sum to the difference of the models (\(direction.rawValue))",
                    found: sum - whole, tolerance: 1e-9, unit: "nats"))
        }
        return checks
    }

    var notes: [String] {
        var notes: [String] = []
        if Set(clusters).count < 10 {
            notes.append(
                "Only \(Set(clusters).count) prompts: intervals over so few are rough, and no p-value can be below "
                    + "2 in 2 to the power of \(Set(clusters).count).")
        }
        if let interval = ClusterBootstrap(seed: seed).means(of: clustered([gain]))[0],
            interval.lower <= 0, interval.upper >= 0, gain.contains(where: { $0 != 0 })
        {
            notes.append("The mean gain's interval holds zero, so recoveries divide by a number that may be none.")
        }
        return notes
    }
}
