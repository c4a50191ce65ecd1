import Notebooks
import Testing

/// `{score}` on the embedded models.
@Suite struct ScoreCommandTests {
    /// Mean of the numbers whose companion passes.
    private static func mean(_ values: [Double], where isIn: (Int) -> Bool) -> Double {
        let some = values.indices.filter(isIn).map { values[$0] }
        return some.reduce(0, +) / Double(some.count)
    }

    @Test(arguments: ["sum", "token"])
    func `a gain is told by which response is longer, and at equal length`(_ normalize: String) throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 40, EmbeddedNotebook.block("score", "normalize: \(normalize)"))
        let gain = outcome.numbers("pairs", "gain")
        let excess = zip(outcome.numbers("pairs", "rejected_tokens"), outcome.numbers("pairs", "chosen_tokens")).map {
            $0 - $1
        }
        let longer = try #require(outcome.number("gain.rejected_longer.mean"))
        let shorter = try #require(outcome.number("gain.chosen_longer.mean"))
        #expect(abs(longer - Self.mean(gain) { excess[$0] > 0 }) < 1e-9)
        #expect(abs(shorter - Self.mean(gain) { excess[$0] < 0 }) < 1e-9)
        // The line's slope is covariance over variance, and it passes through both means.
        let (x, y) = (Self.mean(excess) { _ in true }, Self.mean(gain) { _ in true })
        let covariance = zip(excess, gain).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
        let variance = excess.reduce(0) { $0 + ($1 - x) * ($1 - x) }
        let equal = try #require(outcome.number("gain.equal_length.mean"))
        #expect(abs(equal - (y - covariance / variance * x)) < 1e-9)
        #expect(try #require(outcome.number("gain.equal_length.mean.lower")) < equal)
        #expect(try #require(outcome.number("gain.equal_length.mean.upper")) > equal)
        #expect(outcome.figures.map(\.name) == ["margins", "lengths"])
    }

    @Test func `checks have the same names for any number of pairs, so that two runs can be compared`() throws {
        func names(_ limit: Int) throws -> [String] {
            let blocks =
                EmbeddedNotebook.block("score") + EmbeddedNotebook.block("patch", "layers: [5, 6, 7]", id: "sweep")
            return try EmbeddedNotebook.evaluation("demo-planted", limit: limit, split: "none", blocks).blocks.flatMap {
                $0.result.outcome.checks.map(\.name)
            }
        }
        let few = try names(3)
        #expect(try few.count > 1 && few == names(5))
    }
}
