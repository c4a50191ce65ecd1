import Charts
import Notebooks
import Values

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

    /// A table of identities, each with what was found and how much is allowed; folded where all of them held.
    static func checks(_ checks: [Check], label: String) -> String {
        let rows = checks.map { check in
            let unit = check.unit.isEmpty ? "" : " \(check.unit)"
            return """
                <tr class="\(check.held ? "pb-held" : "pb-failed")"><td class="pb-words">\(Markup.escaped(check.name))</td>\
                <td>\(Markup.escaped(Scalar.number(check.found).text + unit))</td>\
                <td>\(Markup.escaped(Scalar.number(check.tolerance).text + unit))</td>\
                <td class="pb-words"><span class="pb-verdict">\(word(check.held))</span></td></tr>
                """
        }
        let table = """
            <div class="pb-scroll" role="group" aria-label="\(Markup.escaped(label))" tabindex="0">
            <table class="pb-numbers">
            <thead>
            <tr><th scope="col" class="pb-words">Identity that must hold</th><th scope="col">found</th>\
            <th scope="col">allowed</th><th scope="col" class="pb-words">verdict</th></tr>
            </thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            """
        let failed = checks.count { !$0.held }
        if failed > 0 { return "<div class=\"pb-checks\">\n\(table)\n</div>" }
        let words = checks.count == 1 ? "1 identity" : "\(checks.count) identities"
        return """
            <details class="pb-checks pb-held">
            <summary><span class="pb-verdict">✓ \(words) held</span></summary>
            \(table)
            </details>
            """
    }

    private static func word(_ held: Bool) -> String { held ? "✓ held" : "✗ FAILED" }

    private static func found(_ scalar: Scalar) -> String {
        switch scalar {
        case .null: "no value"
        case .number: "<data value=\"\(QuotedValues.exact(scalar))\">\(scalar.text)</data>"
        case .int, .bool: scalar.text
        case .string(let text): "‘\(Markup.escaped(text))’"
        }
    }
}
