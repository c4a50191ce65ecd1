import Charts
import Notebooks
import Testing
import Values

/// What the store keeps of a block is the very outcome.
@Suite struct OutcomeBytesTests {
    private static let numbers: [Double] = [
        0, -0.0, 1, -1.5, 0.1, 1e-5, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan, .infinity, -.infinity,
    ]

    private static let whole: Outcome = {
        var outcome = Outcome()
        outcome.set("null", .null)
        outcome.set("yes", .bool(true))
        outcome.set("no", .bool(false))
        outcome.set("int", .int(.min))
        for (index, number) in numbers.enumerated() { outcome.set("number.\(index)", .number(number)) }
        outcome.set("e.composed", .string("\u{E9}"))
        outcome.set("e.decomposed", .string("e\u{301}"))
        outcome.set(
            "estimate", .number(0.1), parts: EstimateParts(prompts: [3, 0], above: [0.1, -0.0], below: [1, 2]))
        outcome.add("empty", Table(columns: []))
        outcome.add("no rows", Table(columns: ["a", "b"]))
        let table = Table(columns: ["text", "number"], rows: numbers.map { [.string("same"), .number($0)] })
        outcome.add("rows", table)
        let chart = LineChart(
            x: Axis("x"), y: Axis("y"),
            series: [Series("s", role: .effect, points: numbers.map { Point(x: $0, y: $0, lower: nil, upper: $0) })])
        outcome.figures = [
            Figure(name: "f", title: "t", description: "d", chart: chart, data: table),
            Figure(
                name: "g", title: "t", description: "d", chart: SmallMultiples([.init("p", chart)]),
                data: Table(columns: ["z"])),
        ]
        outcome.checks = [Check(name: "c", found: .nan, tolerance: 1e-9, unit: "nats")]
        outcome.claims = [
            ClaimVerdict(
                claim: "a - b > 0", kind: .exploratory, because: "so", found: .number(-0.0),
                interval: ClaimVerdict.Ends(lower: -0.0, upper: .pi),
                others: [ClaimVerdict.Value(path: "b", scalar: .string("e\u{301}"))], held: false),
            ClaimVerdict(claim: "a > 0", because: "so", found: .null, missing: "no prompts", held: false),
            ClaimVerdict(claim: "b > 0", because: "so", found: .int(1), held: true),
        ]
        outcome.notes = ["note", ""]
        return outcome
    }()

    @Test func `an outcome that was written and read again has the same bytes`() throws {
        let bytes = OutcomeBytes.bytes(of: Self.whole)
        let again = try #require(OutcomeBytes.outcome(of: bytes))
        let isSame = OutcomeBytes.bytes(of: again) == bytes
        #expect(isSame)
        #expect(String(reflecting: again.values) == String(reflecting: Self.whole.values))
        #expect(String(reflecting: again.tables) == String(reflecting: Self.whole.tables))
        #expect(String(reflecting: again.checks) == String(reflecting: Self.whole.checks))
        #expect(again.claims == Self.whole.claims)
        #expect(again.notes == Self.whole.notes)
        let theme = Theme(idPrefix: "x", title: "t")
        for (left, right) in zip(again.figures, Self.whole.figures) {
            #expect(left.chart.markup(in: theme) == right.chart.markup(in: theme))
            #expect([left.name, left.title, left.description] == [right.name, right.title, right.description])
            #expect(String(reflecting: left.data) == String(reflecting: right.data))
        }
        #expect(
            again.value("e.composed").map { "\($0)".utf8.count }
                != again.value("e.decomposed").map { "\($0)".utf8.count })
    }

    @Test func `bytes that nobody wrote are an error and never a crash`() {
        let bytes = OutcomeBytes.bytes(of: Self.whole)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(OutcomeBytes.outcome(of: Array(bytes[..<count])) == nil)
        }
        #expect(OutcomeBytes.outcome(of: bytes + [0]) == nil)
        for place in stride(from: 0, to: min(bytes.count, 600), by: 3) {
            var damaged = bytes
            damaged[place] ^= 0xFF
            _ = OutcomeBytes.outcome(of: damaged)
        }
    }

    /// A field that is not written would be lost in silence: it belongs into `OutcomeBytes` and into this list.
    @Test func `no field of an outcome is forgotten`() throws {
        func fields(_ value: Any) -> [String] { Mirror(reflecting: value).children.compactMap(\.label) }
        #expect(fields(Self.whole) == ["values", "tables", "figures", "checks", "claims", "notes"])
        #expect(fields(Self.whole.figures[0]) == ["name", "title", "description", "chart", "data"])
        #expect(fields(Self.whole.checks[0]) == ["name", "found", "tolerance", "unit"])
        #expect(
            fields(Self.whole.claims[0]) == [
                "claim", "kind", "because", "found", "interval", "missing", "others", "held",
            ])
        #expect(fields(Self.whole.values[0]) == ["path", "scalar", "parts"])
        #expect(fields(Self.whole.tables[0].table) == ["columns", "rows"])
    }
}
