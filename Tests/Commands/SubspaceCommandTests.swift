import Notebooks
import Testing

/// `{spectrum}`, `{subspace}` and the rank of a patch on the embedded models.
@Suite struct SubspaceCommandTests {
    private static func spectrum(_ options: String) -> String {
        EmbeddedNotebook.block("spectrum", "layer: 7\n" + options, id: "directions")
    }

    @Test func `all directions bring what the whole patch brings, and few bring less or as much`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 20,
            Self.spectrum("keep: 128") + "```{subspace}\nid: found\nspectrum: directions\nranks: [1, 4, 128]\n```\n")
        let full = try #require(outcome.number("full.recovery"))
        let own = outcome.numbers(
            "ranks", "recovery", where: ["basis": .string("difference"), "direction": .string("tuned_to_base")])
        #expect(own.count == 3)
        #expect(abs(own[2] - full) < 1e-4)
        #expect(own[0] < own[2])
        let random = outcome.numbers(
            "ranks", "recovery", where: ["basis": .string("random"), "direction": .string("tuned_to_base")])
        #expect(random[0] < own[0], "one random direction of 128 carries next to nothing")
        let energy = outcome.numbers(
            "ranks", "energy", where: ["basis": .string("difference"), "direction": .string("tuned_to_base")])
        #expect(energy[0] < energy[1] && abs(energy[2] - 1) < 1e-6)
        #expect(outcome.figures.map(\.name) == ["recovery", "necessity", "averaging", "removal", "divergence"])
        #expect(outcome.number("first.energy") == energy[0])
        let removed = outcome.numbers(
            "ranks", "recovery", where: ["basis": .string("difference"), "direction": .string("removed")])
        #expect(outcome.number("removed.first.recovery") == removed[0])
        #expect(outcome.number("removed.recovery") == removed[2])
    }

    @Test func `the spectrum says how many directions there are, and whether they replicate`() throws {
        let outcome = try EmbeddedNotebook.outcome("demo-planted", limit: 20, Self.spectrum("keep: 4"))
        let ratio = try #require(outcome.number("participation_ratio"))
        #expect(ratio >= 1 && ratio < 128)
        #expect(try #require(outcome.number("stable_rank")) <= ratio + 1e-9)
        let energies = outcome.numbers("values", "cumulative")
        #expect(energies.count == 128)
        #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
        #expect(outcome.numbers("directions", "value", where: ["basis": .string("difference")]).count == 4 * 128)
        let angle = try #require(outcome.number("replication.angle"))
        #expect(angle < 45, "the first direction of one half is about that of the other")
        #expect(try #require(outcome.number("mean.share")) <= 1)
    }

    @Test func `where nothing was tuned there is no direction, and a patch along none changes nothing`() throws {
        let spectrum = try EmbeddedNotebook.outcome("demo-nowhere", limit: 6, Self.spectrum(""))
        #expect(spectrum.value("participation_ratio") == .null)
        #expect(spectrum.value("energy.90") == .null)
        let rank = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 6, EmbeddedNotebook.block("patch", "rank: 2\nlayers: [7]"))
        #expect(rank.number("peak.effect") == 0)
    }

    @Test func `a patch of few directions is judged on pairs that did not choose them`() throws {
        func effect(_ options: String) throws -> Double {
            try #require(
                try EmbeddedNotebook.outcome(
                    "demo-planted", limit: 20,
                    EmbeddedNotebook.block(
                        "patch", "layers: [7]\npositions: response\ndirection: tuned_to_base\n" + options)
                ).number("peak.effect"))
        }
        let (one, four, all) = (try effect("rank: 1"), try effect("rank: 4"), try effect("rank: 128"))
        let whole = try effect("controls: []")
        #expect(one < four + 1e-9 && four <= all + 0.5)
        #expect(abs(all - whole) < 1e-3)
        #expect(abs(try effect("rank: 1\nbasis: random")) < all / 2)
    }

    @Test(arguments: [
        ("layer: 12", "", "option 'layer' names layer 12, but the models' layers are 0 to 11"),
        ("layer: 7\nkeep: 2", "ranks: [1, 4]", "rank 4 is more than the 2 directions that the spectrum produced"),
        ("layer: 7", "ranks: [1, 200]", "rank 200 is more than the 128 dimensions there are"),
        ("layer: 7", "ranks: all", "'ranks' takes numbers of directions from 1 on, such as [1, 2, 4]"),
    ])
    func `a mistake is one sentence`(_ spectrum: String, _ subspace: String, _ sentence: String) {
        let problems = EmbeddedNotebook.problems(
            "demo-planted",
            EmbeddedNotebook.block("spectrum", spectrum, id: "directions")
                + "```{subspace}\nid: found\nspectrum: directions\n\(subspace)\n```\n")
        #expect(problems.contains(sentence), "\(problems)")
    }
}
