import JSON
import Notebooks
import Reports
import Testing
import Values

/// How a page holds tables, and that every reader gets back what was put in.
@Suite struct PageColumnsTests {
    /// The results of a page with one block, and of the same block with all rows and digits.
    static func results(_ outcome: Outcome) throws -> (page: Results.Block?, rows: Results.Block?, text: String) {
        let evaluation = SampleEvaluation.evaluation([.block(SampleEvaluation.block("sweep", "patch", outcome))])
        let rows = ResultsJSON.json(of: evaluation)
        let page = try ReportRenderer(templates: PageTemplates()).html(for: evaluation, results: rows)
        let text = try PageTests.between("id=\"patchbook-results\">", "</script>", in: page)
        return (
            try EmbeddedResults.results(in: Array(page.utf8)).block("sweep"), try Results(rows).block("sweep"), text
        )
    }

    static func outcome(_ tables: [(String, Table)]) -> Outcome {
        var outcome = Outcome()
        for (name, table) in tables { outcome.add(name, table) }
        return outcome
    }

    @Test func `runs and shared columns are written once, and read back cell by cell`() throws {
        let layers = (0..<12).map { [Scalar.int($0), .string("none"), .number(Double($0 % 3) / 8), .null] }
        let (page, rows, text) = try Self.results(
            Self.outcome([
                ("layers", Table(columns: ["layer", "control", "effect", "head"], rows: layers)),
                ("lengths", Table(columns: ["effect", "layer"], rows: layers.map { [$0[2], $0[0]] })),
                ("nothing", Table(columns: ["row", "reason"])),
            ]))
        #expect(page?.tables == rows?.tables)
        #expect(text.contains(#"[["none",12]]"#) && text.contains("[[null,12]]"))
        #expect(text.contains(#""cells":[{"table":"layers","column":"effect"},"#))
    }

    @Test(arguments: 0..<40)
    func `any table reads back, whatever its cells are`(_ seed: Int) throws {
        var state = UInt64(seed) &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let cells: [Scalar] = [
            .null, .int(0), .int(1), .number(0), .number(-0.0), .number(1), .number(.nan), .number(0.1), .string(""),
            .string("a"), .string("</script>"), .bool(true), .bool(false), .int(-7),
        ]
        let tables = (0..<3).map { number in
            let width = 1 + next(4)
            let rows = (0..<next(30)).map { _ in (0..<width).map { _ in cells[next(number == 0 ? 2 : cells.count)] } }
            return ("t\(number)", Table(columns: (0..<width).map { "c\($0)" }, rows: rows))
        }
        let (page, rows, _) = try Self.results(Self.outcome(tables))
        #expect(page?.tables == rows?.tables)
    }

    @Test func `numbers keep seven digits, so that no page differs from its results by what diff reports`() throws {
        let values: [Double] = [1.000_000_55, 123_456.789_012_3, -9.999_999_96e-5, 2.0 / 3, 5e-300, 8.5e20]
        let table = Table(columns: ["value"], rows: values.map { [.number($0)] })
        let (page, _, text) = try Self.results(Self.outcome([("t", table)]))
        let found = try #require(page?.table("t")?.table[column: "value"]).compactMap(\.number)
        #expect(found.count == values.count)
        for (value, read) in zip(values, found) { #expect(abs(read - value) <= 5.000_001e-7 * abs(value)) }
        #expect(text.contains("[1.000001,123456.8,-0.0001,0.6666667,"))
    }

    @Test(arguments: [
        (#"[[1,2]]"#, "'b.t' does not have 2 columns of the same length"),
        (#"[[1,2],[1]]"#, "'b.t' does not have 2 columns of the same length"),
        (#"[[1,2],[[1,0]]]"#, "a run of cells of 'b.t' is not a cell and how many rows it fills"),
        (#"[[1,2],[[1,9000000000]]]"#, "a run of cells of 'b.t' is not a cell and how many rows it fills"),
        (#"[[1,2],{"table":"t","column":"y"}]"#, "a column of 'b.t' is neither cells nor a column before it"),
        (#"[[1,2],{"table":"u","column":"x"}]"#, "a column of 'b.t' is neither cells nor a column before it"),
        (#"[[1,2],7]"#, "a column of 'b.t' is neither cells nor a column before it"),
    ])
    func `damaged columns are one error that names the table`(_ cells: String, _ problem: String) throws {
        let text =
            #"{"schema":\#(Version.schema),"notebook":"x.md","provenance":{"parameters":{},"inputs":[]},"blocks":{"b":{"command":"c","options":{},"values":{},"tables":{"t":{"columns":["x","y"],"cells":\#(cells)}}}}}"#
        #expect { try EmbeddedResults.results(in: Array(text.utf8)) } throws: {
            "\($0)" == "holds no results of a run: \(problem)"
        }
    }
}
