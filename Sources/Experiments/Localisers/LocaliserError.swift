/// Why the scores of localisers, or the truth that they are judged by, cannot be used.
public struct LocaliserError: Error, Sendable, Equatable {
    /// What is wrong.
    public enum Problem: Sendable, Equatable {
        /// A column that a file does not have.
        case missingColumn(String, found: [String])
        /// A value that is not of the kind that its column holds.
        case wrongKind(column: String, expected: String, found: String)
        /// Layers that do not rise, each once.
        case unsorted(column: String, [Int])
        /// A layer that the model does not have.
        case missingLayer(Int, column: String, count: Int)
        /// A planted layer that was not changed.
        case unchanged(Int)
        /// The same model in an earlier row of the truth.
        case repeatedModel(PlantedModel.ID, first: Int)
        /// A model that the truth does not have.
        case unknownModel(PlantedModel.ID, known: [PlantedModel.ID])
        /// A second score of the same layer by the same localiser.
        case repeatedScore(first: LayerScore.Source)
        /// Layers of a model that a localiser gives no score.
        case missingScores(localiser: String, PlantedModel.ID, layers: [Int])
        /// A p-value where the localiser's first row has none, or none where that has one.
        case mixedTest(localiser: String, hasP: Bool, first: LayerScore.Source)
    }

    /// The file; nil where no one file is at fault.
    public let file: String?
    /// The row in it, from 1; nil where no row is at fault.
    public let row: Int?
    /// What is wrong there.
    public let problem: Problem

    /// An error at its place.
    public init(file: String? = nil, row: Int? = nil, _ problem: Problem) {
        self.file = file
        self.row = row
        self.problem = problem
    }

    init(_ source: LayerScore.Source, _ problem: Problem) {
        self.init(file: source.file, row: source.row, problem)
    }
}
