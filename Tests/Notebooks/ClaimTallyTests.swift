import Notebooks
import Testing

@Suite struct ClaimTallyTests {
    private static func claim(_ kind: ClaimKind, _ held: Bool) -> ClaimVerdict {
        ClaimVerdict(claim: "a > 0", kind: kind, because: "x", found: .null, held: held)
    }

    @Test func `each kind is counted apart, and what failed is said`() {
        let tally = ClaimTally([
            Self.claim(.prediction, true), Self.claim(.identity, true), Self.claim(.prediction, false),
            Self.claim(.exploratory, true),
        ])
        #expect(tally.failed == 1)
        #expect(
            tally.words == "1 of 2 predictions and 1 of 1 identity held; 1 of 1 exploratory claim fit, 1 FAILED")
        #expect(
            ClaimTally([Self.claim(.identity, true), Self.claim(.identity, true)]).words == "2 of 2 identities held")
        #expect(ClaimTally([]).words == nil)
    }

    @Test func `the counts in a page's head are read back, and what nobody wrote counts nothing`() {
        let tally = ClaimTally([Self.claim(.exploratory, false), Self.claim(.prediction, true)])
        #expect(tally.data == "prediction:1:1 exploratory:0:1")
        #expect(ClaimTally(data: tally.data) == tally)
        for damaged in [
            "", "prediction:2:1", "prediction:1", "guess:1:1", "prediction:-1:1", "prediction:0:-1", "prediction:x:1",
        ] {
            #expect(ClaimTally(data: damaged).counts.isEmpty, "\(damaged)")
        }
    }
}
