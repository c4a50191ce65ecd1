import Foundation
import JSON
import Notebooks
import TestSupport
import Testing
import Values

/// `{localisers}`: localisers on models whose tuned layers are known. Fixtures: `scripts/fixtures/localisers.py`.
@Suite struct LocalisersCommandTests {
    private static func outcome(_ options: String, in folder: String = Fixtures.repository) throws -> Outcome {
        let text = "```{localisers}\nid: board\n\(options)\n```\n"
        return try #require(try EmbeddedNotebook.standard(text, in: folder).evaluation().blocks.last).result.outcome
    }

    private static let fixture =
        "truth: Tests/Fixtures/localisers/truth.csv\nscores: Tests/Fixtures/localisers/scores.csv"

    @Test func `areas, mass and intervals are those of scikit-learn, NumPy and SciPy`() throws {
        let outcome = try Self.outcome(Self.fixture)
        let expected = try JSON.parse(Fixtures.bytes(Fixtures.path("localisers/expected.json")))
        #expect(outcome.value("first") == expected["first"]?.string.map(Scalar.string))
        for name in ["swaps", "norms", "nothing"] {
            for (measure, value) in expected[name]?.object?.map({ ($0.key, $0.value) }) ?? [] where measure != "cases" {
                let numbers = value.array?.compactMap(\.number) ?? []
                let found = ["", ".lower", ".upper"].compactMap { outcome.number("\(name).\(measure)\($0)") }
                try #require(numbers.count == 3 && found.count == 3, "\(name).\(measure)")
                for (found, number) in zip(found, numbers) {
                    #expect(abs(found - number) < 1e-9, "\(name).\(measure) \(found) \(number)")
                }
            }
            for (planting, value) in expected[name]?["cases"]?.object?.map({ ($0.key, $0.value) }) ?? [] {
                let found = outcome.number("\(name).\(planting).auroc") ?? .nan
                #expect(abs(found - (value.number ?? .nan)) < 1e-9, "\(name).\(planting)")
            }
        }
    }

    @Test func `a localiser that says the same of every layer is at chance`() throws {
        let outcome = try Self.outcome(Self.fixture)
        #expect(outcome.number("nothing.auroc") == 0.5)
        #expect(outcome.number("nothing.mass") == outcome.number("chance"))
    }

    @Test func `a measure that a model or a localiser does not have is no value`() throws {
        let outcome = try Self.outcome(Self.fixture)
        for path in ["swaps.none.auroc", "swaps.one.false_positives", "norms.found", "norms.none.found", "swaps.below"]
        {
            #expect(outcome.value(path) == nil, "\(path)")
        }
        #expect(outcome.number("swaps.none.false_positives") != nil)
        #expect(outcome.figures.map(\.name) == ["auroc", "grid", "mass", "tests"])
    }

    @Test func `scores in several files are those of one`() throws {
        let folder = try Fixtures.temporaryFolder()
        let rows = String(decoding: try Fixtures.bytes(Fixtures.path("localisers/scores.csv")), as: UTF8.self)
            .split(separator: "\n")
        func write(_ name: String, _ some: [Substring]) throws {
            try some.joined(separator: "\n").write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        try write("own.csv", rows.filter { !$0.contains("norms") })
        try write("submitted.csv", [rows[0]] + rows.filter { $0.contains("norms") })
        try Fixtures.bytes(Fixtures.path("localisers/truth.csv")).withUnsafeBytes {
            try Data($0).write(to: URL(filePath: folder + "/truth.csv"))
        }
        let found = try Self.outcome("truth: truth.csv\nscores: [own.csv, submitted.csv]", in: folder)
        let one = try Self.outcome(Self.fixture)
        #expect(found.table("localisers") == one.table("localisers"))
    }

    @Test(arguments: ["chance", "count", "models", "cases", "case", "first", "localiser"])
    func `a localiser may have the name of a value or a column`(_ name: String) throws {
        let folder = try Fixtures.temporaryFolder()
        for file in ["truth", "scores"] {
            let text = String(decoding: try Fixtures.bytes(Fixtures.path("localisers/\(file).csv")), as: UTF8.self)
            try text.replacing(",swaps,", with: ",\(name),").write(
                toFile: "\(folder)/\(file).csv", atomically: true, encoding: .utf8)
        }
        let found = try Self.outcome("truth: truth.csv\nscores: scores.csv", in: folder)
        #expect(found.number("\(name).auroc") == (try Self.outcome(Self.fixture)).number("swaps.auroc"))
    }

    @Test func `where nothing was planted no localiser is first`() throws {
        #expect(try Self.outcome(Self.fixture + "\ncases: none").value("first") == .null)
    }

    @Test func `only the cases that are named count`() throws {
        let (all, two) = (try Self.outcome(Self.fixture), try Self.outcome(Self.fixture + "\ncases: two"))
        #expect(two.number("swaps.auroc") == all.number("swaps.two.auroc"))
        #expect(two.number("models") == 3)
        #expect(throws: (any Error).self) { try Self.outcome(Self.fixture + "\ncases: [two, three]") }
    }

    // MARK: What is refused

    private static let truth = "case,seed,layers,planted,changed\nheads,1,2,1,1\nheads,2,2,1,1"
    private static let scores =
        "case,seed,localiser,layer,score,p\nheads,1,a,0,1,0.5\nheads,1,a,1,2,0.5\nheads,2,a,0,1,0.5\nheads,2,a,1,2,0.5"

    @Test(arguments: [
        (truth + "\nheads,2,2,1,1", scores, "'truth.csv', row 3: case 'heads', seed 2 is in row 2 already"),
        (truth + "\nheads,x,2,1,1", scores, "'truth.csv', row 3: 'seed' must be a whole number, at least 0, found 'x'"),
        (truth + "\nheads,3,2,2,2", scores, "row 3: 'planted' names layer 2, but the model has the layers 0 to 1"),
        (truth + "\nheads,3,2,1,0", scores, "row 3: layer 1 is planted, but it is not among 'changed'"),
        (truth + "\nheads,3,2,1 0,0 1", scores, "row 3: the layers of 'planted' must rise, found 1, 0"),
        (
            truth + "\nheads,3,2,one,1", scores,
            "row 3: 'planted' must be layers with blanks between them, or nothing, found 'one'"
        ),
        (
            "case,seed,layers,planted\nheads,1,2,1", scores,
            "'truth.csv': there is no column 'changed'; found 'case', 'seed'"
        ),
        (truth, scores + "\nhead,1,a,0,1,0.5", "'scores.csv', row 5: there is no case 'head'; the cases are 'heads'"),
        (truth, scores + "\nheads,3,a,0,1,0.5", "row 5: case 'heads' has no seed 3"),
        (truth, scores + "\nheads,1,a,2,1,0.5", "row 5: 'layer' names layer 2, but the model has the layers 0 to 1"),
        (truth, scores + "\nheads,1,a,1,1,0.5", "row 5: the same layer by the same localiser as 'scores.csv', row 2"),
        (truth, scores + "\nheads,1,b,1,1,", "localiser 'b' has no score of case 'heads', seed 1, layers 0"),
        (truth, scores + "\nheads,1,a,1,nan,0.5", "row 5: 'score' must be a finite number, found 'nan'"),
        (truth, scores + "\nheads,1,a,1,.inf,0.5", "row 5: 'score' must be a finite number"),
        (truth, scores + "\nheads,1,a,1,,0.5", "row 5: 'score' must be a finite number, found nothing"),
        (truth, scores + "\nheads,1,a,1,1,1.5", "row 5: 'p' must be a number from 0 to 1, or nothing, found '1.5'"),
        (
            truth, scores + "\nheads,1,a,1,1,",
            "row 5: localiser 'a' has no p-value here and one in 'scores.csv', row 1; a localiser has them in all rows or in none"
        ),
        (
            truth, scores + "\nheads,1,A b,1,1,",
            "row 5: 'localiser' must be a name of small letters, digits, '-' and '_', found 'A b'"
        ),
    ])
    func `a file that cannot be used is refused with its row`(_ truth: String, _ scores: String, _ sentence: String)
        throws
    {
        let folder = try Fixtures.temporaryFolder()
        for (name, text) in [("truth.csv", truth), ("scores.csv", scores)] {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        let text = "```{localisers}\nid: board\ntruth: truth.csv\nscores: scores.csv\n```\n"
        let error = try #require(throws: (any Error).self) {
            try EmbeddedNotebook.standard(text, in: folder).bound()
        }
        #expect("\(error)".contains(sentence), "\(error)")
    }
}
