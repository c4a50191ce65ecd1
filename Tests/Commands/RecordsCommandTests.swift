import Charts
import Foundation
import JSON
import Notebooks
import TestSupport
import Testing
import Values

/// `{records}`: sweeps that other programs ran. Fixtures: `scripts/fixtures/records.py`.
@Suite struct RecordsCommandTests {
    private static func outcome(_ options: String, in folder: String = Fixtures.repository) throws -> Outcome {
        let text = "---\nseed: 7\n---\n```{records}\nid: found\n\(options)\n```\n"
        return try #require(try EmbeddedNotebook.standard(text, in: folder).evaluation().blocks.last).result.outcome
    }

    private static func expected(_ part: String) throws -> JSON {
        try #require(try JSON.parse(Fixtures.bytes(Fixtures.path("records/expected.json")))[part])
    }

    private static let sweep = "path: Tests/Fixtures/records/sweep.jsonl\ncontrols: self\nsplit: none"
    private static let tunedToBase: [String: Scalar] = [
        "direction": .string("tuned_to_base"), "control": .string("none"),
    ]

    /// An estimate with its interval against SciPy's: the estimate to all digits, the ends within a tenth of the interval.
    private func expectInterval(_ found: [Double], _ expected: JSON?, _ name: String) throws {
        let numbers = expected?.array?.compactMap(\.number) ?? []
        try #require(found.count == 3 && numbers.count == 3)
        #expect(abs(found[0] - numbers[0]) < 1e-9, "\(name)")
        let tolerance = (numbers[2] - numbers[1]) / 10
        #expect(
            abs(found[1] - numbers[1]) <= tolerance && abs(found[2] - numbers[2]) <= tolerance,
            "\(name) \(found) \(numbers)")
    }

    @Test func `a sweep that was run elsewhere has the numbers of NumPy and SciPy`() throws {
        let outcome = try Self.outcome(Self.sweep)
        let expected = try Self.expected("sweep")
        #expect(outcome.number("count") == 30)
        #expect(outcome.number("prompts") == 20)
        #expect(abs((outcome.number("gain.mean") ?? .nan) - (expected["gain"]?.number ?? .nan)) < 1e-9)
        func column(_ name: String) -> [Double] { outcome.numbers("layers", name, where: Self.tunedToBase) }
        for (prefix, columns) in [
            ("effects", ["effect", "lower", "upper"]),
            ("recoveries", ["recovery", "recovery_lower", "recovery_upper"]),
            ("increments", ["increment", "increment_lower", "increment_upper"]),
        ] {
            let found = columns.map(column)
            for layer in 0..<4 { try expectInterval(found.map { $0[layer] }, expected[prefix]?.array?[layer], prefix) }
        }
        for (found, one) in zip(column("interaction"), expected["interactions"]?.array ?? []) {
            #expect(abs(found - (one.number ?? .nan)) < 1e-9)
        }
        #expect(abs((outcome.number("increment.embedding") ?? .nan) - (expected["embedding"]?.number ?? .nan)) < 1e-9)
        #expect(abs((outcome.number("increment.head") ?? .nan) - (expected["head"]?.number ?? .nan)) < 1e-9)
        #expect(outcome.number("self.effect") == 0)
        #expect(outcome.checks.map(\.held) == [true])
        #expect(outcome.figures.map(\.name) == ["effects", "increments", "interaction", "concentration", "pairs"])
        #expect(
            outcome.figures[0].title.hasPrefix("Change of the margin by layer (")
                && outcome.figures[0].chart is LineChart)
    }

    @Test func `a CSV file with other names of columns is the same sweep`() throws {
        let one = try Self.outcome(Self.sweep)
        let other = try Self.outcome(
            """
            path: Tests/Fixtures/records/sweep.csv
            columns: {pair: example, prompt: text, layer: block, margin: value}
            where: {model: ours}
            controls: self
            split: none
            """)
        #expect(other.number("skipped.count") == 1)
        #expect(one.table("layers") == other.table("layers"))
        #expect(one.table("pairs") == other.table("pairs"))
    }

    @Test func `four cells have the numbers of NumPy and SciPy, and a row without one is left out`() throws {
        let cells = [
            "base_base": "U_B__L_B", "base_tuned": "U_B__L_T", "tuned_base": "U_T__L_B", "tuned_tuned": "U_T__L_T",
        ]
        let options = """
            path: Tests/Fixtures/records/cells.jsonl
            columns: {pair: prompt_id}
            cells: {\(cells.map { "\($0): events.cells.\($1).margin" }.sorted().joined(separator: ", "))}
            """
        let outcome = try Self.outcome(options + "\non_bad_row: drop")
        let expected = try Self.expected("cells")
        #expect(outcome.number("count") == 80)
        #expect(outcome.numbers("dropped", "row") == [42])
        for effect in ["late_given_base", "late_given_tuned", "interaction"] {
            let paths = ["\(effect).mean", "\(effect).mean.lower", "\(effect).mean.upper"]
            try expectInterval(paths.compactMap(outcome.number), expected[effect], effect)
        }
        let share = ["interaction.share", "interaction.share.lower", "interaction.share.upper"]
        try expectInterval(share.compactMap(outcome.number), expected["share"], "share")
        for (found, one) in zip(outcome.numbers("cells", "mean"), expected["means"]?.array ?? []) {
            #expect(abs(found - (one.number ?? .nan)) < 1e-9)
        }
        #expect(outcome.figures.map(\.name) == ["effects", "cells"])
        let problem = "row 42: 'events.cells.U_B__L_B.margin' is missing; found 'prompt_id', 'events'"
        #expect(Self.problems(options).contains(problem))
    }

    @Test func `a patch of this program, written as records, gives the patch's own statistics`() throws {
        let patch = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 12, EmbeddedNotebook.block("patch", "controls: [random]"))
        let score = try EmbeddedNotebook.outcome("demo-dpo", limit: 12, EmbeddedNotebook.block("score"))
        let clean = zip(score.numbers("pairs", "base_margin"), score.numbers("pairs", "tuned_margin")).map { [$0, $1] }
        let prompts = score.numbers("pairs", "prompt_number")
        var lines: [String] = []
        func add(_ pair: Int, _ layer: Int, _ direction: String, _ control: String, _ margin: Double) {
            let members: [(String, JSON)] = [
                ("pair", .int(pair)), ("prompt", .number(prompts[pair])), ("layer", .int(layer)),
                ("direction", .string(direction)), ("control", .string(control)), ("margin", .number(margin)),
                ("base", .number(clean[pair][0])), ("tuned", .number(clean[pair][1])),
            ]
            lines.append(JSON.object(members.map { JSON.Member($0.0, $0.1) }).text())
        }
        let table = try #require(patch.table("pairs"))
        func texts(_ column: String) -> [String] { (table[column: column] ?? []).map(\.text) }
        let columns = ["pair", "layer", "margin"].map { patch.numbers("pairs", $0) }
        for (row, (direction, control)) in zip(texts("direction"), texts("control")).enumerated() {
            add(Int(columns[0][row]), Int(columns[1][row]), direction, control, columns[2][row])
        }
        for pair in clean.indices {
            add(pair, -1, "tuned_to_base", "none", clean[pair][0])
            add(pair, -1, "base_to_tuned", "none", clean[pair][1])
        }
        // The order of the lines says the order of the pairs.
        lines.sort { left, right in
            func pair(_ line: String) -> Int { (try? JSON.parse(line))?["pair"]?.int ?? -1 }
            return pair(left) < pair(right)
        }
        let folder = try Fixtures.temporaryFolder()
        try lines.joined(separator: "\n").write(toFile: folder + "/own.jsonl", atomically: true, encoding: .utf8)
        let records = try Self.outcome("path: own.jsonl\ncontrols: random", in: folder)
        let (own, other) = (try #require(patch.table("layers")), try #require(records.table("layers")))
        // Records do not say how long the responses are.
        for column in own.columns where !["chosen", "rejected"].contains(column) && !column.contains("equal_length") {
            #expect(own[column: column] == other[column: column], "\(column)")
        }
        for path in [
            "peak.layer", "peak.effect", "peak.lower", "step.share", "carriers.layers", "concentration.layers",
        ] {
            #expect(patch.value(path) == records.value(path), "\(path)")
        }
        #expect(records.value("carriers.equal_length.layers") == .null)
        #expect(records.figures.allSatisfy { $0.name != "equal-length" })
    }

    // MARK: What is refused

    private static func problems(_ options: String, in folder: String = Fixtures.repository) -> String {
        do {
            _ = try outcome(options, in: folder)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static func row(
        pair: String = "1", layer: String = "0", control: String = "none", margin: String = "1", base: String = "0"
    ) -> String {
        #"{"pair": \#(pair), "layer": \#(layer), "direction": "tuned_to_base", "control": "\#(control)", "margin": \#(margin), "base": \#(base), "tuned": 2}"#
    }

    @Test(arguments: [
        ([row(), row(pair: "2"), row(pair: "2")], "", "row 3: the same pair at the same place as row 2"),
        ([row(), row(pair: "2", margin: "NaN")], "", "row 2: not JSON, column"),
        ([row(), row(pair: "2", margin: #""inf""#)], "", "row 2: 'margin' is \"inf\", not a finite number"),
        ([row(), row(pair: "2", margin: "[]")], "", "row 2: 'margin' must be a number, found []"),
        ([row(), row(layer: "1", base: "0.5")], "", "row 2: 'base' is 0.5, but row 1 of the same pair has 0.0"),
        (
            [row(), row(layer: "1"), row(pair: "2")], "",
            "row 3: pair '2' has no row of layer 1, tuned_to_base, which other pairs have"
        ),
        ([row(), row(layer: "0.5")], "", "row 2: 'layer' must be a whole number, a layer from 0, found 0.5"),
        ([row(), row(control: "noise")], "", "row 2: 'control' must be one of 'none', 'self', 'shuffled'"),
        ([row(), row(control: "random")], "", "row 2: control 'random' is not among the option 'controls'"),
        ([row()], "controls: random", "no row has the control 'random', which the option 'controls' names"),
        ([row(layer: "-1")], "", "no row is of the patch itself: expected control 'none' at a layer from 0"),
        (
            [row(), row(layer: "-1")], "site: mlp_out",
            "row 2: 'layer' must be a layer from 0; −1, the donor's embedding alone"
        ),
        ([row()], "columns: {margin: effect}", "row 1: 'effect' is missing; found 'pair', 'layer'"),
        ([row()], "where: {layer: 7}", "'where' keeps none of the 1 rows of 'rows.jsonl'"),
        ([], "", "no record is left"),
        (["3"], "", "row 1: expected a JSON object, found 3"),
    ])
    func `a file that cannot be used is refused with its row`(_ rows: [String], _ options: String, _ sentence: String)
        throws
    {
        let folder = try Fixtures.temporaryFolder()
        try rows.joined(separator: "\n").write(toFile: folder + "/rows.jsonl", atomically: true, encoding: .utf8)
        let found = Self.problems("path: rows.jsonl\n\(options)", in: folder)
        #expect(found.contains(sentence), "\(found)")
    }

    @Test func `a pair that lacks a place is left out and counted where the block says so`() throws {
        let folder = try Fixtures.temporaryFolder()
        let rows = [
            Self.row(), Self.row(layer: "1"), Self.row(pair: "2"), Self.row(pair: "3"), Self.row(pair: "3", layer: "1"),
            "{",
        ]
        try rows.joined(separator: "\n").write(toFile: folder + "/rows.jsonl", atomically: true, encoding: .utf8)
        let outcome = try Self.outcome("path: rows.jsonl\non_bad_row: drop", in: folder)
        #expect(outcome.number("count") == 2)
        #expect(outcome.numbers("dropped", "row") == [6, 3])
    }

    @Test(arguments: [
        ("cells: {base_base: a, base_tuned: b, tuned_base: c}", "it has no 'tuned_tuned'"),
        (
            "cells: {base_base: a, base_tuned: b, tuned_base: c, tuned_tuned: d}\ncontrols: self",
            "option 'controls' says how"
        ),
        (
            "cells: {base_base: a, base_tuned: b, tuned_base: c, tuned_tuned: d}\ncolumns: {margin: m}",
            "'margin' is a column of a patch"
        ),
        ("columns: {effect: m}", "'effect' is not one of them"),
        ("estimand: swap\nsite: z", "option 'site' says how an activation was patched, and 'swap' patches none"),
        ("where: 3", "'where' takes a mapping"),
    ])
    func `options that do not fit together are refused before anything is read`(_ options: String, _ sentence: String) {
        let found = Self.problems("path: Tests/Fixtures/records/sweep.jsonl\n\(options)")
        #expect(found.contains(sentence), "\(found)")
    }
}

/// A published table, which lies beside the project and never in it.
private enum PublishedRecords {
    static let path = URL(fileURLWithPath: Fixtures.repository).deletingLastPathComponent()
        .appending(path: "shared/data/first-divergence/qwen25-32b-records.jsonl.gz").path
    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}

@Suite(.enabled(if: PublishedRecords.isThere, "skipped: needs ../shared/data/first-divergence"))
struct PublishedRecordsTests {
    /// arXiv 2605.07284 on Qwen2.5-32B: late effects after either model's earlier layers, and the interaction, in logits.
    @Test(arguments: [
        ("common_it", [[0.9766, 0.8802, 1.0745], [2.4228, 2.2648, 2.5832], [1.4462, 1.3213, 1.5694]]),
        ("common_pt", [[0.9292], [2.4076], [1.4785]]),
    ])
    func `the published numbers come out of the published records`(_ readout: String, _ published: [[Double]]) throws {
        func column(_ upstream: String, _ later: String) -> String {
            "events.first_diff.cells.U_\(upstream)__L_\(later).\(readout).it_vs_pt_margin"
        }
        let folder = (PublishedRecords.path as NSString).deletingLastPathComponent
        let text = """
            ```{records}
            path: qwen25-32b-records.jsonl.gz
            columns: {pair: prompt_id}
            cells: {base_base: \(column("PT", "PT")), base_tuned: \(column("PT", "IT")), tuned_base: \(column("IT", "PT")), tuned_tuned: \(column("IT", "IT"))}
            on_bad_row: drop
            ```
            """
        let outcome = try #require(try EmbeddedNotebook.standard(text, in: folder).evaluation().blocks.last).result
            .outcome
        #expect(outcome.number("count") == 1397)
        #expect(outcome.number("dropped.count") == 3)
        for (effect, numbers) in zip(["late_given_base", "late_given_tuned", "interaction"], published) {
            let found = ["", ".lower", ".upper"].compactMap { outcome.number("\(effect).mean\($0)") }
            #expect(abs(found[0] - numbers[0]) < 5.1e-5, "\(effect)")
            for (one, other) in zip(found, numbers).dropFirst() { #expect(abs(one - other) < 0.02, "\(effect)") }
        }
    }
}
