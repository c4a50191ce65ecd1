import Charts
import Notebooks
import Values

/// Claims and identities; what failed says so in words and by its mark, not by colour alone.
enum VerdictViews {
    /// A claim with the number it was judged on and its reason.
    static func view(_ claim: ClaimVerdict) -> ClaimView {
        var exact: String?
        var found = claim.found.text
        switch claim.found {
        case .null: found = "no value"
        case .string(let text): found = "‘\(Markup.escaped(text))’"
        case .number: exact = QuotedValues.exact(claim.found)
        case .int, .bool: break
        }
        return ClaimView(
            state: state(claim.held), verdict: word(claim.held), claim: Markup.escaped(claim.claim), found: found,
            exact: exact, because: claim.because.isEmpty ? nil : Markup.escaped(claim.because))
    }

    /// Identities, each with what was found and how much is allowed.
    static func view(_ checks: [Check], label: String) -> IdentitiesView {
        IdentitiesView(
            label: Markup.escaped(label), hasFailed: !checks.allSatisfy(\.held),
            count: checks.count == 1 ? "1 identity" : "\(checks.count) identities",
            checks: checks.map { check in
                let unit = check.unit.isEmpty ? "" : " \(check.unit)"
                return CheckView(
                    state: state(check.held), name: Markup.escaped(check.name),
                    found: Markup.escaped(Scalar.number(check.found).text + unit),
                    allowed: Markup.escaped(Scalar.number(check.tolerance).text + unit), verdict: word(check.held))
            })
    }

    private static func state(_ held: Bool) -> String { held ? "pb-held" : "pb-failed" }

    private static func word(_ held: Bool) -> String { held ? "✓ held" : "✗ FAILED" }
}
