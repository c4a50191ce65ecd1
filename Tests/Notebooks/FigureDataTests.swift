import Charts
import JSON
import Notebooks
import Testing
import Values

/// A figure's data in the results: rows of a table of its block wherever they are some.
@Suite struct FigureDataTests {
    static func data(_ figure: Table, among table: Table) throws -> JSON? {
        var outcome = Outcome()
        outcome.add("t", table)
        outcome.figures = [
            Figure(
                name: "f", title: "F", description: "", chart: LineChart(x: Axis(), y: Axis(), series: []), data: figure
            )
        ]
        let head = BlockHead(id: "b", command: "c", source: "")
        let result = BlockResult(
            id: "b", command: "c", options: [], inputs: [], key: "", digest: "", outcome: outcome)
        let evaluation = Evaluation(
            name: "x.md", title: [], parts: [.block(EvaluatedBlock(head: head, run: .success(result)))])
        return ResultsJSON.json(of: evaluation)["blocks"]?["b"]?["figures"]?["f"]
    }

    static let table = Table(
        columns: ["layer", "control", "effect"],
        rows: (0..<6).map { [.int($0 / 2), .string($0 % 2 == 0 ? "none" : "self"), .number(Double($0) / 8)] })

    @Test("a whole table is named, and a part of one is told by its columns and the runs of its rows")
    func references() throws {
        #expect(try Self.data(Self.table, among: Self.table)?.text() == #"{"table":"t"}"#)
        let none = Table(columns: Self.table.columns, rows: Self.table.rows.filter { $0[1] == .string("none") })
        #expect(
            try Self.data(none.selecting(["layer", "effect"]), among: Self.table)?.text()
                == #"{"table":"t","columns":["layer","effect"],"rows":[[0,1],[2,3],[4,5]]}"#)
        let first = Table(columns: ["effect"], rows: [[.number(0)], [.number(0.125)]])
        #expect(
            try Self.data(first, among: Self.table)?.text() == #"{"table":"t","columns":["effect"],"rows":[[0,2]]}"#)
    }

    @Test("what is no part of a table is there itself")
    func own() throws {
        let other = Table(columns: ["effect"], rows: [[.number(0.3)]])
        #expect(try Self.data(other, among: Self.table)?.text() == #"{"columns":["effect"],"rows":[[0.3]]}"#)
        // The other way round, rows of a table are in another order.
        let turned = Table(columns: Self.table.columns, rows: Self.table.rows.reversed())
        #expect(try Self.data(turned, among: Self.table)?["table"] == nil)
    }

    @Test("numbers that JSON writes as null are the same")
    func missing() throws {
        let table = Table(columns: ["x"], rows: [[.number(.nan)], [.null], [.number(1)]])
        let data = Table(columns: ["x"], rows: [[.null], [.number(.infinity)], [.number(1)]])
        #expect(try Self.data(data, among: table)?.text() == #"{"table":"t"}"#)
    }
}
