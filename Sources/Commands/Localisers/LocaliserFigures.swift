import Charts
import Experiments
import Notebooks
import Statistics
import Values

/// The figures of a board: areas under the curve, every case in a grid, mass, and what tests name.
struct LocaliserFigures {
    let board: LocaliserBoard
    /// The table of localisers.
    let entries: Table

    static let names = ["auroc", "grid", "mass", "tests"]

    var all: [Figure] { [area, grid, mass] + (tested.isEmpty ? [] : [tests]) }

    private static let intervals = "Intervals are 95 % over training seeds, with the cases fixed."

    private var area: Figure {
        marks(
            "auroc", "How well each localiser puts planted layers first",
            "The area under the ROC curve of the scores' sizes, the mean over cases; 1 puts every planted layer before all others, one half is chance. \(Self.intervals)",
            .auroc, chance: 0.5)
    }

    private var mass: Figure {
        marks(
            "mass", "How much of each localiser's score is on planted layers",
            "The share of the scores' sizes that planted layers have, the mean over cases. The line marks what equal scores would give them. \(Self.intervals)",
            .mass, chance: board.chance)
    }

    private func marks(
        _ name: String, _ title: String, _ description: String, _ measure: LocaliserMeasure, chance: Double?
    ) -> Figure {
        Figure(
            name: name, title: title, description: description,
            chart: IntervalChart(
                Categories(
                    "localiser", names: board.entries.map(\.localiser),
                    series: [series(board.entries, measure, measure.label, .effect)]),
                value: Axis(measure.label, domain: 0...1),
                references: chance.map { [Reference($0, label: "chance")] } ?? []),
            data: entries.selecting(
                ["localiser"] + ["", "_lower", "_upper"].map { measure.rawValue + $0 }))
    }

    private func series(
        _ entries: [LocaliserBoard.Entry], _ measure: LocaliserMeasure, _ label: String, _ role: Role
    ) -> EstimateSeries {
        EstimateSeries(
            label, role: role,
            estimates: entries.map { Estimate($0.means[measure]?.mean, $0.means[measure]?.interval) })
    }

    private var grid: Figure {
        let cases = board.plantings.enumerated().filter { place, _ in
            board.entries.contains { $0.cases[place].mean(.auroc) != nil }
        }
        let values = cases.map { place, _ in board.entries.map { $0.cases[place].mean(.auroc) } }
        let names = board.entries.map(\.localiser)
        return Figure(
            name: "grid", title: "Every localiser on every case",
            description: "The area under the ROC curve, the mean over training seeds; one half is chance.",
            chart: Heatmap(
                rowTitle: "case", rows: cases.map(\.element), columnTitle: "localiser", columns: names,
                valueTitle: LocaliserMeasure.auroc.label, values: values, scale: .sequential, domain: 0...1, decimals: 2
            ),
            data: Table(
                columns: ["case"] + names,
                rows: zip(cases, values).map { [.string($0.element)] + $1.map { .optional($0) } }))
    }

    private func isTested(_ entry: LocaliserBoard.Entry) -> Bool {
        LocaliserMeasure.allCases.contains { $0.needsTest && entry.means[$0] != nil }
    }

    private var tested: [LocaliserBoard.Entry] { board.entries.filter(isTested) }

    private var tests: Figure {
        let measures: [(LocaliserMeasure, Role)] = [
            (.found, .effect), (.misplaced, .second), (.falsePositives, .other),
        ]
        let columns = measures.flatMap { measure, _ in ["", "_lower", "_upper"].map { measure.rawValue + $0 } }
        let rows = zip(board.entries, entries.rows).filter { isTested($0.0) }.map(\.1)
        return Figure(
            name: "tests", title: "What the tests name at 5 %, corrected over a model's layers",
            description:
                "Shares of layers that the localisers with a test name. \(Self.intervals)",
            chart: IntervalChart(
                Categories(
                    "localiser", names: tested.map(\.localiser),
                    series: measures.map { series(tested, $0.0, $0.0.label, $0.1) }),
                value: Axis("share of layers", domain: 0...1)),
            data: Table(columns: entries.columns, rows: rows).selecting(["localiser"] + columns))
    }
}

extension LocaliserMeasure {
    /// What a chart calls it.
    fileprivate var label: String {
        switch self {
        case .auroc: "area under the ROC curve"
        case .mass: "share of the score on planted layers"
        case .found: "planted layers"
        case .misplaced: "unchanged layers, where some were planted"
        case .falsePositives: "all layers, where none was planted"
        }
    }
}
