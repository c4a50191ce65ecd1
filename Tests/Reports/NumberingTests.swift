import Charts
import Notebooks
import Testing
import Values

/// Numbers of figures and tables.
@Suite struct NumberingTests {
    static func outcome(figures: [String], tables: [String]) -> Outcome {
        var outcome = Outcome()
        outcome.figures = figures.map {
            Figure(
                name: $0, title: $0, description: "", chart: SampleEvaluation.emptyChart, data: Table(columns: ["x"]))
        }
        for name in tables { outcome.add(name, Table(columns: ["x"])) }
        return outcome
    }

    static let numbering: Numbering = {
        let both = outcome(figures: ["effects", "pairs"], tables: ["layers", "pairs"])
        return Numbering(
            SampleEvaluation.evaluation([
                .block(SampleEvaluation.block("first", "patch", both)),
                .block(SampleEvaluation.block("hidden", "patch", both, show: .none)),
                .block(SampleEvaluation.block("numbers", "table", outcome(figures: [], tables: ["data"]))),
                .block(SampleEvaluation.block("all", "patch", both, show: .all)),
            ]))
    }()

    @Test("figures and tables are counted apart, and only where the page shows them")
    func counts() {
        #expect(
            Self.numbering.items.map { "\($0.block).\($0.name): \($0.anchor)" } == [
                "first.effects: figure-1", "first.pairs: figure-2", "numbers.data: table-1", "all.effects: figure-3",
                "all.pairs: figure-4", "all.layers: table-2", "all.pairs: table-3",
            ])
        #expect(Self.numbering.items(of: "all", .table).map(\.label) == ["Table\u{A0}2", "Table\u{A0}3"])
    }

    @Test("a reference means a block's first figure, else its first table, or one by its name")
    func references() {
        #expect(Self.numbering["first"]?.label == "Figure\u{A0}1")
        #expect(Self.numbering["numbers"]?.label == "Table\u{A0}1")
        #expect(Self.numbering["all.pairs"]?.label == "Figure\u{A0}4")
        #expect(Self.numbering["all.layers"]?.label == "Table\u{A0}2")
        #expect(Self.numbering["hidden"] == nil && Self.numbering["first.layers"] == nil && Self.numbering["x"] == nil)
    }
}
