/// A graphic of any kind as data, under its kind's name: what a result keeps of a figure.
public struct CodableGraphic: Codable, Sendable {
    /// The graphic itself.
    public let graphic: any Graphic

    /// Every kind of graphic.
    private static let kinds: [any Graphic.Type] = [
        LineChart.self, IntervalChart.self, StemChart.self, BarChart.self, Histogram.self, Heatmap.self,
        ScatterChart.self, SmallMultiples.self, TokenStrip.self, TokenParts.self,
    ]

    private enum CodingKeys: String, CodingKey {
        case kind, chart
    }

    /// A graphic that is to be written.
    public init(_ graphic: any Graphic) { self.graphic = graphic }

    /// Reads a graphic.
    /// - Throws: `DecodingError` for a kind that this release does not have, or data of another kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .kind)
        guard let kind = Self.kinds.first(where: { "\($0)" == name }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "there is no graphic of the kind '\(name)'")
        }
        graphic = try kind.init(from: container.superDecoder(forKey: .chart))
    }

    /// Writes the graphic.
    public func encode(to encoder: any Encoder) throws {
        let kind = type(of: graphic)
        precondition(Self.kinds.contains { $0 == kind }, "the graphic \(kind) is not in the list of kinds")
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("\(kind)", forKey: .kind)
        try graphic.encode(to: container.superEncoder(forKey: .chart))
    }
}

extension SmallMultiples.Panel: Codable {
    private enum CodingKeys: String, CodingKey {
        case title, chart
    }

    /// Reads a panel.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let graphic = try container.decode(CodableGraphic.self, forKey: .chart).graphic
        guard let chart = graphic as? any Chart else {
            throw DecodingError.dataCorruptedError(
                forKey: .chart, in: container, debugDescription: "a panel holds a chart, not a \(type(of: graphic))")
        }
        self.init(try container.decode(String.self, forKey: .title), chart)
    }

    /// Writes the panel.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(title, forKey: .title)
        try container.encode(CodableGraphic(chart), forKey: .chart)
    }
}
