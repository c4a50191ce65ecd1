import Commands
import JSON
import Notebooks
import TestSupport
import Testing
import Values

@Suite struct ExpectTests {
    static let catalogue = Catalogue(Catalogue.samples.commands + [ExpectCommand.self])

    /// The verdicts on claims about `{numbers}` up to 4 (sum 10, mean 2.5), which is `n`.
    private func evaluation(_ claims: [String]) throws -> Evaluation {
        let list = claims.map { "- claim: \($0)\n  because: it must\n" }.joined()
        return try SampleNotebook(
            "---\nparams: {ten: 10, name: dpo, yes: true}\n---\n```{numbers}\nid: n\nlimit: 4\n```\n```{expect}\n\(list)```\n",
            catalogue: Self.catalogue
        ).evaluation()
    }

    @Test func claimsAreHeldAgainstTheResults() throws {
        let evaluation = try evaluation(["n.sum in 5..10", "n.mean.all < 10%"])
        let outcome = try #require(evaluation.blocks.last?.result.outcome)
        #expect(
            outcome.claims == [
                ClaimVerdict(claim: "n.sum in 5..10", because: "it must", found: .int(10), held: true),
                ClaimVerdict(claim: "n.mean.all < 10%", because: "it must", found: .number(2.5), held: false),
            ])
        #expect(outcome.value("held") == .int(1))
        #expect(outcome.value("failed") == .int(1))
        #expect(
            outcome.table("claims")
                == Table(
                    columns: ["claim", "kind", "found", "lower", "upper", "held", "because"],
                    rows: [("n.sum in 5..10", .int(10), true), ("n.mean.all < 10%", .number(2.5), false)].map {
                        (claim: String, found: Scalar, held: Bool) in
                        [.string(claim), .string("prediction"), found, .null, .null, .bool(held), .string("it must")]
                    }))
        #expect(
            ResultsJSON.json(of: evaluation)["blocks"]?["expect-1"]?["claims"]?.array?.map { $0["held"]?.bool } == [
                true, false,
            ])
    }

    @Test func `a difference without an interval fails, and its verdict says why`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 4,
            EmbeddedNotebook.block("patch", "controls: [random]")
                + "```{expect}\n- claim: found.peak.effect - found.random.effect > -100\n  because: it must\n```\n")
        let claim = try #require(outcome.claims.first)
        #expect(!claim.held && claim.interval == nil)
        #expect(claim.foundText == "\(claim.found.text) without an interval: an estimate is over only one prompt")
        #expect(OutcomeBytes.outcome(of: OutcomeBytes.bytes(of: outcome))?.claims == outcome.claims)
    }

    @Test(arguments: [
        ("n.sum == 10", true), ("n.sum == 10.0", true), ("n.sum != 10", false), ("n.sum < 10", false),
        ("n.sum <= 10", true),
        ("n.sum > 9.5", true), ("n.sum >= 10.5", false), ("n.sum > -1", true), ("n.sum > \u{2212}1", true),
        ("n.sum == 1e1", true),
        ("n.sum >= 90%", true), ("n.mean.all == 250%", true), ("n.sum in 10..12", true), ("n.sum in 1..10", true),
        ("n.sum in 10.5..12", false), ("n.mean.all in 2.5..2.5", true), ("n.sum in -1..+11", true),
        ("n.sum in [9, 10]", true),
        ("n.sum in [9, 11]", false), ("n.sum between 5 and 10", true), ("n.sum between 11 and 12", false),
        ("n.sum == params.ten", true), ("n.sum in n.mean.all..params.ten", true), ("n.sum in [params.ten]", true),
        ("n.sum > n.mean.all", true), ("params.name == \"dpo\"", true), ("params.name != 'dpo'", false),
        ("params.name in [\"dpo\", 'sft']", true), ("params.yes == true", true), ("params.yes != true", false),
        // What cannot be compared does not hold, whichever way round it is claimed.
        ("n.nothing < 1", false), ("n.nothing >= 1", false), ("n.nothing == 1", false), ("n.nothing != 1", false),
    ])
    func aClaimHoldsOrFails(claim: String, holds: Bool) throws {
        let quoted = "\"" + claim.replacing("\"", with: "\\\"") + "\""
        #expect(try evaluation([quoted]).blocks.last?.result.outcome.claims.map(\.held) == [holds])
    }

    @Test func `a verdict names the other values that its claim compares with, each once`() throws {
        let found = try evaluation(["n.sum in n.mean.all..params.ten", "n.sum in [n.sum, params.ten, params.ten]"])
        let others = try #require(found.blocks.last?.result.outcome.claims.map(\.others))
        #expect(
            others == [
                [.init(path: "n.mean.all", scalar: .number(2.5)), .init(path: "params.ten", scalar: .int(10))],
                [.init(path: "params.ten", scalar: .int(10))],
            ])
        #expect(
            ResultsJSON.json(of: found)["blocks"]?["expect-1"]?["claims"]?.array?.first?["others"]?.text()
                == #"{"n.mean.all":2.5,"params.ten":10}"#)
    }

    @Test func aBodyMayAlsoNameItsClaimsAndHaveAnId() throws {
        let evaluation = try SampleNotebook(
            "```{numbers}\nid: n\n```\n```{expect}\nid: e\ncaption: Claims\nclaims:\n- {claim: n.sum == 6, because: 1 + 2 + 3}\n```\n`{= e.held }`\n",
            catalogue: Self.catalogue
        ).evaluation()
        #expect(evaluation.value("e.held") == .int(1))
        #expect(evaluation.blocks.last?.head.caption == [.paragraph([.text("Claims")])])
    }

    @Test func theKeyFollowsTheResultsOfTheBlocksThatAreNamed() throws {
        func key(_ limit: Int, _ claim: String) throws -> String? {
            try SampleNotebook(
                "```{numbers}\nid: n\nlimit: \(limit)\n```\n```{numbers}\nid: m\n```\n```{expect}\n- {claim: \(claim), because: x}\n```\n",
                catalogue: Self.catalogue
            ).evaluation().blocks.last?.result.key
        }
        #expect(try key(3, "n.sum > 1") != key(4, "n.sum > 1"))
        #expect(try key(3, "m.sum > 1") == key(4, "m.sum > 1"))
    }

    @Test func aFailedClaimIsCountedAsTheBlockEnds() throws {
        let sample = SampleNotebook(
            "```{numbers}\nid: n\n```\n```{expect}\n- {claim: n.sum == 7, because: x}\n```\n", catalogue: Self.catalogue
        )
        let evaluation = try sample.evaluation()
        #expect(evaluation.blocks.flatMap(\.result.outcome.claims).count { !$0.held } == 1)
    }
}
