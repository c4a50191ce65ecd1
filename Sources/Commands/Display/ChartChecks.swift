import Charts
import Notebooks

/// What must be right of a chart's options before anything runs.
struct ChartChecks {
    private let chart: ChartSpecification
    private let hasReferences: Bool

    init(_ chart: ChartSpecification, hasReferences: Bool) {
        self.chart = chart
        self.hasReferences = hasReferences
    }

    /// - Throws: an error for a column that the table does not have, or an option that the mark has no use for.
    func check(_ names: ColumnNames) throws(ArgumentError) {
        var columns: [(option: String, column: String?)] = [("x", chart.x)]
        columns += chart.ys.map { ("y", $0) }
        columns += [
            ("color", chart.color), ("facet", chart.facet), ("lower", chart.lower), ("upper", chart.upper),
            ("outer_lower", chart.outerLower), ("outer_upper", chart.outerUpper),
        ]
        for (option, column) in columns {
            if let column { try names.check(column, option: option) }
        }
        try checkEnds("lower", chart.lower, "upper", chart.upper)
        try checkEnds("outer_lower", chart.outerLower, "outer_upper", chart.outerUpper)
        try checkValues()
        try checkUses()
    }

    private func checkEnds(
        _ lower: String, _ low: String?, _ upper: String, _ high: String?
    ) throws(ArgumentError) {
        guard (low == nil) != (high == nil) else { return }
        let (given, missing) = low == nil ? (upper, lower) : (lower, upper)
        throw ArgumentError(option: given, "an interval has two ends: '\(given)' is given, '\(missing)' is not")
    }

    private func checkValues() throws(ArgumentError) {
        let kind = chart.mark.rawValue
        if chart.mark == .histogram {
            guard chart.ys.isEmpty else {
                throw ArgumentError(option: "y", "a histogram counts the values of 'x' and has no 'y'")
            }
        } else if chart.ys.isEmpty {
            throw ArgumentError(
                option: "mark", "a \(kind) chart needs 'y', the column of values", code: .missingOption)
        }
        if chart.mark == .heatmap, chart.color == nil {
            throw ArgumentError(option: "mark", "a heatmap needs 'color', the column of values in its cells")
        }
        guard chart.ys.count > 1 else { return }
        if [.heatmap, .strip].contains(chart.mark) {
            throw ArgumentError(option: "y", "a \(kind) has one 'y'")
        }
        if chart.facet != nil {
            throw ArgumentError(
                option: "facet", "small charts are told apart by 'facet' or by several 'y', not by both")
        }
    }

    private func checkUses() throws(ArgumentError) {
        try refuse("identity", chart.isIdentity, but: [.scatter], "is for scatter plots")
        try refuse("facet", chart.facet != nil && chart.mark == .strip, but: [], "has no use here")
        try refuse(
            "lower", chart.lower != nil, but: [.line, .bar, .interval, .stem], "is for lines, bars, intervals and stems"
        )
        try refuse("outer_lower", chart.outerLower != nil, but: [.line], "is for lines")
        try refuse(
            "reference", hasReferences, but: [.line, .bar, .interval, .stem, .histogram],
            "is for lines, bars, intervals, stems and histograms")
        try refuse("x_scale", chart.xScale != .linear, but: [.line, .scatter], "is for lines and scatter plots")
        try refuse(
            "y_scale", chart.yScale != .linear, but: [.line, .scatter, .interval],
            "is for lines, scatter plots and intervals")
        if chart.isIdentity, chart.xScale != chart.yScale {
            throw ArgumentError(option: "identity", "'identity' needs 'x_scale' and 'y_scale' to be the same")
        }
    }

    private func refuse(
        _ option: String, _ isGiven: Bool, but marks: [ChartSpecification.Mark], _ use: String
    ) throws(ArgumentError) {
        guard isGiven, !marks.contains(chart.mark) else { return }
        throw ArgumentError(option: option, "'\(option)' \(use), and this is a \(chart.mark.rawValue) chart")
    }
}
