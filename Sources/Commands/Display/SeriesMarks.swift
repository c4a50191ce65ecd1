import Charts
import Notebooks
import Values

/// A kind of chart with estimates over an x axis: alone, as small charts by facet, or as one for each column of values.
protocol SeriesMark: Mark {
    /// When zero is in sight.
    static var zero: SeriesFrame.Zero { get }
    /// Whether x is a column of numbers; else every value of it is a category.
    static var isNumericX: Bool { get }

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart
}

extension SeriesMark {
    static var value: Channel.Use { .several("the column of values") }

    static func graphic(
        _ chart: ChartSpecification, _ rows: Table, _ references: [Reference]
    ) throws(ArgumentError) -> any Graphic {
        func frame(_ chart: ChartSpecification) -> SeriesFrame {
            SeriesFrame(chart, rows, references, zero: zero, isNumericX: isNumericX)
        }
        guard chart.ys.count > 1 else {
            let frame = frame(chart)
            return try chart.faceted(rows) { (rows) throws(ArgumentError) in try self.chart(frame, rows) }
        }
        var panels: [SmallMultiples.Panel] = []
        for part in chart.partsByValue(among: rows.columns) {
            panels.append(SmallMultiples.Panel(chart.words(part.y), try self.chart(frame(part), rows)))
        }
        return SmallMultiples(panels)
    }
}

enum LineMark: SeriesMark {
    static let (name, noun, plural) = ("line", "line chart", "lines")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .y: value, .color: .optional, .main: .optional, .facet: .optional, .lower: .optional,
        .upper: .optional, .outerLower: .optional, .outerUpper: .optional, .reference: .optional, .xScale: .optional,
        .yScale: .optional,
    ]
    static let (zero, isNumericX) = (SeriesFrame.Zero.near, true)

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart {
        LineChart(
            x: frame.x, y: frame.y, series: try frame.series(rows, areJoined: true), references: frame.references)
    }
}

enum ScatterMark: SeriesMark {
    static let (name, noun, plural) = ("scatter", "scatter plot", "scatter plots")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .y: value, .color: .optional, .main: .optional, .facet: .optional, .identity: .optional,
        .xScale: .optional, .yScale: .optional,
    ]
    static let (zero, isNumericX) = (SeriesFrame.Zero.never, true)

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart {
        ScatterChart(
            x: frame.x, y: frame.y, series: try frame.series(rows, areJoined: false),
            comparesLikeWithLike: frame.chart.isIdentity)
    }
}

enum BarMark: SeriesMark {
    static let (name, noun, plural) = ("bar", "bar chart", "bars")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .y: value, .color: .optional, .main: .optional, .facet: .optional, .lower: .optional,
        .upper: .optional, .reference: .optional,
    ]
    static let (zero, isNumericX) = (SeriesFrame.Zero.always, false)

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart {
        BarChart(try frame.categories(rows), value: frame.y, references: frame.references)
    }
}

enum IntervalMark: SeriesMark {
    static let (name, noun, plural) = ("interval", "interval chart", "intervals")
    static let channels: [Channel: Channel.Use] = BarMark.channels.merging([.yScale: .optional]) { first, _ in first }
    static let (zero, isNumericX) = (SeriesFrame.Zero.near, false)

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart {
        IntervalChart(try frame.categories(rows), value: frame.y, references: frame.references)
    }
}

enum StemMark: SeriesMark {
    static let (name, noun, plural) = ("stem", "stem chart", "stems")
    static let channels = BarMark.channels
    static let (zero, isNumericX) = (SeriesFrame.Zero.always, false)

    static func chart(_ frame: SeriesFrame, _ rows: Table) throws(ArgumentError) -> any Chart {
        StemChart(try frame.categories(rows), value: frame.y, references: frame.references)
    }
}
