import Charts
import Digests
import Foundation
import JSON
import Markdown
import Notebooks
import Reports
import Testing
import Values

/// A whole page, as its reader and its browser see it.
@Suite struct PageTests {
    static func page(_ evaluation: Evaluation, results: JSON? = nil) throws -> String {
        let renderer = ReportRenderer(templates: try PageTemplates())
        return try renderer.html(for: evaluation, results: results ?? ResultsJSON.json(of: evaluation))
    }

    static func page(_ blocks: [MarkdownBlock]) throws -> String {
        try page(SampleEvaluation.evaluation([.prose(blocks)]))
    }

    /// What lies between two texts, the first time.
    static func between(_ start: String, _ end: String, in text: String) throws -> String {
        let from = try #require(text.range(of: start)).upperBound
        let to = try #require(text.range(of: end, range: from..<text.endIndex)).lowerBound
        return String(text[from..<to])
    }

    @Test("a study becomes one page with numbered figures, tables, claims and what made it")
    func study() throws {
        let page = try Self.page(SampleEvaluation.study)
        #expect(
            page.hasPrefix(
                "<!DOCTYPE html>\n<html lang=\"en\" data-patchbook=\"report\" data-claims=\"prediction:1:1 exploratory:0:1\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv="
            ))
        #expect(page.contains("<title>Where does preference tuning live? Layer 6, it seems</title>"))
        #expect(page.contains("<figure class=\"pb-figure\" id=\"figure-1\">"))
        #expect(
            page.contains(
                "<b>Figure\u{A0}2. Effect of patching the residual stream, by layer.</b> Effect on the margin by layer")
        )
        #expect(
            page.contains(
                "<b>Figure\u{A0}3. Effect by pair and layer (tuned to base).</b> One row a pair. <a class=\"pb-link\" href=\"#figure-3\" aria-label=\"Link to Figure\u{A0}3\">#</a></figcaption>"
            ),
            "without the author's words, a figure has the command's")
        #expect(
            page.contains(
                "Grey: controls. The effect steps up from 0 to 12 nats between layers 4 and 6; the controls stay near 0. <a class=\"pb-link\""
            ),
            "the author's words come first, as a sentence")
        #expect(page.contains("<b>Table\u{A0}1.</b> Effects, intervals and <em>p</em> values"))
        #expect(page.contains("<li class=\"pb-level-1\"><a href=\"#the-sweep\">The sweep</a></li>"))
        #expect(page.contains("76 more rows"))
        #expect(
            page.contains(
                "pb-tally pb-failed\"><a href=\"#block-claims\">✗ 1 of 1 prediction held; 0 of 1 exploratory claim fit, 1 FAILED</a></p>"
            ))
        #expect(page.contains("<code title=\"SHA-256 c0ffee12c0ffee12"))
        #expect(
            page.contains(
                "<desc id=\"figure-2-desc\">The effect is 0 up to layer 3 and 12 nats from layer 6 on.</desc>"))
        #expect(page.contains("<dt>parameters</dt><dd>5\u{202F}701\u{202F}824</dd>"))
    }

    @Test("the same evaluation gives the same bytes")
    func deterministic() throws {
        #expect(try Self.page(SampleEvaluation.study) == Self.page(SampleEvaluation.study))
    }

    @Test("the policy allows the one style element and the one script by their hashes, and nothing else runs or loads")
    func policy() throws {
        let page = try Self.page(SampleEvaluation.study)
        let style = try Self.between("<style>", "</style>", in: page)
        let hash = SHA256.digest(of: style).base64
        let script = SHA256.digest(of: try Self.between("<script>", "</script>", in: page)).base64
        #expect(
            page.contains(
                "content=\"default-src 'none'; script-src 'sha256-\(script)'; style-src 'sha256-\(hash)'; img-src data:; base-uri 'none'; form-action 'none'\""
            ))
        #expect(page.components(separatedBy: "<style").count == 2)
        #expect(page.components(separatedBy: "<script").count == 3)
        let rest = page.replacingOccurrences(of: try Self.between("<script>", "</script>", in: page), with: "")
        for attribute in [
            " style=", " src=", " onclick=", " onload=", " onerror=", "<link", "<img", "@import", "fill=\"#",
        ] {
            #expect(!rest.contains(attribute), "\(attribute)")
        }
    }

    @Test("results stand in the page as JSON that reads back")
    func results() throws {
        let nasty = JSON.object([
            JSON.Member("</script><script>alert(1)</script>", .string("<!-- & \u{2028}\u{2029} <script>"))
        ])
        let page = try Self.page(SampleEvaluation.evaluation([]), results: nasty)
        let text = try Self.between(
            "<script type=\"application/json\" id=\"patchbook-results\">", "</script>", in: page)
        #expect(!text.contains { "<>&\u{2028}\u{2029}".contains($0) })
        #expect(try JSON.parse(text) == nasty)
    }

    /// Text that would do harm wherever it came through unescaped.
    static let attacks = [
        "<script>alert(1)</script>", "</style><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)", "</title></svg><script>alert(1)</script>", "{{{results}}}",
        // A combining mark makes one Character with the mark before it.
        "\"\u{301}><img src=x onerror=alert(1)>", "<\u{301}script>", "a\u{0}<b>\u{1F}",
    ]

    @Test("no text of a notebook, its data or its results becomes markup", arguments: attacks)
    func attack(_ attack: String) throws {
        var outcome = Outcome()
        outcome.set("x", .string(attack))
        outcome.add("t", Table(columns: [attack], rows: [[.string(attack)], [.null]]))
        outcome.figures = [
            Figure(
                name: attack, title: attack, description: attack,
                chart: LineChart(
                    x: Axis(attack), y: Axis(attack),
                    series: [
                        Series(attack, role: .effect, points: [Point(x: 0, y: 1, label: attack)]),
                        Series(attack, role: .control, points: [Point(x: 0, y: 1, label: attack)]),
                    ], references: [LineChart.Reference(1, label: attack)]),
                data: Table(columns: [attack], rows: [[.string(attack)]])),
            Figure(
                name: "b", title: attack, description: attack,
                chart: BarChart(
                    Categories(
                        attack, names: [attack],
                        series: [EstimateSeries(attack, role: .effect, estimates: [Estimate(1)])]),
                    value: Axis(attack)), data: Table(columns: [])),
            Figure(
                name: "c", title: attack, description: attack,
                chart: Heatmap(
                    rowTitle: attack, rows: [attack], columnTitle: attack, columns: [attack, attack],
                    valueTitle: attack,
                    values: [[1, nil]], scale: .diverging), data: Table(columns: [])),
        ]
        outcome.claims = [ClaimVerdict(claim: attack, because: attack, found: .string(attack), held: false)]
        outcome.checks = [Check(name: attack, found: 2, tolerance: 1, unit: attack)]
        outcome.notes = [attack]
        let inlines: [MarkdownInline] = [
            .text(attack), .code(attack), .html(attack), SampleEvaluation.value("id.x"),
            .link(destination: attack, title: attack, [.text(attack)]),
            .image(source: attack, title: attack, alt: [.text(attack)], location: SampleEvaluation.here),
        ]
        let block = EvaluatedBlock(
            head: BlockHead(
                id: "id", command: attack, caption: [.paragraph(inlines), .paragraph(inlines)], alt: inlines,
                show: .all, source: attack),
            run: .success(
                BlockResult(
                    id: "id", command: attack, options: [], inputs: [Input(name: attack, digest: attack)], key: attack,
                    digest: attack, outcome: outcome)))
        var publication = Publication()
        publication.authors = [Publication.Author(attack, orcid: "0000-0002-1825-0097", affiliation: attack)]
        publication.doi = attack
        publication.abstract = [.paragraph(inlines)]
        publication.headline = [
            Publication.Headline(InlineValue(path: "id.x", format: "", location: SampleEvaluation.here))
        ]
        let evaluation = Evaluation(
            name: attack, title: inlines, subtitle: inlines, publication: publication,
            parameters: [(attack, .string(attack))],
            parts: [
                .prose([
                    .heading(level: 2, inlines), .paragraph(inlines), .html(attack), .code(info: attack, text: attack),
                ]), .block(block),
            ])
        let page = try Self.page(evaluation)
        let plain = try Self.page(SampleEvaluation.study)
        // The tags of the page are those of our templates, whatever the text says.
        #expect(
            Self.tags(page).subtracting(Self.tags(plain)).isSubset(of: ["br", "defs", "pattern", "rect", "line", "i"]))
        #expect(page.components(separatedBy: "<script").count == 3)
        #expect(page.components(separatedBy: "</script").count == 3)
        #expect(page.components(separatedBy: "</style").count == 2)
        #expect(!page.unicodeScalars.contains("\u{0}"))
        #expect(Self.attributeNames(page).allSatisfy { !$0.hasPrefix("on") && $0 != "src" && $0 != "style" })
    }

    /// The names of all start tags, read by bytes as a browser does.
    static func tags(_ page: String) -> Set<String> {
        Set(startTags(page).map { String($0.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }) })
    }

    static func attributeNames(_ page: String) -> Set<String> {
        var names: Set<String> = []
        for tag in startTags(page) {
            var outside = ""
            var quote: Unicode.Scalar?
            for scalar in tag.unicodeScalars {
                if let open = quote {
                    if scalar == open { quote = nil }
                } else if scalar == "\"" || scalar == "'" {
                    quote = scalar
                } else {
                    outside.unicodeScalars.append(scalar)
                }
            }
            names.formUnion(outside.split(whereSeparator: { " =\n/".contains($0) }).dropFirst().map(String.init))
        }
        return names
    }

    /// What stands in each start tag, quotes respected.
    static func startTags(_ page: String) -> [String] {
        var tags: [String] = []
        let bytes = Array(page.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count,
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[index + 1] | 0x20
            else {
                index += 1
                continue
            }
            var end = index + 1
            var quote: UInt8?
            while end < bytes.count, quote != nil || bytes[end] != UInt8(ascii: ">") {
                if let open = quote {
                    if bytes[end] == open { quote = nil }
                } else if bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'") {
                    quote = bytes[end]
                }
                end += 1
            }
            tags.append(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
            index = end
        }
        return tags
    }
}
