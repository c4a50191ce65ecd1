import Charts
import Markdown
import Notebooks
import Values

/// A hand-made evaluation with every kind of block, as a short study would have them.
enum SampleEvaluation {
    static let here = SourceLocation(line: 1, column: 1)

    static func value(_ path: String, _ format: String = "") -> MarkdownInline {
        .value(InlineValue(path: path, format: format, location: here))
    }

    static func block(
        _ id: String, _ command: String, _ outcome: Outcome, caption: [MarkdownInline] = [], more: [MarkdownBlock] = [],
        alt: [MarkdownInline] = [],
        show: BlockHead.Show = .main, options: [(name: String, value: OptionValue)] = [], inputs: [Input] = []
    ) -> EvaluatedBlock {
        let digit = String(UInt8(id.utf8.first ?? 97) % 10)
        let display: Display =
            switch command {
            case "models", "pairs": .facts
            case "table": .tables
            case "expect": .claims
            case "chart": .authoredFigure
            default: .figures
            }
        let result = BlockResult(
            id: id, command: command, options: options, inputs: inputs,
            key: String(repeating: digit + "3f9", count: 16), digest: String(repeating: "ab", count: 32),
            outcome: outcome)
        let head = BlockHead(
            id: id, command: command, caption: caption.isEmpty ? more : [.paragraph(caption)] + more, alt: alt,
            show: show, display: display,
            source: "```{\(command)}\nid: \(id)\nsite: resid_post # <b>not bold</b>\n```")
        return EvaluatedBlock(head: head, run: .success(result))
    }

    static func evaluation(
        _ parts: [Evaluation.Part], title: [MarkdownInline] = [.text("A title")],
        parameters: [(name: String, value: Scalar)] = []
    ) -> Evaluation {
        Evaluation(name: "sample.md", title: title, seed: 7, parameters: parameters, parts: parts)
    }

    static let publication: Publication = {
        var publication = Publication()
        publication.authors = [Publication.Author("A. N. Author")]
        return publication
    }()

    static let layers = 12

    /// From −1 to 1, fixed for each index.
    static func noise(_ index: Int) -> Double {
        var state = UInt64(truncatingIfNeeded: index &+ 1) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 29
        state &*= 0xBF58_476D_1CE4_E5B9
        return Double(state >> 11) / Double(1 << 52) - 1
    }

    static func rise(_ layer: Int) -> Double { layer < 4 ? 0 : layer > 6 ? 1 : Double(layer - 3) / 3 }

    static let sweepTable: Table = {
        var table = Table(columns: ["layer", "direction", "control", "effect", "lower", "upper", "recovery", "p"])
        for (direction, sign) in [("tuned_to_base", 1.0), ("base_to_tuned", -1.0)] {
            for control in ["none", "self", "shuffled", "random"] {
                for layer in 0..<layers {
                    let base = control == "none" ? 11.8 * rise(layer) * sign : 0
                    let wobble = control == "self" ? 0 : noise(layer * 7 + control.utf8.count) * 0.6
                    let effect = base + wobble * (control == "none" ? 0.4 : 1)
                    table.append([
                        .int(layer), .string(direction), .string(control), .number(effect), .number(effect - 0.7),
                        .number(effect + 0.8), control == "self" ? .null : .number(effect / 12.4),
                        .number(control == "none" && layer > 4 ? 1.25e-7 : 0.43),
                    ])
                }
            }
        }
        return table
    }()

    static func series(_ label: String, _ role: Role, _ direction: String, _ control: String) -> Series {
        let rows = sweepTable.rows.filter { $0[1] == .string(direction) && $0[2] == .string(control) }
        return Series(
            label, role: role,
            points: rows.map { row in
                Point(
                    x: row[0].number ?? .nan, y: row[3].number ?? .nan, lower: row[4].number, upper: row[5].number)
            })
    }

    static let sweep: Outcome = {
        var outcome = Outcome()
        outcome.set("peak.layer", .int(6))
        outcome.set("peak.effect", .number(11.734_219))
        outcome.set("peak.recovery", .number(0.946_31))
        outcome.set("undefined", .null)
        outcome.add("layers", sweepTable)
        outcome.figures = [
            Figure(
                name: "effects", title: "Effect of patching the residual stream, by layer",
                description: "The effect steps up from 0 to 12 nats between layers 4 and 6; the controls stay near 0.",
                chart: LineChart(
                    x: Axis("layer", isWhole: true), y: Axis("effect on the margin (nats)", includesZero: true),
                    series: [
                        series("tuned to base", .effect, "tuned_to_base", "none"),
                        series("base to tuned", .second, "base_to_tuned", "none"),
                        series("self", .control, "tuned_to_base", "self"),
                        series("shuffled", .control, "tuned_to_base", "shuffled"),
                        series("random", .control, "tuned_to_base", "random"),
                    ], references: [LineChart.Reference(12.4, label: "gain of the tuned model")]), data: sweepTable),
            Figure(
                name: "pairs", title: "Effect by pair and layer (tuned to base)", description: "One row a pair.",
                chart: Heatmap(
                    rowTitle: "pair", rows: (0..<24).map(String.init), columnTitle: "layer",
                    columns: (0..<layers).map(String.init), valueTitle: "effect (nats)",
                    values: (0..<24).map { pair in
                        (0..<layers).map { (12 + 6 * noise(pair)) * rise($0) + noise(pair * 31 + $0) }
                    }, scale: .diverging),
                data: Table(columns: ["pair", "layer", "effect"], rows: [[.int(0), .int(0), .number(0.1)]])),
        ]
        outcome.checks = [
            Check(name: "Self-patch changes nothing", found: 0, tolerance: 1e-5, unit: "nats"),
            Check(name: "A patch of the last layer is the donor", found: 3.1e-6, tolerance: 1e-4, unit: "nats"),
            Check(name: "Increments add up to the gain", found: -0.0042, tolerance: 1e-3, unit: "nats"),
        ]
        outcome.notes = ["4 of 48 pairs were dropped: their chosen response is empty."]
        return outcome
    }()

    static let models: Outcome = {
        var outcome = Outcome()
        for (path, scalar) in [
            ("layers", Scalar.int(12)), ("width", .int(192)), ("heads", .int(6)), ("vocabulary", .int(2048)),
            ("parameters", .int(5_701_824)),
        ] {
            outcome.set(path, scalar)
        }
        return outcome
    }()

    static let score: Outcome = {
        var outcome = Outcome()
        outcome.set("gain.mean", .number(12.401))
        let points = (0..<48).map { pair in
            Point(x: 6 * noise(pair), y: 6 * noise(pair) + 12 + 4 * noise(pair + 900), label: "pair \(pair)")
        }
        var table = Table(columns: ["pair", "base_margin", "tuned_margin", "gain"])
        for (pair, point) in points.enumerated() {
            table.append([.int(pair), .number(point.x), .number(point.y), .number(point.y - point.x)])
        }
        outcome.add("pairs", table)
        outcome.figures = [
            Figure(
                name: "margins", title: "Margin of each pair, base against tuned",
                description: "Nearly all pairs lie above the line of equal margins.",
                chart: ScatterChart(
                    x: Axis("base margin (nats)"), y: Axis("tuned margin (nats)"),
                    series: [Series("pairs", role: .effect, points: points)], comparesLikeWithLike: true), data: table)
        ]
        return outcome
    }()

    static let claims: Outcome = {
        var outcome = Outcome()
        outcome.claims = [
            ClaimVerdict(
                claim: "sweep.peak.layer in 4..6", because: "the adapter was planted in layers 4 to 6", found: .int(6),
                held: true),
            ClaimVerdict(
                claim: "sweep.peak.recovery > 0.99", kind: .exploratory,
                because: "the step should carry all of the gain",
                found: .number(0.946_31), held: false),
        ]
        return outcome
    }()

    /// A chart of nothing, where only its place matters.
    static let emptyChart = LineChart(x: Axis(), y: Axis(), series: [])

    /// The whole study.
    static let study = Evaluation(
        name: "sample.md",
        title: [.text("Where does preference tuning live? Layer "), value("sweep.peak.layer"), .text(", it seems")],
        subtitle: [.text("A planted model, found again by patching")], publication: publication, seed: 7,
        parameters: [("limit", .int(48)), ("site", .string("resid_post"))],
        parts: [
            .prose([
                .heading(level: 2, [.text("Abstract")]),
                .paragraph([
                    .text("We patch the residual stream after each block. The peak is at layer "),
                    value("sweep.peak.layer"), .text(", carrying "), value("sweep.peak.recovery", ".0%"),
                    .text(" of the gain of "), value("score.gain.mean", ".1f"), .text(" nats over "),
                    value("params.limit"), .text(" pairs. This is "), .emphasis([.text("cumulative")]),
                    .text(", not local: see "), .link(destination: "#figure-2", title: "", [.text("Figure 2")]),
                    .text(" and "),
                    .link(destination: "https://arxiv.org/abs/2510.16167", title: "", [.text("the abstract")]),
                    .text(" that raised the question."),
                ]),
                .list(
                    start: nil, isTight: true,
                    items: [
                        [.paragraph([.text("two models that differ in known layers;")])],
                        [.paragraph([.text("pairs of a chosen and a rejected response, as "), .code("jsonl")])],
                    ]),
                .quote([.paragraph([.text("Localized has strong rivals in the literature.")])]),
            ]),
            .block(
                block(
                    "pair", "models", models,
                    inputs: [
                        Input(name: "base weights", digest: String(repeating: "c0ffee12", count: 8)),
                        Input(name: "tokenizer", digest: String(repeating: "0badcafe", count: 8)),
                    ])),
            .prose([.heading(level: 2, [.text("Do the models differ?")])]),
            .block(block("score", "score", score)),
            .prose([
                .heading(level: 2, [.text("The sweep")]),
                .paragraph([.text("Every layer, both directions, three controls.")]),
            ]),
            .block(
                block(
                    "sweep", "patch", sweep,
                    caption: [
                        .text("Effect on the margin by layer, with 95 % intervals over prompts (peak at layer "),
                        value("sweep.peak.layer"), .text("). Grey: controls."),
                    ], alt: [.text("The effect is 0 up to layer 3 and 12 nats from layer 6 on.")])),
            .prose(
                [.heading(level: 2, [.text("The numbers")]), .code(info: "swift", text: "let x = a < b && c > d\n")].map
                { $0 }),
            .block(
                block(
                    "numbers", "table",
                    {
                        var outcome = Outcome()
                        outcome.add("data", sweepTable)
                        return outcome
                    }(),
                    caption: [.text("Effects, intervals and "), .emphasis([.text("p")]), .text(" values by layer.")])),
            .prose([.heading(level: 2, [.text("Claims")])]),
            .block(block("claims", "expect", claims)),
        ])
}
