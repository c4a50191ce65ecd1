import JSON
import Testing

@Suite struct JSONTextTests {
    let sample = JSON.object([
        .init("z", .array([.int(1), .number(0.5), .null])), .init("a", .object([])),
        .init("é\n", .string("\u{1}\"\\/")),
        .init("empty", .array([])),
    ])

    @Test func writesOneLine() {
        #expect(sample.text() == #"{"z":[1,0.5,null],"a":{},"é\n":"\u0001\"\\/","empty":[]}"#)
    }

    @Test func writesPretty() {
        #expect(
            sample.text(pretty: true) == """
                {
                  "z": [
                    1,
                    0.5,
                    null
                  ],
                  "a": {},
                  "é\\n": "\\u0001\\"\\\\/",
                  "empty": []
                }
                """)
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        #expect(try JSON.parse(sample.text()) == sample)
        #expect(try JSON.parse(sample.text(pretty: true)) == sample)
    }

    @Test func escapesEveryControlCharacter() throws {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap(Unicode.Scalar.init)))
        #expect(
            JSON.string(controls).text()
                == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012"#
                + #"\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f""#)
        #expect(try JSON.parse(JSON.string(controls).text()) == .string(controls))
    }

    @Test func notANumberAndInfinityAreNull() {
        #expect(JSON.array([.number(.nan), .number(.infinity), .number(-.infinity)]).text() == "[null,null,null]")
    }

    @Test func float64RoundTrips() throws {
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        var values: [Double] = [
            0, -0.0, 1, 0.1, 1e21, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 9_007_199_254_740_994,
        ]
        for _ in 0..<20_000 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            values.append(Double(bitPattern: bits))
        }
        for value in values where value.isFinite {
            guard case .number(let back) = try JSON.parse(JSON.number(value).text()) else {
                Issue.record("\(value) did not stay a number")
                continue
            }
            #expect(back.bitPattern == value.bitPattern)
        }
    }
}
