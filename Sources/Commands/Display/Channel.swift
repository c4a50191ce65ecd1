import Charts
import Notebooks
import Values

/// What a chart reads: a column of its table, or an option on how it is drawn; the raw value is the option's name.
enum Channel: String, CaseIterable, Sendable {
    case x, y, color, main, facet, lower, upper
    case outerLower = "outer_lower"
    case outerUpper = "outer_upper"
    case reference, identity
    case xScale = "x_scale"
    case yScale = "y_scale"

    /// How a kind of chart uses a channel.
    struct Use: Sendable {
        /// What the column holds, where the chart cannot do without it.
        let need: String?
        /// Whether it takes a list of columns, a small chart each.
        let takesSeveral: Bool

        static let optional = Use(need: nil, takesSeveral: false)
        static func required(_ need: String) -> Use { Use(need: need, takesSeveral: false) }
        static func several(_ need: String) -> Use { Use(need: need, takesSeveral: true) }
    }
}

/// A kind of chart that `{chart}` draws: the channels it has, and how rows become a drawing.
protocol Mark: Sendable {
    /// The word of the option `mark`.
    static var name: String { get }
    /// What one is called, and several: `a line chart`, `lines`.
    static var noun: String { get }
    static var plural: String { get }
    static var channels: [Channel: Channel.Use] { get }
    /// The channel whose numbers the chart is about.
    static var valueChannel: Channel { get }

    /// What the chart is of, for its title: `effect by layer`.
    static func subject(_ chart: ChartSpecification) -> String
    /// The first words of the description, up to how many rows there are.
    static func lead(_ chart: ChartSpecification) -> String

    /// The drawing of rows whose numbers were checked.
    static func graphic(
        _ chart: ChartSpecification, _ rows: Table, _ references: [Reference]
    ) throws(ArgumentError) -> any Graphic
}

extension Mark {
    static var valueChannel: Channel { .y }

    static func subject(_ chart: ChartSpecification) -> String {
        "\(chart.ys.map(chart.words).joined(separator: " and ")) by \(chart.words(chart.x))"
    }

    static func lead(_ chart: ChartSpecification) -> String { "A \(noun) of \(subject(chart))" }
}

/// Every kind of chart, in the order that help lists them.
enum Marks {
    static let all: [any Mark.Type] = [
        LineMark.self, BarMark.self, HeatmapMark.self, ScatterMark.self, IntervalMark.self, StemMark.self,
        HistogramMark.self, StripMark.self,
    ]

    /// What the kinds are called that have a channel: `lines, bars and stems`.
    static func plurals(with channel: Channel) -> String {
        all.filter { $0.channels[channel] != nil }.map { $0.plural }.inWords
    }
}
