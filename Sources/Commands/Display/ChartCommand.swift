import Charts
import Markdown
import Notebooks
import Values

/// `{chart}`: a drawing of a table above.
public struct ChartCommand: Command {
    /// The name in the fence.
    public static let name = "chart"
    /// The description names the table.
    public static let writesIDs = true
    /// One line of help.
    public static let summary = "Draws a table of a block above."
    /// What a page shows of it.
    public static let display = Display.authoredFigure

    static let data = Option.table("data", help: "the table to draw, as id.table")
    static let mark = Option<any Mark.Type>.mapping(
        "mark", Marks.all.map { ($0.name, $0) }, default: LineMark.name, help: "how the rows are drawn")
    static let x = Option.string(
        "x", help: "the column from left to right; a histogram's column of values, a strip's column of tokens"
    ).naming(.columns)
    static let y = Option.yaml(
        "y", type: "a column, or a list of columns",
        help: "the column of values, or several for one small chart each; a heatmap's column from top to bottom"
    ).naming(.columns).optional
    static let color = Option.string(
        "color",
        help: "the column that tells series apart; a heatmap's column of values, a strip's column of passages"
    ).naming(.columns).optional
    static let main = Option.yaml(
        "main", type: "a value of the column 'color'",
        help: "the value of 'color' that the chart is about; the other series are controls, drawn in grey"
    ).optional
    static let facet = Option.string("facet", help: "the column that tells small charts apart").naming(.columns)
        .optional
    static let lower = Option.string(
        "lower",
        help: "the column of the intervals' lower ends; without it '<y>_lower', or 'lower' where y is 'effect'"
    ).naming(.columns).optional
    static let upper = Option.string("upper", help: "the column of the intervals' upper ends").naming(.columns).optional
    static let outerLower = Option.string(
        "outer_lower", help: "the column of the lower ends of a line's simultaneous band"
    ).naming(.columns).optional
    static let outerUpper = Option.string(
        "outer_upper", help: "the column of the upper ends of a line's simultaneous band"
    ).naming(.columns).optional
    static let identity = Option.bool(
        "identity", default: false, help: "x and y of a scatter plot measure the same: one range, and the line y = x")
    static let title = Option.string("title", help: "one plain line that names the chart").optional
    static let xLabel = Option.string("x_label", help: "the x axis' title, with its unit").optional
    static let yLabel = Option.string("y_label", help: "the y axis' title, with its unit").optional
    static let xScale = Option.choice(
        "x_scale", Axis.Scale.self, default: .linear,
        help: "the scale of the x axis, for line and scatter")
    static let yScale = Option.choice(
        "y_scale", Axis.Scale.self, default: .linear,
        help: "the scale of the y axis, for line, scatter and interval")

    /// Every option, in the order that help lists them.
    public static var options: [OptionDeclaration] {
        data
        mark
        x
        y
        color
        main
        facet
        RowFilter.option
        lower
        upper
        outerLower
        outerUpper
        ReferenceLines.option
        identity
        title
        xLabel
        yLabel
        xScale
        yScale
    }

    private let reference: TableReference
    private let filter: RowFilter
    private let specification: ChartSpecification
    private let lines: ReferenceLines

    /// Binds the options; columns are checked against the table.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        let reference = try arguments.value(Self.data)
        let names = ColumnNames(reference)
        var specification = ChartSpecification(
            table: names.table, mark: try arguments.value(Self.mark),
            x: try arguments.value(Self.x), ys: try Self.columns(try arguments.value(Self.y)))
        specification.color = try arguments.value(Self.color)
        specification.main = try Self.mainValue(try arguments.value(Self.main))
        specification.facet = try arguments.value(Self.facet)
        specification.isIdentity = try arguments.value(Self.identity)
        specification.title = try arguments.value(Self.title)
        specification.xLabel = try arguments.value(Self.xLabel)
        specification.yLabel = try arguments.value(Self.yLabel)
        specification.xScale = try arguments.value(Self.xScale)
        specification.yScale = try arguments.value(Self.yScale)
        specification.lower = try arguments.value(Self.lower)
        specification.upper = try arguments.value(Self.upper)
        specification.outerLower = try arguments.value(Self.outerLower)
        specification.outerUpper = try arguments.value(Self.outerUpper)
        var problems = ArgumentProblems()
        let written = try arguments.value(ReferenceLines.option)
        lines = ReferenceLines(written, on: Axis(scale: specification.yScale), arguments, &problems)
        filter = RowFilter(try arguments.value(RowFilter.option), of: names, &problems)
        ChartChecks(specification, hasReferences: written != nil).check(names, of: arguments, &problems)
        try problems.throwIfAny()
        specification.findIntervals(among: names.columns)
        self.reference = reference
        self.specification = specification
    }

    private static func mainValue(_ value: YAMLValue?) throws(ArgumentError) -> Scalar? {
        guard let value else { return nil }
        guard let scalar = value.scalar else {
            throw ArgumentError(option: "main", "'main' takes a value of the column 'color', not \(value.inWords)")
        }
        return scalar
    }

    private static func columns(_ value: YAMLValue?) throws(ArgumentError) -> [String] {
        guard let value else { return [] }
        if let text = value.text { return [text] }
        guard let items = value.sequence, !items.isEmpty else {
            throw ArgumentError(option: "y", "'y' takes a column or a list of columns, not \(value.inWords)")
        }
        var columns: [String] = []
        for item in items {
            guard let name = item.text else {
                throw ArgumentError(option: "y", "\(item.inWords) is not a column", at: item.location)
            }
            if columns.contains(name) {
                throw ArgumentError(option: "y", "column '\(name)' is listed twice", at: item.location)
            }
            columns.append(name)
        }
        return columns
    }

    /// The block's outputs.
    public var outputs: Outputs { Outputs(figures: ["chart"]) }

    /// Blocks whose values lines are drawn at.
    public var references: [String] { lines.blocks }

    /// Parameters that lines are drawn at.
    public var parametersRead: [String] { lines.parameters }

    /// Makes the outcome of the rows that are kept.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let rows = try filter.apply(to: bindings.table(reference))
        var outcome = Outcome()
        outcome.figures = [try specification.figure(of: rows, references: try lines.references(bindings))]
        return outcome
    }
}
