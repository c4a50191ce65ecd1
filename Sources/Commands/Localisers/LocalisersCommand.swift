import Experiments
import Markdown
import Notebooks
import Statistics
import Values

/// `{localisers}`: which ways of naming layers find those that are known to be tuned.
public struct LocalisersCommand: Command {
    /// The name in the fence.
    public static let name = "localisers"
    /// One line of help.
    public static let summary =
        "Judges ways of naming layers on models whose tuned layers are known: ranks, mass, and what their tests name."

    static let truth = Option<String>.path(
        "truth",
        help:
            "the models as CSV: case, seed, how many layers, and the numbers of the planted and of all changed layers separated by spaces"
    )
    static let scores = Option.texts(
        "scores", type: "a path, or a list of paths",
        help: "scores as CSV: case, seed, localiser, layer, score and, of localisers with a test, corrected p")
    static let cases = Option.texts(
        "cases", type: "a name, or a list of names", help: "the ways of planting whose models count; without it, all"
    ).optional

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        truth
        scores
        cases
    }

    private let truth: String
    /// Files that hold scores.
    public let paths: [String]
    private let board: LocaliserBoard

    /// Reads the files, which are small, so that `check` finds what is wrong with them.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        truth = try arguments.value(Self.truth)
        paths = try arguments.value(Self.scores)
        func file(_ path: String, _ option: String) throws(ArgumentError) -> LocaliserFile {
            LocaliserFile(
                path: path, table: try CSVReader.table(atPath: path, option: option, in: arguments.project))
        }
        let truthFile = try file(truth, "truth")
        var scoreFiles: [LocaliserFile] = []
        for path in paths { scoreFiles.append(try file(path, "scores")) }
        let models: [PlantedModel]
        do {
            models = try truthFile.models()
        } catch {
            throw ArgumentError(option: "truth", "\(error)")
        }
        let cases = try arguments.value(Self.cases)
        let known = PlantedModel.ID.plantings(models.map(\.id))
        if let unknown = cases?.first(where: { !known.contains($0) }) {
            throw ArgumentError(
                option: "cases", "'\(truth)' has no case '\(unknown)'",
                replacements: Suggestion.closest(to: unknown, among: known))
        }
        do {
            var scores: [LayerScore] = []
            for file in scoreFiles { scores += try file.scores() }
            board = try LocaliserBoard(models, scores, cases: cases)
        } catch {
            throw ArgumentError(option: "scores", "\(error)")
        }
    }

    private static let seeds = "95 % interval, over training seeds"

    /// What is known of one localiser: measures over all cases, and on each.
    private struct Known: Sendable {
        let localiser: String
        let measures: [LocaliserMeasure]
        let isCompared: Bool
        let cases: [(planting: String, measures: [LocaliserMeasure])]
    }

    private static func values(of localisers: [Known]) -> OutputValues<LocaliserBoard> {
        OutputValues {
            Output("count", "how many localisers") { $0.entries.count }
            Output("models", "how many models") { $0.models }
            Output("cases", "how many ways of planting") { $0.plantings.count }
            Output("chance", "the mass on planted layers of a localiser that gives every layer the same") {
                $0.chance
            }
            Output("first", "the localiser with the largest mean area under the ROC curve") {
                $0.entries.first { $0.means[.auroc] != nil }?.localiser
            }
            for known in localisers {
                let name = known.localiser
                for measure in known.measures {
                    mean("\(name).\(measure.rawValue)", measure.help) { $0.entry(name)?.means[measure] }
                }
                if known.isCompared {
                    mean("\(name).below", "by how much its area is below the first one's, model by model") {
                        $0.entry(name)?.below
                    }
                }
                for (planting, measures) in known.cases {
                    for measure in measures {
                        Output("\(name).\(planting).\(measure.rawValue)", "\(measure.help), on this case") {
                            $0.entry(name)?.case(planting)?.mean(measure)
                        }
                    }
                }
            }
        }
    }

    private var values: OutputValues<LocaliserBoard> {
        Self.values(
            of: board.entries.map { entry in
                Known(
                    localiser: entry.localiser, measures: LocaliserMeasure.allCases.filter { entry.means[$0] != nil },
                    isCompared: entry.below != nil,
                    cases: entry.cases.map { one in
                        (one.planting, LocaliserMeasure.allCases.filter { one.mean($0) != nil })
                    })
            })
    }

    private static func mean(
        _ name: String, _ help: String, of read: @escaping @Sendable (LocaliserBoard) -> StratifiedMean?
    ) -> [Output<LocaliserBoard>] {
        [Output(name, help) { read($0)?.mean }] + Output.ends("\(name).", of: seeds) { read($0)?.interval }
    }

    private static let entryTable = OutputTable<LocaliserBoard.Entry>("localisers") {
        Output("localiser", "its name") { $0.localiser }
        for measure in LocaliserMeasure.allCases {
            Output(measure.rawValue, measure.help) { $0.means[measure]?.mean }
            Output.ends("\(measure.rawValue)_", of: seeds) { $0.means[measure]?.interval }
        }
        Output("below", "by how much its area is below the first one's, model by model") { $0.below?.mean }
        Output.ends("below_", of: seeds) { $0.below?.interval }
    }

    private static let caseTable = OutputTable<LocaliserBoard.Case>("cases") {
        Output("localiser", "its name") { $0.localiser }
        Output("case", "the way of planting") { $0.planting }
        Output("auroc", LocaliserMeasure.auroc.help) { $0.mean(.auroc) }
        Output("auroc_least", "the least of the seeds") { $0.values[.auroc]?.min() }
        Output("auroc_greatest", "the greatest of the seeds") { $0.values[.auroc]?.max() }
        Output("mass", LocaliserMeasure.mass.help) { $0.mean(.mass) }
        Output("mass_chance", "the share of layers that were planted") { $0.chance }
        for measure in LocaliserMeasure.allCases where measure.needsTest {
            Output(measure.rawValue, measure.help) { $0.mean(measure) }
        }
    }

    /// All that it may produce.
    public static var outputs: Outputs {
        values(of: [
            Known(
                localiser: "LOCALISER", measures: LocaliserMeasure.allCases, isCompared: true,
                cases: [("CASE", LocaliserMeasure.allCases)])
        ])
        entryTable
        caseTable
        Outputs(figures: LocaliserFigures.names)
    }

    /// The values of the localisers and cases that the files name.
    public var outputs: Outputs {
        values
        Self.entryTable
        Self.caseTable
        Outputs(figures: LocaliserFigures.names)
    }

    /// The files, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        func input(_ name: String, _ path: String) throws -> Input {
            Input(name: name, digest: try reader.digest(ofFiles: [try reader.project.resolve(path)]))
        }
        return [try input("truth", truth)] + (try paths.map { try input("scores", $0) })
    }

    /// Says what was found when the block was bound.
    public func run(_ bindings: Bindings) throws -> Outcome {
        var outcome = Outcome()
        outcome.set(values, of: board)
        let entries = outcome.add(Self.entryTable, board.entries)
        outcome.add(Self.caseTable, board.entries.flatMap(\.cases))
        outcome.figures = LocaliserFigures(board: board, entries: entries).all
        return outcome
    }
}

extension LocaliserMeasure {
    /// What it is, for help.
    var help: String {
        switch self {
        case .auroc:
            "area under the ROC curve of the scores' sizes, planted layers against the others, ties counted half"
        case .mass: "the share of the scores' sizes that planted layers have"
        case .found: "the share of planted layers that the test names at 5 %"
        case .misplaced: "the share of unchanged layers that the test names at 5 %, where something was planted"
        case .falsePositives: "the share of layers that the test names at 5 %, where nothing was planted"
        }
    }
}

extension LocaliserBoard {
    fileprivate func entry(_ name: String) -> Entry? { entries.first { $0.localiser == name } }
}

extension LocaliserBoard.Entry {
    fileprivate func `case`(_ planting: String) -> LocaliserBoard.Case? { cases.first { $0.planting == planting } }
}
