import Charts
import Notebooks

/// Claims and identities as HTML; what failed says so in words and by its mark, not by colour alone.
enum VerdictHTML {
    /// A list of claims, each with the number it was judged on and its reason.
    static func claims(_ claims: [ClaimVerdict]) -> String {
        let items = claims.map { claim in
            let reason = claim.because.isEmpty ? "" : "\n<p>\(Markup.escaped(claim.because))</p>"
            return """
                <li class="\(claim.held ? "pb-held" : "pb-failed")"><span class="pb-verdict">\(word(claim.held))</span> \
                <code>\(Markup.escaped(claim.claim))</code> \
                <span class="pb-found">(found \(found(claim.found)))</span>\(reason)</li>
                """
        }
        return "<ul class=\"pb-claims\">\n\(items.joined(separator: "\n"))\n</ul>"
    }

    /// A table of identities, each with what was found and how much is allowed.
    static func checks(_ checks: [Check], label: String) -> String {
        let rows = checks.map { check in
            let unit = check.unit.isEmpty ? "" : " \(check.unit)"
            return """
                <tr class="\(check.held ? "pb-held" : "pb-failed")"><td class="pb-words">\(Markup.escaped(check.name))</td>\
                <td class="pb-number">\(Markup.escaped(Numerals.reading(check.found, digits: 3) + unit))</td>\
                <td class="pb-number">\(Markup.escaped(Numerals.reading(check.tolerance, digits: 3) + unit))</td>\
                <td><span class="pb-verdict">\(word(check.held))</span></td></tr>
                """
        }
        return """
            <div class="pb-scroll pb-checks" role="group" aria-label="\(Markup.escaped(label))" tabindex="0">
            <table>
            <thead>
            <tr><th scope="col">Identity that must hold</th><th scope="col" class="pb-number">found</th>\
            <th scope="col" class="pb-number">allowed</th><th scope="col">verdict</th></tr>
            </thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            """
    }

    private static func word(_ held: Bool) -> String { held ? "✓ held" : "✗ FAILED" }

    private static func found(_ scalar: Scalar) -> String {
        switch scalar {
        case .null: "no value"
        case .number(let value): "<data value=\"\(QuotedValues.exact(scalar))\">\(Numerals.reading(value))</data>"
        case .int, .bool: Markup.escaped(QuotedValues.exact(scalar).replacing("-", with: "\u{2212}"))
        case .string(let text): "‘\(Markup.escaped(text))’"
        }
    }
}
