/// A chart of any kind as data, under its kind's name: what a result keeps of a figure.
public struct CodableChart: Codable, Sendable {
    /// The chart itself.
    public let chart: any Chart

    /// Every kind of chart, one line each.
    private static let kinds: [any Chart.Type] = [
        LineChart.self, IntervalChart.self, BarChart.self, Heatmap.self, ScatterChart.self, SmallMultiples.self,
    ]

    private enum CodingKeys: String, CodingKey {
        case kind, chart
    }

    /// A chart that is to be written.
    public init(_ chart: any Chart) { self.chart = chart }

    /// Reads a chart.
    /// - Throws: `DecodingError` for a kind that this release does not have, or data that is none of its kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .kind)
        guard let kind = Self.kinds.first(where: { "\($0)" == name }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "there is no chart of the kind '\(name)'")
        }
        chart = try kind.init(from: container.superDecoder(forKey: .chart))
    }

    /// Writes the chart.
    public func encode(to encoder: any Encoder) throws {
        let kind = type(of: chart)
        precondition(Self.kinds.contains { $0 == kind }, "the chart \(kind) is not in the list of kinds")
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("\(kind)", forKey: .kind)
        try chart.encode(to: container.superEncoder(forKey: .chart))
    }
}

extension SmallMultiples.Panel: Codable {
    private enum CodingKeys: String, CodingKey {
        case title, chart
    }

    /// Reads a panel.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(String.self, forKey: .title),
            try container.decode(CodableChart.self, forKey: .chart).chart)
    }

    /// Writes the panel.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(title, forKey: .title)
        try container.encode(CodableChart(chart), forKey: .chart)
    }
}
