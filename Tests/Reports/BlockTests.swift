import Charts
import Markdown
import Notebooks
import Reports
import Testing
import Values

/// What a page shows of a block.
@Suite struct BlockTests {
    static func section(_ block: EvaluatedBlock) throws -> String {
        let page = try PageTests.page(SampleEvaluation.evaluation([.block(block)]))
        return try PageTests.between(
            "<section class=\"pb-block\" id=\"block-\(block.result.id)\">", "</section>", in: page)
    }

    static func table(_ table: Table, options: [(name: String, value: OptionValue)] = []) throws -> String {
        var outcome = Outcome()
        outcome.add("data", table)
        return try section(SampleEvaluation.block("t", "table", outcome, options: options))
    }

    static func shown(_ command: String, _ outcome: Outcome, _ show: BlockHead.Show) throws -> [String] {
        let section = try section(SampleEvaluation.block("b", command, outcome, show: show))
        let marks = [
            ("facts", "<dl class=\"pb-facts\">"), ("figures", "pb-figure"), ("tables", "pb-table"),
            ("checks", "class=\"pb-checks"), ("source", "Source of this block"),
        ]
        return marks.filter { section.contains($0.1) }.map(\.0)
    }

    @Test("a block shows what it asks for, else what suits its command")
    func show() throws {
        let sweep = SampleEvaluation.sweep
        #expect(try Self.shown("patch", sweep, .main) == ["figures", "checks", "source"])
        #expect(try Self.shown("patch", sweep, .figures) == ["figures", "checks", "source"])
        #expect(try Self.shown("patch", sweep, .tables) == ["tables", "checks", "source"])
        #expect(try Self.shown("patch", sweep, .all) == ["facts", "figures", "tables", "checks", "source"])
        #expect(try Self.shown("patch", sweep, .parts(["folded"])) == ["figures", "checks", "source"])
        #expect(
            try Self.section(SampleEvaluation.block("b", "patch", sweep, show: .parts(["folded"]))).contains("pb-more"))
        let names = sweep.figures.map(\.name)
        let ordered = ShownParts(SampleEvaluation.block("b", "patch", sweep, show: .parts([names[1], "folded"])))
        #expect(ordered.figures == [names[1]] && ordered.foldedFigures == names.filter { $0 != names[1] })
        #expect(try Self.shown("models", SampleEvaluation.models, .main) == ["facts", "source"])
        var answers = Outcome()
        answers.add("answers", Table(columns: ["model", "text"], rows: [[.string("base"), .string("Yes.")]]))
        #expect(try Self.shown("generate", answers, .main) == ["tables", "source"])
        #expect(try Self.shown("table", sweep, .main) == ["tables", "checks", "source"])
    }

    @Test("a block that shows nothing still shows a failed identity and a failed claim")
    func failuresAreShown() throws {
        let shown = try Self.section(SampleEvaluation.block("b", "patch", SampleEvaluation.sweep, show: .none))
        #expect(shown.contains("Increments add up to the gain"))
        #expect(!shown.contains("Self-patch changes nothing"))
        let claims = try Self.section(SampleEvaluation.block("b", "expect", SampleEvaluation.claims, show: .none))
        #expect(
            claims.contains(
                "<span class=\"pb-verdict\">✗ FAILED</span> <span class=\"pb-kind\">exploratory</span> <code>sweep.peak.recovery &gt; 0.99</code>"
            ))
        #expect(claims.contains("(found <data value=\"0.94631\">0.9463</data>)"))
        #expect(claims.contains("<p>the step should carry all of the gain</p>"))
    }

    @Test("at most four digits of a cell count, and decimal points stand below one another")
    func digits() throws {
        let html = try Self.table(
            Table(
                columns: ["effect", "p_value", "n", "name"],
                rows: [
                    [.number(12.345_678), .number(0.000_000_41), .int(-3), .string("a,b")],
                    [.number(-0.5), .number(0.043_21), .int(1200), .null],
                    [.number(.nan), .number(0), .null, .string("c")],
                ]))
        let cells = html.components(separatedBy: "<td").dropFirst().map {
            String($0.prefix { $0 != "<" && $0 != "\n" })
        }
        #expect(
            cells == [
                ">12.35", ">4.1×10⁻⁷", ">\u{2212}3", " class=\"pb-words\">a,b", " class=\"pb-gap-2\">\u{2212}0.5",
                ">0.04321", ">1200",
                " class=\"pb-words\">—", ">—", " class=\"pb-gap-11\">0", ">—", " class=\"pb-words\">c",
            ])
        #expect(html.contains("<th scope=\"col\">p value</th>"))
        #expect(html.contains("<figure class=\"pb-table\" id=\"table-1\" data-of=\"t.data\">"))
        #expect(!html.contains("href=\"data:") && !html.contains("application/json"))
    }

    @Test("a table's own formats are used")
    func formats() throws {
        let option = OptionValue.map([OptionValue.MapEntry(key: "share", value: .scalar(.string(".1%")))])
        let html = try Self.table(Table(columns: ["share"], rows: [[.number(0.1234)]]), options: [("format", option)])
        #expect(html.contains("<td>12.3%\n"))
    }

    @Test("a column's head has the author's words, and the results keep the column's name")
    func headings() throws {
        let option = OptionValue.map([OptionValue.MapEntry(key: "share", value: .scalar(.string("share <of> it")))])
        let html = try Self.table(
            Table(columns: ["share", "big_one"], rows: [[.number(0.5), .int(1)]]), options: [("headings", option)])
        #expect(
            html.contains("<th scope=\"col\">share &lt;of&gt; it</th>")
                && html.contains("<th scope=\"col\">big one</th>"))
    }

    @Test(
        "a heading may be a number or a Boolean as well as a text",
        arguments: [Scalar.int(12_345), .number(0.5), .bool(true)])
    func scalarHeading(_ head: Scalar) throws {
        let option = OptionValue.map([OptionValue.MapEntry(key: "share", value: .scalar(head))])
        let html = try Self.table(Table(columns: ["share"], rows: [[.int(1)]]), options: [("headings", option)])
        #expect(html.contains("<th scope=\"col\">\(head.plainText)</th>"))
    }

    @Test("a long table is folded after twenty rows, and the page says where the rows are that it does not show")
    func longTable() throws {
        let rows = (0..<1000).map { [Scalar.int($0)] }
        let html = try Self.table(Table(columns: ["row"], rows: rows))
        #expect(html.contains("<summary>980 more rows</summary>"))
        #expect(html.contains("The other 500 rows are not shown here; the results at the page's end hold all."))
        #expect(html.contains(">499\n") && !html.contains(">500\n"))
        let wide = try Self.table(
            Table(columns: (0..<60).map { "c\($0)" }, rows: rows.map { Array(repeating: $0[0], count: 60) }))
        #expect(wide.contains("The other 900 rows are not shown here"))
        #expect(!(try Self.table(Table(columns: ["row"], rows: Array(rows[..<20])))).contains("more rows"))
    }

    @Test("empty tables, figures without data and blocks without anything are shown without fuss")
    func nothing() throws {
        #expect(try Self.table(Table(columns: [])).contains("<table class=\"pb-numbers\">"))
        var outcome = Outcome()
        outcome.figures = [
            Figure(
                name: "f", title: "F", description: "", chart: LineChart(x: Axis(), y: Axis(), series: []),
                data: Table(columns: ["x"]))
        ]
        let section = try Self.section(SampleEvaluation.block("b", "chart", outcome))
        #expect(section.contains("<figcaption><b>Figure\u{A0}1. F.</b> <a class"))
        #expect(try Self.section(SampleEvaluation.block("b", "chart", Outcome(), show: .none)) == "\n")
    }

    @Test("a table that may be wider than the narrowest phone can be reached with the keyboard, and no other")
    func focus() throws {
        let rows: [[Scalar]] = [
            [.string("layer 7"), .number(0), .number(0)], [.string("layer 7"), .number(0.125), .number(0.045)],
        ]
        #expect(
            try Self.table(Table(columns: ["term", "minus_log_alpha", "coefficient"], rows: rows)).contains("tabindex"))
        #expect(!(try Self.table(Table(columns: ["term", "alpha", "value"], rows: rows))).contains("pb-scroll\" role"))
    }

    @Test("a caption's first paragraph goes on after the title, and its lists and paragraphs follow")
    func captionBlocks() throws {
        let list = MarkdownBlock.list(start: nil, isTight: true, items: [[.paragraph([.text("b")])]])
        let block = SampleEvaluation.block(
            "b", "chart", SampleEvaluation.sweep, caption: [.text("One")], more: [list, .paragraph([.text("Last.")])])
        #expect(try Self.section(block).contains("</b> One\n<ul>\n<li>b</li>\n</ul>\n<p>Last.</p> <a class"))
        let onlyList = SampleEvaluation.block("b", "chart", SampleEvaluation.sweep, more: [list])
        #expect(try Self.section(onlyList).contains("</b> <ul>\n<li>b</li>\n</ul> <a class"))
    }

    @Test("claims that all held are counted at the head of the page")
    func tally() throws {
        var outcome = Outcome()
        outcome.claims = [
            ClaimVerdict(
                claim: "a - b < 1", because: "", found: .number(0.5),
                interval: ClaimVerdict.Ends(lower: 0.25, upper: 0.75), held: true)
        ]
        let page = try PageTests.page(
            SampleEvaluation.evaluation([.block(SampleEvaluation.block("c", "expect", outcome))]))
        #expect(page.contains("<p class=\"pb-tally pb-held\"><a href=\"#block-c\">✓ 1 of 1 prediction held</a></p>"))
        #expect(page.contains("<span class=\"pb-found\">(found <data value=\"0.5\">0.5</data> [0.25, 0.75])</span>"))
        #expect(!(try PageTests.page([.thematicBreak])).contains("<p class=\"pb-tally"))
    }
}
