import Charts
import Foundation
import Testing

/// A chart survives being written as data and read again.
@Suite struct ChartCodingTests {
    @Test("a chart that was written and read again draws the same bytes", arguments: Gallery.all)
    func roundTrip(_ example: Gallery.Example) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let bytes = try encoder.encode(CodableChart(example.chart))
        let again = try decoder.decode(CodableChart.self, from: bytes).chart
        let theme = Theme(idPrefix: "c", title: "t")
        #expect(again.draw(in: theme).markup == example.chart.draw(in: theme).markup)
    }

    @Test("a kind of chart that nobody knows is an error, not a blank")
    func unknownKind() {
        let text = Data(#"{"kind": "PieChart", "chart": {}}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(CodableChart.self, from: text) }
    }
}
