import Values
import Testing

@Suite struct ValueFormatTests {
    @Test(arguments: [
        ("", Scalar.int(1_234_567), "1\u{202F}234\u{202F}567"), ("", .int(-3), "−3"), ("", .number(0.123456), "0.1235"),
        ("", .number(12), "12"), ("", .number(-1234.56), "−1235"), ("", .number(0.000012), "1.2×10⁻⁵"),
        ("", .number(1e20), "1×10²⁰"), ("", .null, "—"), ("", .bool(true), "true"), ("", .string("dpo"), "dpo"),
        (".2f", .number(3.14159), "3.14"), (".2f", .int(3), "3.00"), (".0f", .number(2.5), "3"),
        (".2f", .number(21.025), "21.03"),
        (".2f", .number(-0.001), "0.00"),
        (".3g", .number(1234.5), "1.23×10³"), (".3g", .number(0.5), "0.5"), (".0%", .number(0.874), "87%"),
        (".1%", .number(-0.0512), "−5.1%"), ("+.2f", .number(1.5), "+1.50"), ("+.2f", .number(-1.5), "−1.50"),
        ("+.2f", .number(0), "0.00"), ("d", .number(41.7), "42"), ("+d", .int(4), "+4"),
        (",", .int(1_234_567), "1,234,567"),
        (",", .int(-123), "−123"), (",.1f", .number(12345.67), "12,345.7"), ("+,d", .int(1000), "+1,000"),
        (".2f", .number(.nan), "—"), (".2f", .number(.infinity), "—"), (".2f", .null, "—"), (".2f", .string("x"), "x"),
        ("", .int(.min), "−9\u{202F}223\u{202F}372\u{202F}036\u{202F}854\u{202F}775\u{202F}808"),
        ("d", .number(0.2), "0"),
    ])
    func writesTheValueAsTheFormatSays(format: String, value: Scalar, expected: String) throws {
        #expect(try ValueFormat(format).format(value) == expected)
    }

    @Test(arguments: [
        (".2f 'nats'", "2.50\u{A0}nats"), (".1f interval", "2.5 [−0.1, 3.0]"), ("interval", "2.5 [−0.125, 3]"),
        ("+.0% interval \"of it\"", "+250% [−13%, +300%]\u{A0}of it"),
    ])
    func writesIntervalAndUnitBehind(format: String, expected: String) throws {
        let ends = (lower: Scalar.number(-0.125), upper: Scalar.int(3))
        #expect(try ValueFormat(format).format(.number(2.5), interval: ends) == expected)
        #expect(try ValueFormat(format).format(.null, interval: ends) == "—")
    }

    @Test(arguments: [
        "x", ".f", "2f", ".2", ".2x", "%", ".99f", ".0g", ".2f nats", ".2f ''", "intervall", ".2finterval", "d2", "++d",
        " .2f", ".2f ", "é",
    ])
    func refusesWhatIsNoFormat(format: String) {
        #expect(throws: ValueFormatError(format: format)) { try ValueFormat(format) }
        #expect(ValueFormatError(format: format).description == "'\(format)' is not a format")
    }
}
