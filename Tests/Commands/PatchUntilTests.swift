import Notebooks
import Testing
import Values

/// Pairs that are added until the bands are narrow enough.
@Suite struct PatchUntilTests {
    private static func sweep(_ options: String, limit: Int) throws -> Outcome {
        try EmbeddedNotebook.outcome(
            "demo-planted", limit: limit, split: "none",
            EmbeddedNotebook.block("patch", "layers: [4, 6]\ncontrols: [self, shuffled_difference]\n" + options))
    }

    /// A sweep over neighbouring layers without controls.
    private static func plain(_ options: String, limit: Int, split: String = "none") throws -> Outcome {
        try EmbeddedNotebook.outcome(
            "demo-planted", limit: limit, split: split,
            EmbeddedNotebook.block("patch", "layers: 5..7\ndirection: tuned_to_base\ncontrols: []\n" + options))
    }

    private static func effects(_ outcome: Outcome) -> [Double] {
        outcome.numbers("pairs", "effect", where: ["control": .string("none")])
    }

    @Test func `a wide band stops at the first look, with the effects of those pairs alone`() throws {
        let stopped = try Self.sweep("until: {half_width: 1000}", limit: 40)
        let count = try #require(stopped.number("until.pairs"))
        #expect(count >= 16 && count < 40)
        #expect(stopped.value("until.narrow") == .bool(true))
        #expect(Self.effects(stopped) == Self.effects(try Self.sweep("", limit: Int(count))))
        #expect(stopped.notes.contains { $0.hasPrefix("Adding of pairs stopped at \(Int(count))") })
        #expect(stopped.checks.filter { !$0.held }.isEmpty)
    }

    @Test func `a band that never gets narrow uses every pair, or as many as it may`() throws {
        let all = try Self.sweep("until: {half_width: 1e-9}", limit: 40)
        #expect(all.number("until.pairs") == 40 && all.value("until.narrow") == .bool(false))
        let given = try Self.sweep("", limit: 40)
        #expect(Self.effects(all) == Self.effects(given) && given.value("until.half_width") == .null)
        #expect(try Self.sweep("until: {half_width: 1e-9, at_most: 20}", limit: 40).number("until.pairs") == 20)
        // Intervals that hold at every look are wider than those for a number of pairs fixed in advance.
        func widths(_ outcome: Outcome) -> [Double] {
            zip(outcome.numbers("layers", "band_lower"), outcome.numbers("layers", "band_upper")).map { $1 - $0 }
        }
        let (sequential, fixed) = (widths(all), widths(given))
        #expect(zip(sequential, fixed).allSatisfy { $0 >= $1 } && sequential.reduce(0, +) > fixed.reduce(0, +))
        let reach = try #require(all.number("until.half_width"))
        #expect(abs(reach - (sequential.max() ?? 0) / 2) < 1e-9 || reach < (sequential.max() ?? 0) / 2)
    }

    @Test func `fewer than 16 prompts give effects no intervals or p-values, and leave all else as for a fixed number`()
        throws
    {
        let few = try Self.plain("until: {half_width: 1e-9, at_most: 12}", limit: 40)
        let given = try Self.plain("", limit: 12)
        func isNothing(_ outcome: Outcome, _ column: String) -> Bool {
            outcome.numbers("layers", column).allSatisfy(\.isNaN)
        }
        for column in [
            "lower", "band_upper", "recovery_lower", "p", "q", "equivalence", "increment_lower", "increment_p",
            "increment_equivalence",
        ] {
            #expect(isNothing(few, column) && !isNothing(given, column), "\(column)")
        }
        for path in [
            "peak.lower", "step.upper", "carriers.layers", "carriers.count", "carriers.first", "nothing.layers",
            "nothing.count",
        ] {
            #expect(few.value(path) == .null && given.value(path) != .null, "\(path)")
        }
        #expect(few.value("until.half_width") == .null && few.value("until.narrow") == .bool(false))
        for column in [
            "effect", "increment", "equal_length_p", "equal_length_lower", "increment_equal_length_p", "detectable",
        ] {
            #expect(
                few.numbers("layers", column).map(\.bitPattern) == given.numbers("layers", column).map(\.bitPattern),
                "\(column)")
        }
        for path in ["peak.effect", "carriers.equal_length.layers", "concentration.participation.lower"] {
            #expect(few.value(path) == given.value(path), "\(path)")
        }
        #expect(
            few.notes.contains {
                $0.contains("over fewer than 16 prompts there are none: ") && !$0.contains("band reaches")
            })
        // Half of the prompts at the first look judge what the others chose.
        let half = try Self.plain("until: {half_width: 1000}", limit: 40, split: "{fit: 0.5}")
        #expect(half.value("peak.lower") == .null && !isNothing(half, "lower") && half.value("carriers.count") != .null)
        #expect(half.notes.contains { $0.contains(" judge what the others chose.") })
    }

    @Test func `a single prompt is reported in the singular`() throws {
        let notes = try Self.plain("", limit: 1).notes
        #expect(notes.contains("Only one prompt: no interval over prompts can be computed."), "\(notes)")
        #expect(try Self.plain("until: {half_width: 1}", limit: 1).notes.contains { $0.contains("stopped at 1. ") })
    }

    @Test(arguments: [
        ("until: 3", "'3' is not a mapping"), ("until: {at_most: 4}", "it has no 'half_width'"),
        ("until: {half_width: 0}", "'0' is not a number above 0"),
        ("until: {half_width: 1, at_most: 0}", "'0' is not a number of pairs"),
        ("until: {half_width: 1, most: 2}", "'most' is not one of its keys"),
        ("until: {half_width: 1}\nestimand: shapley", "does not go with 'estimand: shapley'"),
        ("until: {half_width: 1}\nrank: 2", "does not go with 'rank'"),
        ("until: {half_width: 1}\nestimand: swap\nsets: 4", "does not go with 'sets'"),
        ("until: {half_width: 1}\ncontrols: [covariance]", "does not go with the control 'covariance'"),
    ])
    func `a mistake is one sentence`(_ options: String, _ sentence: String) {
        let problems = EmbeddedNotebook.problems("demo-planted", EmbeddedNotebook.block("patch", options))
        #expect(problems.contains(sentence), "\(problems)")
    }
}
