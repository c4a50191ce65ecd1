import Notebooks
import Testing
import Values

/// Outputs are declared once: names, help and what is produced come from one place.
@Suite struct OutputTests {
    struct Pair {
        let number: Int
        let gain: Double
        let split: String?
    }

    static func table(hidden: Bool) -> OutputTable<Pair> {
        OutputTable("pairs", withholding: hidden ? ["split"] : []) {
            Output("pair", "the pair's number") { $0.number }
            Output("gain", "tuned minus base", unit: "nats") { $0.gain }
            Output("split", "its half") { $0.split }
        }
    }

    static func values(_ shares: [Int], withSplit: Bool) -> OutputValues<Pair> {
        OutputValues {
            for share in shares {
                Output("share.\(share)", "\(share) % of the gain") { $0.gain * Double(share) / 100 }
            }
            if withSplit {
                Output("split", "its half") { $0.split }
            }
        }
    }

    @OutputList static func outputs(hidden: Bool, withTable: Bool = true) -> Outputs {
        values([50, 90], withSplit: !hidden)
        if withTable {
            table(hidden: hidden)
        }
    }

    @Test func `a declaration gives names, help and units`() {
        let outputs = Self.outputs(hidden: false)
        #expect(outputs.values == ["share.50", "share.90", "split"])
        #expect(outputs.tables == ["pairs": ["pair", "gain", "split"]])
        #expect(outputs.value("share.90")?.words == "90 % of the gain")
        #expect(outputs.column("gain", of: "pairs")?.words == "tuned minus base (nats)")
        #expect(outputs.value("gain") == nil, "a column is not a value")
        #expect(outputs.column("split", of: "lines") == nil)
    }

    @Test func `options decide what is declared, and a withheld column is not listed`() {
        let outputs = Self.outputs(hidden: true)
        #expect(outputs.values == ["share.50", "share.90"])
        #expect(outputs.tables == ["pairs": ["pair", "gain"]])
        #expect(outputs.withheld == ["pairs": ["split"]])
        #expect(Self.outputs(hidden: true, withTable: false).tables.isEmpty)
    }

    @Test func `a result fills what is declared, and an infinite number or no value is null`() {
        var outcome = Outcome()
        outcome.set(Self.values([50], withSplit: true), of: Pair(number: 0, gain: 3, split: nil))
        let table = outcome.add(
            Self.table(hidden: true),
            [Pair(number: 0, gain: 3, split: "fit"), Pair(number: 1, gain: .infinity, split: nil)])
        #expect(outcome.values.map(\.path) == ["share.50", "split"])
        #expect(outcome.values.map(\.scalar) == [.number(1.5), .null])
        #expect(table.columns == ["pair", "gain", "split"], "a withheld column is computed with")
        #expect(table.rows == [[.int(0), .number(3), .string("fit")], [.int(1), .null, .null]])
        #expect(outcome.table("pairs") == table)
    }

    @Test func `without a result every value is null`() {
        var outcome = Outcome()
        outcome.set(Self.values([50, 90], withSplit: true), of: nil)
        #expect(outcome.values.map(\.scalar) == [.null, .null, .null])
    }

    @Test func `columns that an author named have no help`() {
        let outputs = Outputs(tables: ["data": ["a"]])
        #expect(outputs.tables == ["data": ["a"]])
        #expect(outputs.column("a", of: "data") == nil)
    }
}
