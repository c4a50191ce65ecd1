import Charts
import Notebooks
import Values

/// Claims, and what a block checked of the engine; what failed says so in words and by its mark, not by colour alone.
enum VerdictViews {
    /// A claim with the number it was judged on and its reason.
    static func view(_ claim: ClaimVerdict, number: Int) -> ClaimView {
        let (found, exact) = shown(claim.found)
        return ClaimView(
            anchor: "claim-\(number)", number: number,
            state: state(claim.held), verdict: word(claim.held), kind: claim.kind.rawValue,
            claim: Markup.escaped(claim.claim), found: found, exact: exact,
            ends: claim.intervalText.map { Markup.escaped($0) },
            others: claim.others.map { other in
                let (value, digits) = shown(other.scalar)
                return OtherValueView(path: Markup.escaped(other.path), value: value, digits: digits)
            }, because: claim.because.isEmpty ? nil : Markup.escaped(claim.because))
    }

    /// A value as the page shows it, and a number with all its digits.
    private static func shown(_ scalar: Scalar) -> (text: String, exact: String?) {
        switch scalar {
        case .null: ("no value", nil)
        case .string(let text): ("‘\(Markup.escaped(text))’", nil)
        case .number: (scalar.text, QuotedValues.exact(scalar))
        case .int, .bool: (scalar.text, nil)
        }
    }

    /// Checks, each with what was found and how much is allowed.
    static func view(_ checks: [Check], label: String) -> ChecksView {
        ChecksView(
            label: Markup.escaped(label), hasFailed: !checks.allSatisfy(\.held),
            count: checks.count == 1 ? "1 check of the engine" : "\(checks.count) checks of the engine",
            rows: checks.map { check in
                let unit = check.unit.isEmpty ? "" : " \(check.unit)"
                return CheckView(
                    state: state(check.held), name: Markup.escaped(check.name),
                    found: Markup.escaped(Scalar.number(check.found).text + unit),
                    allowed: Markup.escaped(Scalar.number(check.tolerance).text + unit), verdict: word(check.held))
            })
    }

    static func state(_ held: Bool) -> String { held ? "pb-held" : "pb-failed" }

    static func mark(_ held: Bool) -> String { held ? "✓" : "✗" }

    static func word(_ held: Bool) -> String { held ? "✓ held" : "✗ FAILED" }
}
