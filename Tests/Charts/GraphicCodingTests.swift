import Charts
import Foundation
import Testing

/// A graphic survives being written as data and read again.
@Suite struct GraphicCodingTests {
    @Test("a graphic that was written and read again draws the same bytes", arguments: Gallery.all)
    func roundTrip(_ example: Gallery.Example) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let bytes = try encoder.encode(CodableGraphic(example.chart))
        let again = try decoder.decode(CodableGraphic.self, from: bytes).graphic
        let theme = Theme(idPrefix: "c", title: "t")
        #expect(again.markup(in: theme) == example.chart.markup(in: theme))
    }

    @Test("a kind of graphic that nobody knows is an error, not a blank")
    func unknownKind() {
        let text = Data(#"{"kind": "PieChart", "chart": {}}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(CodableGraphic.self, from: text) }
    }
}
