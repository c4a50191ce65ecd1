import Statistics

/// Late effects and their interaction by layer, with intervals over prompts, and bands and tests over all layers at once.
public struct FactorialEffects: Sendable {
    /// One effect at one layer.
    public struct Row: Sendable {
        /// The first of the later layers; nil where nothing says which it is.
        public let layer: Int?
        /// Which effect.
        public let effect: FourCells.Effect
        /// Over pairs; the recovery is its share of the gain.
        public let statistics: EffectStatistics.Row
    }

    /// The mean of one cell at one layer.
    public struct CellMean: Sendable {
        /// The first of the later layers; nil where nothing says which it is.
        public let layer: Int?
        /// Whether the layers before it, and the later ones, are the tuned model's.
        public let upstreamIsTuned, laterIsTuned: Bool
        /// Over pairs.
        public let mean: Double
        /// Over prompts.
        public let interval: Interval?
    }

    /// The cells of each layer, rising.
    public let cells: [FourCells]
    /// The number of each pair among those that were looked at, `[pair]`.
    public let numbers: [Int]
    /// The prompt of each pair, `[pair]`.
    public let clusters: [Int]
    /// The pairs that choose a layer, and those that judge it; every pair in both where there is one layer only.
    public let halves: Halves
    /// Effects within ± this count as nothing.
    public let negligible: Double
    /// Three for each layer.
    public let rows: [Row]
    /// Four for each layer.
    public let means: [CellMean]
    /// Y(T, T) − Y(B, B) over all pairs, and its interval over prompts.
    public let gain: (mean: Double, interval: Interval?)
    /// The layer that the summary is about: the only one, or that of the largest interaction on the pairs that choose.
    public let chosen: Chosen?

    /// - Parameters:
    ///   - cells: one or more layers, rising.
    ///   - numbers: of the pairs, `[pair]`.
    ///   - clusters: the prompt of each pair, `[pair]`.
    public init(_ cells: [FourCells], numbers: [Int], clusters: [Int], halves: Halves, negligible: Double, seed: UInt64)
    {
        self.cells = cells
        self.numbers = numbers
        self.clusters = clusters
        self.negligible = negligible
        let halves = cells.count > 1 ? halves : Halves(all: clusters.count, areApart: true)
        self.halves = halves
        let statistics = EffectStatistics(clusters: clusters, negligible: negligible, seed: seed)
        let places = cells.flatMap { cell in FourCells.Effect.allCases.map { (cell, $0) } }
        let found = statistics.rows(
            places.map { $0.0.values($0.1) }, gain: cells.first?.gain ?? [],
            families: FourCells.Effect.allCases.map { effect in places.indices.filter { places[$0].1 == effect } })
        rows = zip(places, found).map { Row(layer: $0.0.layer, effect: $0.1, statistics: $1) }
        let columns = cells.flatMap { [$0.baseBase, $0.baseTuned, $0.tunedBase, $0.tunedTuned] }
        let intervals = ClusterBootstrap(seed: seed).means(of: ClusteredValues(columns, clusters: clusters))
        means = columns.indices.map { index in
            CellMean(
                layer: cells[index / 4].layer, upstreamIsTuned: index % 4 >= 2, laterIsTuned: index % 2 == 1,
                mean: columns[index].mean, interval: intervals[index])
        }
        let gains = cells.first?.gain ?? []
        gain = (
            gains.mean, ClusterBootstrap(seed: seed).means(of: ClusteredValues(gains, clusters: clusters))[0]
        )
        chosen = cells.largest { $0.values(.interaction).at(halves.fit).mean }.map { cells in
            let confirmed = EffectStatistics(
                clusters: clusters.at(halves.confirm), negligible: negligible, seed: seed)
            let found = confirmed.rows(
                FourCells.Effect.allCases.map { cells.values($0).at(halves.confirm) },
                gain: cells.gain.at(halves.confirm), families: FourCells.Effect.allCases.indices.map { [$0] })
            return Chosen(
                layer: cells.layer, gain: cells.gain.at(halves.confirm).mean,
                byEffect: Dictionary(uniqueKeysWithValues: zip(FourCells.Effect.allCases, found)))
        }
    }

    /// One layer's effects on the pairs that judge it.
    public struct Chosen: Sendable {
        /// The first of the later layers; nil where nothing says which it is.
        public let layer: Int?
        /// The mean gain over those pairs; shares are relative to it.
        public let gain: Double
        private let byEffect: [FourCells.Effect: EffectStatistics.Row]

        fileprivate init(layer: Int?, gain: Double, byEffect: [FourCells.Effect: EffectStatistics.Row]) {
            self.layer = layer
            self.gain = gain
            self.byEffect = byEffect
        }

        /// One effect's statistics.
        public subscript(effect: FourCells.Effect) -> EffectStatistics.Row? { byEffect[effect] }
    }

    /// The largest difference between the clean models of one layer and those of another, which must be 0.
    public var cleanDifference: Double {
        cells.dropFirst().flatMap { cell in
            zip(cell.baseBase, cells[0].baseBase).map { abs($0 - $1) }
                + zip(cell.tunedTuned, cells[0].tunedTuned).map { abs($0 - $1) }
        }.max() ?? 0
    }
}
