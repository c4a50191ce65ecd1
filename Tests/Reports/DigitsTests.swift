import Charts
import Foundation
import JSON
import Notebooks
import Reports
import Testing
import Values

/// The same value has the same digits wherever a page shows it.
@Suite struct DigitsTests {
    static let values: [Scalar] = [
        .number(21.025), .number(-0.0006), .number(0.001_234_5), .number(12_345.6), .number(1.25e-7), .int(5_701_824),
        .number(5_701_824), .number(0), .int(-3), .number(2.5e9), .number(999.96), .number(1.0 / 3),
    ]

    /// What the chart's readings say, put together as the page's script does.
    private static func readings(_ svg: String) -> [String] {
        let data = svg.components(separatedBy: "data-readings='").dropFirst().first?.prefix { $0 != "'" } ?? ""
        guard let json = try? JSON.parse(String(data)), let group = json.array?.first?.array,
            let words = group[2].array?.compactMap(\.string), group.count == words.count + 4
        else { return [] }
        var written: [[JSON]] = []
        // A number stands for a list before it, and `[cell, 5]` for five cells.
        let lists = group[2...].map { json -> [JSON] in
            if let number = json.int { return written[number] }
            written.append(
                (json.array ?? []).flatMap { cell -> [JSON] in
                    guard let run = cell.array else { return [cell] }
                    return Array(repeating: run[0], count: run[1].int ?? 0)
                })
            return written[written.count - 1]
        }
        func spoken(_ json: JSON) -> String { json.string ?? json.text().replacing("-", with: "\u{2212}") }
        return lists[1].indices.map { mark in
            words.indices.map { ($0 == 0 ? "" : spoken(lists[$0 + 2][mark])) + words[$0] }.joined()
        }
    }

    @Test("a value has the same digits in prose, captions, facts, tables, charts, claims and identities")
    func everywhere() throws {
        for value in Self.values {
            let number = try #require(value.number)
            var outcome = Outcome()
            outcome.set("x", value)
            // Beside others, which must not change how it is shown.
            outcome.add("t", Table(columns: ["c"], rows: [[value], [.number(1234.5)], [.number(0.000_012_3)]]))
            let point = [Point(x: 0, y: number), Point(x: 1, y: number)]
            outcome.figures = [
                Figure(
                    name: "f", title: "F", description: "",
                    chart: LineChart(x: Axis("x"), y: Axis("y"), series: [Series("s", role: .effect, points: point)]),
                    data: Table(columns: ["d"], rows: [[value]]))
            ]
            outcome.claims = [ClaimVerdict(claim: "b.x < 1", because: "", found: value, held: true)]
            outcome.checks = [Check(name: "i", found: number, tolerance: abs(number), unit: "")]
            let block = SampleEvaluation.block(
                "b", "patch", outcome, caption: [SampleEvaluation.value("b.x")], show: .all)
            let page = try PageTests.page(
                SampleEvaluation.evaluation([
                    .prose([.paragraph([SampleEvaluation.value("b.x")])]), .block(block),
                ]))
            let text = value.text
            #expect(page.components(separatedBy: "<a href=\"#block-b\">\(text)</a></data>").count == 3, "\(text)")
            #expect(page.contains("<dd>\(text)</dd>"), "fact \(text)")
            let cells = page.components(separatedBy: "<td").filter {
                $0.hasSuffix(">\(text)\n") || $0.contains(">\(text)\n")
            }
            #expect(cells.count >= 2, "cells \(text)")
            let chart =
                "<svg" + (page.components(separatedBy: "<svg").dropFirst().first ?? "").prefix { $0 != "\n" } + "</svg>"
            #expect(Self.readings(chart) == ["x 0: \(text)", "x 1: \(text)"], "chart \(text)")
            #expect(page.contains("\">\(text)</data>)</span>") || page.contains("(found \(text))"), "claim \(text)")
        }
    }
}
