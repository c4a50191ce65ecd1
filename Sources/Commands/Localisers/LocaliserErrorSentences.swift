import Experiments

/// What is wrong with scores or their truth, in the words of a notebook.
extension LocaliserError: CustomStringConvertible {
    /// The whole sentence, with its place.
    public var description: String {
        let place = [file.map { "'\($0)'" }, row.map { "row \($0)" }].compactMap(\.self).joined(separator: ", ")
        return (place.isEmpty ? "" : "\(place): ") + problem.description
    }
}

extension LocaliserError.Problem: CustomStringConvertible {
    /// The sentence without its place.
    public var description: String {
        switch self {
        case .missingColumn(let column, let found):
            "there is no column '\(column)'; found \(found.map { "'\($0)'" }.joined(separator: ", "))"
        case .wrongKind(let column, let expected, let found): "'\(column)' must be \(expected), found \(found)"
        case .unsorted(let column, let layers): "the layers of '\(column)' must rise, found \(Self.list(layers))"
        case .missingLayer(let layer, let column, let count):
            "'\(column)' names layer \(layer), but the model has the layers 0 to \(count - 1)"
        case .unchanged(let layer): "layer \(layer) is planted, but it is not among 'changed'"
        case .repeatedModel(let model, let first): "\(model) is in row \(first) already"
        case .unknownModel(let model, let known):
            known.contains { $0.planting == model.planting }
                ? "case '\(model.planting)' has no seed \(model.seed)"
                : "there is no case '\(model.planting)'; the cases are \(PlantedModel.ID.plantings(known).map { "'\($0)'" }.joined(separator: ", "))"
        case .repeatedScore(let first): "the same layer by the same localiser as '\(first.file)', row \(first.row)"
        case .missingScores(let localiser, let model, let layers):
            "localiser '\(localiser)' has no score of \(model), layers \(Self.list(layers))"
        case .mixedTest(let localiser, let hasP, let first):
            "localiser '\(localiser)' has \(hasP ? "a p-value here and none" : "no p-value here and one") in "
                + "'\(first.file)', row \(first.row); a localiser has them in all rows or in none"
        }
    }

    private static func list(_ layers: [Int]) -> String { layers.map(String.init).joined(separator: ", ") }
}

extension PlantedModel.ID: CustomStringConvertible {
    /// The model in words: `case 'heads', seed 2`.
    public var description: String { "case '\(planting)', seed \(seed)" }
}
