import Statistics

/// How a localiser is judged on one model.
public enum LocaliserMeasure: String, Sendable, CaseIterable {
    /// The area under the ROC curve of the scores' sizes: planted layers against the others.
    case auroc
    /// The share of the scores' sizes that planted layers have.
    case mass
    /// The share of planted layers that the test names.
    case found
    /// The share of unchanged layers that the test names, where something was planted.
    case misplaced
    /// The share of layers that the test names where nothing was planted.
    case falsePositives = "false_positives"

    /// At this or below, a corrected p-value names its layer.
    public static let level = 0.05

    /// Whether it is about p-values.
    public var needsTest: Bool {
        switch self {
        case .auroc, .mass: false
        case .found, .misplaced, .falsePositives: true
        }
    }

    /// The measure on one model; nil where it has none.
    /// - Parameters:
    ///   - scores: `[layer]`.
    ///   - p: corrected p-values, `[layer]`; nil where the localiser has no test.
    func value(_ model: PlantedModel, scores: [Double], p: [Double]?) -> Double? {
        let sizes = scores.map(abs)
        let planted = sizes.indices.map(model.planted.contains)
        switch self {
        case .auroc: return RankAccuracy.areaUnderCurve(sizes, wanted: planted)
        case .mass:
            guard !model.planted.isEmpty else { return nil }
            let total = sizes.reduce(0, +)
            // Scores that are all nothing point nowhere, and so do scores that are all the same.
            guard total > 0 else { return Self.chance(of: model) }
            return model.planted.reduce(0) { $0 + sizes[$1] } / total
        case .found: return share(of: model.planted, in: p)
        case .misplaced:
            return model.planted.isEmpty
                ? nil : share(of: sizes.indices.filter { !model.changed.contains($0) }, in: p)
        case .falsePositives: return model.planted.isEmpty ? share(of: Array(sizes.indices), in: p) : nil
        }
    }

    /// The share of layers that were planted: the mass that equal scores give them.
    static func chance(of model: PlantedModel) -> Double { Double(model.planted.count) / Double(model.layers) }

    private func share(of layers: [Int], in p: [Double]?) -> Double? {
        guard let p, !layers.isEmpty else { return nil }
        return Double(layers.count { p[$0] <= Self.level }) / Double(layers.count)
    }
}
