import Charts
import Notebooks
import Values

/// What must be right of the rows that a chart draws, so that it leaves nothing out in silence.
struct RowChecks {
    private let chart: ChartSpecification
    private let rows: NumberedRows

    init(_ chart: ChartSpecification, _ rows: NumberedRows) {
        self.chart = chart
        self.rows = rows
    }

    /// - Throws: an error for the first row with something that the chart has no place for.
    func check() throws(ArgumentError) {
        for (channel, scale) in chart.numericChannels {
            for column in chart.columns(channel) { try check(column, channel, Axis(scale: scale)) }
        }
        for part in chart.partsByValue(among: rows.table.columns) {
            try checkIntervals(part, .lower, .upper)
            try checkIntervals(part, .outerLower, .outerUpper)
        }
        try checkSeries()
    }

    private func check(_ column: String, _ channel: Channel, _ axis: Axis) throws(ArgumentError) {
        let isEnd = [.lower, .upper, .outerLower, .outerUpper].contains(channel)
        for (index, cell) in (rows.table[column: column] ?? []).enumerated() {
            guard cell != .null else { continue }
            guard let number = cell.number else {
                throw error(
                    channel,
                    "column '\(column)' of '\(chart.table)' must hold numbers here, and its \(row(index)) holds '\(cell.text)'"
                )
            }
            if number.isNaN || isEnd || axis.shows(number) { continue }
            let isBelow = axis.scale != .linear && number <= 1
            let shown = number.isInfinite ? number > 0 ? "∞" : "\u{2212}∞" : cell.text
            throw error(
                isBelow ? channel == .x ? .xScale : .yScale : channel,
                "\(isBelow ? "a logarithmic axis" : "a chart") has no place for \(shown), and \(row(index)) of column '\(column)' of '\(chart.table)' holds it"
            )
        }
    }

    /// Either both ends are there or none, and the lower is the lower one; an infinite end is open.
    private func checkIntervals(
        _ part: ChartSpecification, _ lower: Channel, _ upper: Channel
    ) throws(ArgumentError) {
        guard let low = part.columns(lower).first, let high = part.columns(upper).first else { return }
        let ends = zip(rows.table[column: low] ?? [], rows.table[column: high] ?? [])
        for (index, (low, high)) in ends.enumerated() {
            switch (Self.end(low), Self.end(high)) {
            case (nil, nil): continue
            case (let low?, let high?):
                guard low > high else { continue }
                throw error(
                    lower,
                    "the lower end of \(row(index)) of '\(chart.table)', \(Scalar.number(low).text), is above the upper one, \(Scalar.number(high).text)"
                )
            case (let low, _):
                throw error(
                    low == nil ? lower : upper,
                    "\(row(index)) of '\(chart.table)' has one end of an interval and no \(low == nil ? "lower" : "upper") one"
                )
            }
        }
    }

    private static func end(_ cell: Scalar) -> Double? {
        guard let number = cell.number, !number.isNaN else { return nil }
        return number
    }

    private func checkSeries() throws(ArgumentError) {
        if chart.mark.channels[.main] != nil, let color = chart.color {
            let values = rows.table.groups(of: color).map(\.value)
            if values.count > Self.mostSeries {
                throw ArgumentError(
                    option: "color",
                    "a chart tells at most \(Self.mostSeries) series apart, and column '\(color)' has \(values.count) values",
                    help: "keep some of them with 'where', or draw a small chart for each with 'facet'")
            }
            if let main = chart.main, !rows.table.rows.isEmpty,
                let missed = RowConditions.Condition(column: color, values: [main]).miss(among: values)
            {
                throw ArgumentError(
                    option: "main", "no row has '\(main.text)': \(missed.words)", help: missed.help)
            }
        }
        if let facet = chart.facet {
            let count = rows.table.groups(of: facet).count
            if count > Self.mostPanels {
                throw ArgumentError(
                    option: "facet",
                    "at most \(Self.mostPanels) small charts are drawn, and column '\(facet)' has \(count) values")
            }
        }
    }

    private static let mostSeries = 16
    private static let mostPanels = 100

    private func row(_ index: Int) -> String { "row \(Scalar.int(rows.numbers[index]).text)" }

    private func error(_ channel: Channel, _ sentence: String) -> ArgumentError {
        ArgumentError(option: channel.rawValue, sentence)
    }
}
