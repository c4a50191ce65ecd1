import JSON
import Testing

@Suite struct JSONParsingTests {
    @Test func readsEveryKindOfValue() throws {
        let value = try JSON.parse(#" {"a": [1, -2.5, true, false, null], "b": {"c": "d"}} "#)
        #expect(value["a"] == .array([.int(1), .number(-2.5), .bool(true), .bool(false), .null]))
        #expect(value["b"]?["c"]?.string == "d")
        #expect(value["e"] == nil)
        #expect(value["a"]?["c"] == nil)
    }

    @Test func viewsAnswerOnlyForTheirOwnKind() throws {
        let value = try JSON.parse(#"[1, 1.5, "x", true, [null], {"k": 2}]"#)
        let items = try #require(value.array)
        #expect(items.map(\.int) == [1, nil, nil, nil, nil, nil])
        #expect(items.map(\.number) == [1, 1.5, nil, nil, nil, nil])
        #expect(items.map(\.string) == [nil, nil, "x", nil, nil, nil])
        #expect(items.map(\.bool) == [nil, nil, nil, true, nil, nil])
        #expect(items.map { $0.array?.count } == [nil, nil, nil, nil, 1, nil])
        #expect(items.map { $0.object?.map(\.key) } == [nil, nil, nil, nil, nil, ["k"]])
    }

    @Test func keepsTheOrderOfMembers() throws {
        let value = try JSON.parse(#"{"z": 1, "a": 2, "m": 3}"#)
        #expect(value.object?.map(\.key) == ["z", "a", "m"])
    }

    @Test(arguments: [
        ("9223372036854775807", JSON.int(.max)), ("-9223372036854775808", .int(.min)), ("0", .int(0)),
        ("9223372036854775808", .number(9223372036854775808)), ("-9223372036854775809", .number(-9223372036854775808)),
        ("1.0", .number(1)), ("1e3", .number(1000)), ("1E-3", .number(0.001)), ("0.1", .number(0.1)),
        ("123456789012345678901234567890", .number(0x1.8ee90ff6c373ep96)), ("5e-324", .number(.leastNonzeroMagnitude)),
    ])
    func keepsIntegersThatFitAndReadsTheRestAsFloat64(text: String, expected: JSON) throws {
        #expect(try JSON.parse(text) == expected)
    }

    @Test func minusZeroKeepsItsSign() throws {
        #expect(try JSON.parse("-0").number?.sign == .minus)
        #expect(try JSON.parse("-0").int == nil)
    }

    @Test func undoesEscapes() throws {
        let value = try JSON.parse(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00\u0000""#)
        #expect(value == .string("\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{1f600}\0"))
    }

    @Test func comparesKeysAndStringsByBytes() throws {
        let value = try JSON.parse("{\"\u{e9}\": 1, \"e\u{301}\": 2}")
        #expect(value["\u{e9}"]?.int == 1)
        #expect(value["e\u{301}"]?.int == 2)
        #expect(JSON.string("\u{e9}") != .string("e\u{301}"))
        #expect(JSON.Member("\u{e9}", .null) != JSON.Member("e\u{301}", .null))
    }

    @Test(arguments: [
        (#"{"a": 1, "a": 2}"#, 1, 10, #"the key "a" is listed twice"#),
        (#"{"a": 1, "\u0061": 2}"#, 1, 10, #"the key "a" is listed twice"#),
        ("[1,\n 2,\n x]", 3, 2, "expected a value, found 'x'"),
        ("[\"é\", x]", 1, 7, "expected a value, found 'x'"),
        ("[1 2]", 1, 4, "expected ',' or ']', found '2'"),
        ("[1,]", 1, 4, "expected a value, found ']'"),
        (#"{"a": 1 "b"}"#, 1, 9, "expected ',' or '}', found '\"'"),
        (#"{"a" 1}"#, 1, 6, "expected ':', found '1'"),
        (#"{"a": 1,}"#, 1, 9, "expected a key in quotes, found '}'"),
        ("{a: 1}", 1, 2, "expected a key in quotes, found 'a'"),
        ("", 1, 1, "expected a value, found the end of the text"),
        ("1 1", 1, 3, "expected the end of the text, found '1'"),
        ("\u{FEFF}1", 1, 1, "a byte order mark is not allowed"),
        ("\"\t\"", 1, 2, "the control character 9 must be escaped in a string"),
        ("[\u{0}]", 1, 2, "expected a value, found byte 0"),
        ("[\"abc", 1, 2, "the string has no closing quote"),
        ("\"abc\\", 1, 5, "unknown escape in a string"),
        (#""\x""#, 1, 2, "unknown escape in a string"),
        (#""\u12g4""#, 1, 2, #"\u needs four hexadecimal digits"#),
        (#""a\ud800b""#, 1, 3, "lone surrogate in a string"),
        (#""\ud800\u0041""#, 1, 2, "lone surrogate in a string"),
        (#""\ud800\ud800""#, 1, 2, "lone surrogate in a string"),
        (#""\udc00""#, 1, 2, "lone surrogate in a string"),
        ("01", 1, 1, "a number must not start with 0"),
        ("-", 1, 2, "expected a digit, found the end of the text"),
        ("1.", 1, 3, "expected a digit, found the end of the text"),
        ("1e+", 1, 4, "expected a digit, found the end of the text"),
        ("+1", 1, 1, "expected a value, found '+'"),
        (".5", 1, 1, "expected a value, found '.'"),
        ("NaN", 1, 1, "expected a value, found 'N'"),
        ("tru", 1, 1, "expected a value, found 't'"),
        ("1e999", 1, 1, "the number does not fit a float64"),
    ])
    func namesTheProblemAndItsPlace(text: String, line: Int, column: Int, problem: String) {
        #expect(throws: JSONError(line: line, column: column, problem: problem)) { try JSON.parse(text) }
    }

    @Test func theSentenceNamesLineAndColumn() {
        let error = JSONError(line: 3, column: 7, problem: "expected ':', found '1'")
        #expect(error.description == "JSON, line 3, column 7: expected ':', found '1'")
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF],
        ] as [[UInt8]])
    func refusesBytesThatAreNotUTF8(bad: [UInt8]) {
        let text = Array("\"long enough\nto skip\u{e9}".utf8) + bad + Array("\"".utf8)
        #expect(throws: JSONError(line: 2, column: 9, problem: "the bytes are not UTF-8")) { try JSON.parse(text) }
    }

    @Test func readsEveryScalar() throws {
        let scalars = (0x20...0x10FFFF).compactMap(Unicode.Scalar.init).filter { $0 != "\"" && $0 != "\\" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        #expect(try JSON.parse("\"" + String(text) + "\"") == .string(String(text)))
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON.parse(nested(512)) }
        #expect(throws: JSONError(line: 1, column: 513, problem: "nested deeper than 512 levels")) {
            try JSON.parse(nested(513))
        }
        #expect(throws: JSONError(line: 1, column: 513, problem: "nested deeper than 512 levels")) {
            try JSON.parse(String(repeating: "[", count: 1_000_000))
        }
        let siblings = "[" + Array(repeating: "[]", count: 2000).joined(separator: ",") + "]"
        #expect(try JSON.parse(siblings).array?.count == 2000)
    }

    @Test func findsARepeatedKeyAmongMany() {
        let keys = (0..<1000).map { "\"k\($0)\": 0" }
        #expect(throws: Never.self) { try JSON.parse("{" + keys.joined(separator: ",") + "}") }
        let repeated = "{" + (keys + ["\"k40\": 1"]).joined(separator: ",\n") + "}"
        #expect(throws: JSONError(line: 1001, column: 1, problem: "the key \"k40\" is listed twice")) {
            try JSON.parse(repeated)
        }
    }

    @Test func everyTruncationOfATextIsAnError() {
        let text = Array(#"{"a": [1, -2.5e3, "x\u00e9y", true, null], "b": {"c": {}}}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<length])) }
        }
    }

    @Test func manyKeysTakeNoLongTime() throws {
        let members = (0..<400_000).map { "\"token\($0)\": \($0)" }
        let text = Array(("{" + members.joined(separator: ", ") + "}").utf8)
        let start = ContinuousClock.now
        #expect(try JSON.parse(text).object?.count == 400_000)
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
