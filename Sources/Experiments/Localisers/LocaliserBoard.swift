import Statistics

/// Localisers judged on models whose tuned layers are known.
public struct LocaliserBoard: Sendable {
    /// One localiser's results.
    public struct Entry: Sendable {
        /// Its name.
        public let localiser: String
        /// By measure, over all models that have it.
        public let means: [LocaliserMeasure: StratifiedMean]
        /// By how much its area under the curve is below the first entry's, model by model.
        public fileprivate(set) var below: StratifiedMean?
        /// By way of planting, in the truth's order.
        public let cases: [Case]

        /// A measure's values, `[case][seed]`, of the cases that have it.
        fileprivate func strata(_ measure: LocaliserMeasure) -> [[Double]] { cases.compactMap { $0.values[measure] } }
    }

    /// One localiser's results on the models of one way of planting.
    public struct Case: Sendable {
        /// The localiser's name.
        public let localiser: String
        /// The way of planting.
        public let planting: String
        /// By measure that the case's models have, one value for each seed.
        public let values: [LocaliserMeasure: [Double]]
        /// The mean share of layers that were planted; nil where none is.
        public let chance: Double?

        /// The mean over seeds; nil where the models lack this measure.
        public func mean(_ measure: LocaliserMeasure) -> Double? { values[measure]?.mean }
    }

    /// The localiser with the largest mean area first.
    public private(set) var entries: [Entry]
    /// Ways of planting, in the truth's order.
    public let plantings: [String]
    /// How many models there are.
    public let models: Int
    /// The mean share of layers that were planted, over ways of planting that have some; nil where none has.
    public let chance: Double?

    /// Judges every localiser on every model.
    /// - Parameter cases: the ways of planting whose models count; nil for all.
    /// - Throws: ``LocaliserError`` for a score of a model or a layer that is not there, twice the same, and one that is missing.
    public init(
        _ models: [PlantedModel], _ scores: [LayerScore], cases: [String]? = nil
    ) throws(LocaliserError) {
        let grid = try ScoreGrid(models, scores)
        let models = models.filter { cases?.contains($0.id.planting) ?? true }
        let plantings = PlantedModel.ID.plantings(models.map(\.id))
        let groups = plantings.map { planting in models.filter { $0.id.planting == planting } }
        func chance(_ models: [PlantedModel]) -> Double? {
            let shares = models.filter { !$0.planted.isEmpty }.map(LocaliserMeasure.chance)
            return shares.isEmpty ? nil : shares.mean
        }
        let chances = groups.map(chance)
        self.plantings = plantings
        self.models = models.count
        let known = chances.compactMap(\.self)
        self.chance = known.isEmpty ? nil : known.mean
        entries = grid.localisers.map { localiser in
            let cases = zip(zip(plantings, groups), chances).map { group, chance in
                var values: [LocaliserMeasure: [Double]] = [:]
                for measure in LocaliserMeasure.allCases {
                    let found = group.1.compactMap { model in
                        measure.value(
                            model, scores: grid.scores(localiser, model), p: grid.p(localiser, model))
                    }
                    if !found.isEmpty { values[measure] = found }
                }
                return Case(localiser: localiser, planting: group.0, values: values, chance: chance)
            }
            var means: [LocaliserMeasure: StratifiedMean] = [:]
            for measure in LocaliserMeasure.allCases {
                let some = cases.compactMap { $0.values[measure] }
                if !some.isEmpty { means[measure] = StratifiedMean(some, within: 0...1) }
            }
            return Entry(localiser: localiser, means: means, below: nil, cases: cases)
        }
        // In the order of their first rows where areas are equal.
        entries = entries.enumerated().sorted { left, right in
            let (a, b) = (left.element.means[.auroc]?.mean ?? 0, right.element.means[.auroc]?.mean ?? 0)
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
        guard let first = entries.first?.strata(.auroc), !first.isEmpty else { return }
        for place in entries.indices.dropFirst() {
            let own = entries[place].strata(.auroc)
            entries[place].below = StratifiedMean(
                zip(first, own).map { $0.minus($1) }, within: -1...1)
        }
    }
}

/// Scores by localiser and model, every layer filled.
private struct ScoreGrid {
    /// In the order of their first rows.
    private(set) var localisers: [String] = []
    private var rows: [Key: [LayerScore?]] = [:]

    private struct Key: Hashable {
        let localiser: String
        let model: PlantedModel.ID
    }

    init(_ models: [PlantedModel], _ scores: [LayerScore]) throws(LocaliserError) {
        let layers = Dictionary(models.map { ($0.id, $0.layers) }) { first, _ in first }
        var first: [String: LayerScore] = [:]
        for score in scores {
            guard let count = layers[score.model] else {
                throw LocaliserError(score.source, .unknownModel(score.model, known: models.map(\.id)))
            }
            guard (0..<count).contains(score.layer) else {
                throw LocaliserError(score.source, .missingLayer(score.layer, column: "layer", count: count))
            }
            if let before = first[score.localiser] {
                guard (before.p == nil) == (score.p == nil) else {
                    throw LocaliserError(
                        score.source,
                        .mixedTest(localiser: score.localiser, hasP: score.p != nil, first: before.source))
                }
            } else {
                first[score.localiser] = score
                localisers.append(score.localiser)
            }
            let key = Key(localiser: score.localiser, model: score.model)
            var row = rows[key] ?? Array(repeating: nil, count: count)
            if let before = row[score.layer] {
                throw LocaliserError(score.source, .repeatedScore(first: before.source))
            }
            row[score.layer] = score
            rows[key] = row
        }
        for localiser in localisers {
            for model in models {
                let row = rows[Key(localiser: localiser, model: model.id)] ?? Array(repeating: nil, count: model.layers)
                let missing = row.indices.filter { row[$0] == nil }
                guard missing.isEmpty else {
                    throw LocaliserError(.missingScores(localiser: localiser, model.id, layers: missing))
                }
            }
        }
    }

    private func row(_ localiser: String, _ model: PlantedModel) -> [LayerScore] {
        rows[Key(localiser: localiser, model: model.id)]?.compactMap(\.self) ?? []
    }

    func scores(_ localiser: String, _ model: PlantedModel) -> [Double] { row(localiser, model).map(\.score) }

    func p(_ localiser: String, _ model: PlantedModel) -> [Double]? {
        let p = row(localiser, model).compactMap(\.p)
        return p.isEmpty ? nil : p
    }
}
