import Charts
import Notebooks

/// `{chart}`: a drawing of a table above.
public struct ChartCommand: Command {
    /// The name in the fence.
    public static let name = "chart"
    /// One line of help.
    public static let summary = "Draws a table of a block above."

    static let data = Option.table("data", help: "the table to draw, as id.table")
    static let mark = Option.choice(
        "mark", ChartSpecification.Mark.allCases.map(\.rawValue), default: "line", help: "what stands for a row")
    static let x = Option.string("x", help: "the column from left to right")
    static let y = Option.string("y", help: "the column of values; a heatmap's column from top to bottom")
    static let color = Option.string(
        "color", default: nil, help: "the column that tells series apart; a heatmap's column of values")
    static let facet = Option.string(
        "facet", default: nil, help: "the column that tells small charts apart; not for heatmaps")
    static let lower = Option.string(
        "lower", default: nil,
        help: "the column of the intervals' lower ends; without it '<y>_lower', or 'lower' where y is 'effect'")
    static let upper = Option.string("upper", default: nil, help: "the column of the intervals' upper ends")
    static let identity = Option.bool(
        "identity", default: false, help: "x and y of a scatter plot measure the same: one range, and the line y = x")
    static let title = Option.string("title", default: nil, help: "one plain line that names the chart")
    static let xLabel = Option.string("x_label", default: nil, help: "the x axis' title, with its unit")
    static let yLabel = Option.string("y_label", default: nil, help: "the y axis' title, with its unit")

    /// Every option, in the order that help lists them.
    public static let options = [
        data.declaration, mark.declaration, x.declaration, y.declaration, color.declaration, facet.declaration,
        RowFilter.option.declaration, lower.declaration, upper.declaration, identity.declaration, title.declaration,
        xLabel.declaration, yLabel.declaration,
    ]

    private let reference: TableReference
    private let filter: RowFilter
    private let specification: ChartSpecification

    /// Binds the options; columns are checked against the table.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        let reference = try arguments.value(Self.data)
        let names = ColumnNames(reference)
        let mark = ChartSpecification.Mark(rawValue: try arguments.value(Self.mark)) ?? .line
        let y = try arguments.value(Self.y)
        var specification = ChartSpecification(
            table: names.table, mark: mark, x: try arguments.value(Self.x), y: y)
        specification.color = try arguments.value(Self.color)
        specification.facet = try arguments.value(Self.facet)
        specification.isIdentity = try arguments.value(Self.identity)
        specification.title = try arguments.value(Self.title)
        specification.xLabel = try arguments.value(Self.xLabel)
        specification.yLabel = try arguments.value(Self.yLabel)
        (specification.lower, specification.upper) = (
            try arguments.value(Self.lower), try arguments.value(Self.upper)
        )
        try Self.check(specification, names)
        if specification.lower == nil {
            let ends = ["\(y)_lower", "\(y)_upper"]
            let plain = y == "effect" ? ["lower", "upper"] : ends
            let found = [ends, plain].first { $0.allSatisfy(names.columns.contains) }
            (specification.lower, specification.upper) = (found?[0], found?[1])
        }
        filter = try RowFilter(try arguments.value(RowFilter.option), of: names)
        self.reference = reference
        self.specification = specification
    }

    private static func check(_ chart: ChartSpecification, _ names: ColumnNames) throws(ArgumentError) {
        let columns = [
            ("x", chart.x), ("y", chart.y), ("color", chart.color), ("facet", chart.facet), ("lower", chart.lower),
            ("upper", chart.upper),
        ]
        for (option, column) in columns {
            if let column { try names.check(column, option: option) }
        }
        if (chart.lower == nil) != (chart.upper == nil) {
            let (given, missing) = chart.lower == nil ? ("upper", "lower") : ("lower", "upper")
            throw ArgumentError(option: given, "an interval has two ends: '\(given)' is given, '\(missing)' is not")
        }
        if chart.mark == .heatmap, chart.color == nil {
            throw ArgumentError(option: "mark", "a heatmap needs 'color', the column of values in its cells")
        }
        if chart.mark == .heatmap, chart.facet != nil {
            throw ArgumentError(option: "facet", "a heatmap has no 'facet'; keep one part of the rows by 'where'")
        }
        if chart.isIdentity, chart.mark != .scatter {
            throw ArgumentError(
                option: "identity", "'identity' is for scatter plots, and this is a \(chart.mark.rawValue) chart")
        }
    }

    /// What the block hands on.
    public var outputs: Outputs { Outputs() }

    /// Makes the outcome of the rows that are kept.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let table = try filter.apply(to: bindings.table(reference))
        var outcome = Outcome()
        outcome.figures = [try specification.figure(of: table)]
        return outcome
    }
}
