import Experiments
import Interventions
import Notebooks
import Preferences
import Statistics
import Transformers

/// `{records}`: a sweep that another program ran, with the statistics and figures of one that was run here.
public struct RecordsCommand: Command {
    /// The name in the fence.
    public static let name = "records"
    /// One line of help.
    public static let summary =
        "Reads a sweep that was run elsewhere, with the same intervals, tests and figures as one that was run here."

    static let path = Option<String>.path(
        "path", to: .file, help: "rows of JSON Lines, a JSON list or CSV with a header; gzip and zstd are unpacked")
    static let badRow = Option.choice(
        "on_bad_row", PairSelection.BadRows.self, default: .error,
        help:
            "what happens to a row that cannot be read, and to a pair that lacks a place; 'drop' leaves them out and counts them"
    )
    static let controls = Option<[Control]>.choices(
        "controls", Control.allCases.filter { $0 != .none && $0.isRun }, default: [],
        help: "the controls that the file has beside the patch itself")
    static let estimand = Option<Estimand>.mapping(
        "estimand", [Estimand.patch, .swap, .leaveOneOut].map { ($0.rawValue, $0) }, default: Estimand.patch.rawValue,
        help:
            "what was estimated; patches of the residual stream at all positions are cumulative, so steps are taken of them"
    )
    static let site = EngineOptions.site("which activation was patched")
    static let positions = EngineOptions.positions(default: .all)

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        path
        RecordColumns.option
        RecordColumns.cells
        RowConditions.option
        badRow
        controls
        estimand
        site
        positions
        Metric.option
        EngineOptions.split
        EngineOptions.negligible
    }

    private let path: String
    private let columns: RecordColumns
    private let cells: [String]?
    private let conditions: [RowConditions.Condition]
    private let dropsBadRows: Bool
    private let fitShare: Double?
    /// What was patched; the layers are those of the records.
    private let request: PatchRequest

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        path = try arguments.value(Self.path)
        columns = try arguments.value(RecordColumns.option)
        cells = try arguments.value(RecordColumns.cells)
        dropsBadRows = try arguments.value(Self.badRow) == .drop
        fitShare = try arguments.value(EngineOptions.split)
        var problems = ArgumentProblems()
        conditions = RowConditions(try arguments.value(RowConditions.option), &problems).conditions
        var request = PatchRequest(layers: [])
        request.estimand = try arguments.value(Self.estimand)
        request.site = try arguments.value(Self.site)
        request.positions = [try arguments.value(Self.positions)]
        let named = try arguments.value(Self.controls)
        request.controls = Control.allCases.filter(named.contains)
        request.metric = try arguments.value(Metric.option)
        request.negligible = try arguments.value(EngineOptions.negligible)
        if cells != nil {
            for option in ["controls", "estimand", "site", "positions"] where arguments.isGiven(option) {
                problems.add(
                    option,
                    "option '\(option)' says how an activation was patched, and a row of four 'cells' is no patch")
            }
            for field in RecordField.allCases where columns.named[field] != nil && !RecordField.ofCells.contains(field)
            {
                problems.add(
                    "columns", "'\(field.rawValue)' is a column of a patch, and a row of four 'cells' is no patch",
                    help: "its columns are " + RecordField.ofCells.map { "'\($0.rawValue)'" }.joined(separator: ", "))
            }
        } else if request.estimand != .patch {
            for option in ["site", "positions"] where arguments.isGiven(option) {
                problems.add(
                    option,
                    "option '\(option)' says how an activation was patched, and '\(request.estimand.rawValue)' patches none"
                )
            }
        }
        try problems.throwIfAny()
        self.request = request
    }

    private static let values = OutputValues<RecordGrid> {
        Output("count", "pairs in use") { $0.pairs.count }
        Output("prompts", "distinct prompts") { Set($0.clusters).count }
    }

    private static let counts = OutputValues<RecordsFile.Contents> {
        Output("dropped.count", "rows left out because they could not be read, and pairs that lacked a place") {
            $0.dropped.count
        }
        Output("skipped.count", "rows that 'where' leaves out") { $0.skipped }
    }

    private static let dropped = OutputTable<(row: Int, reason: String)>("dropped") {
        Output("row", "the row in the file, from 1; of a pair its first") { $0.row }
        Output("reason", "why it was not used") { $0.reason }
    }

    @OutputList private static var shared: Outputs {
        values
        counts
        dropped
    }

    /// All outputs of a patch's records.
    public static var outputs: Outputs {
        shared
        PatchOutputs.all(controls: ["CONTROL"], withSets: false)
        Outputs(figures: PatchFigures.byLayerNames)
    }

    /// The block's outputs.
    public var outputs: Outputs {
        Self.shared
        if cells != nil { FactorialOutputs.all }
        if cells == nil {
            PatchOutputs.all(controls: request.controls.map(\.rawValue), withSets: false)
            Outputs(figures: PatchFigures.names(request))
        }
    }

    /// The file, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        [Input(name: "records", digest: try reader.digest(ofFiles: [try reader.project.resolve(path)]))]
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let file = RecordsFile(
            path: try bindings.project.resolve(path), columns: columns, cells: cells,
            hasEmbedding: request.isHybrid, conditions: conditions, dropsBadRows: dropsBadRows)
        var contents = try file.read()
        if contents.records.isEmpty, contents.skipped > 0, contents.dropped.isEmpty {
            throw ArgumentError(
                option: "where", "'where' keeps none of the \(contents.skipped) rows of '\(path)'")
        }
        do {
            let grid = try RecordGrid(contents.records, leavesOutIncomplete: dropsBadRows)
            contents.dropped += grid.incomplete.map {
                ($0.row, "\(RecordError.Problem.missingPlace(pair: $0.pair, $0.place))")
            }
            var outcome = Outcome()
            outcome.set(Self.values, of: grid)
            outcome.set(Self.counts, of: contents)
            outcome.add(Self.dropped, contents.dropped)
            if !contents.dropped.isEmpty {
                let rows =
                    contents.dropped.count == 1 ? "One row or pair was" : "\(contents.dropped.count) rows or pairs were"
                outcome.notes.append("\(rows) left out; the table 'dropped' says why.")
            }
            try report(grid, bindings.seed, to: &outcome)
            return outcome
        } catch {
            throw file.error(error)
        }
    }

    private func report(_ grid: RecordGrid, _ seed: UInt64, to outcome: inout Outcome) throws(RecordError) {
        let halves = halves(of: grid.clusters, seed)
        guard cells == nil else {
            let found = FactorialEffects(
                grid.cells, numbers: Array(grid.pairs.indices), clusters: grid.clusters, halves: halves,
                negligible: request.negligible, seed: seed)
            FactorialOutputs.add(found, unit: request.metric.unit, to: &outcome)
            if found.cells.count > 1 {
                outcome.checks = [
                    Check(
                        name: "Both models as they are have the same margins at every layer (largest difference)",
                        found: found.cleanDifference, tolerance: Self.tolerance, unit: request.metric.unit)
                ]
            }
            return
        }
        let result = try PatchResult(grid, request, halves: halves, seed: seed)
        var request = request
        request.layers = Set(result.effects.rows.map(\.place.layer)).sorted()
        PatchOutputs.add(result, request, to: &outcome)
        outcome.figures = PatchFigures(result: result, request: request).all
        outcome.notes += PatchChecks(result: result, request: request).notes
        if let largest = result.effects.selfPatch {
            outcome.checks = [
                Check(
                    name: "A self-patch changes no margin (largest change)", found: largest, tolerance: Self.tolerance,
                    unit: request.metric.unit)
            ]
        }
    }

    /// Accelerators give different last bits when rows are stacked differently.
    private static let tolerance = 1e-3

    private func halves(of clusters: [Int], _ seed: UInt64) -> Halves {
        guard let fitShare, Set(clusters).count > 1 else { return Halves(all: clusters.count) }
        let isFit = FitSplit(share: fitShare, seed: seed).isFit(groups: clusters)
        return Halves(
            fit: isFit.indices.filter { isFit[$0] }, confirm: isFit.indices.filter { !isFit[$0] }, of: clusters.count)
    }
}
