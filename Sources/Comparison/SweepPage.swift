import Charts
import Markdown
import Notebooks
import Values

/// The page that compares the points of a sweep.
public struct SweepPage: Sendable {
    /// A point whose page is written.
    public struct Point: Sendable {
        let point: Sweep.Point
        let address: String
        let results: Results
        let input: Input

        /// A point of a sweep.
        /// - Parameters:
        ///   - address: what leads to its page.
        ///   - results: what its page carries.
        ///   - input: its page, for the footer.
        public init(_ point: Sweep.Point, address: String, results: Results, input: Input) {
            self.point = point
            self.address = address
            self.results = results
            self.input = input
        }
    }

    private let sweep: Sweep
    private let points: [Point]
    private let notebook: String
    private let title: [MarkdownInline]
    private let declared: [String]

    /// A page of these points, in the order of the sweep.
    /// - Parameters:
    ///   - notebook: the notebook's file name.
    ///   - title: its title; an ellipsis is in the place of what is computed, which differs from point to point.
    ///   - headline: the headline values of its front matter; may be empty.
    public init(_ sweep: Sweep, _ points: [Point], notebook: String, title: [MarkdownInline], headline: [String]) {
        self.sweep = sweep
        self.points = points
        self.notebook = notebook
        self.title = title.rewritten { inline in
            switch inline {
            case .value, .reference, .citation: .text("…")
            case .footnote: .text("")
            default: inline
            }
        }
        declared = headline
    }

    /// The page before it is drawn.
    public var evaluation: Evaluation {
        var page = PageParts(files: points.map(\.input))
        let left = sweep.points.count - points.count
        page.add([
            .list(
                start: nil, isTight: true,
                items: points.map { point in
                    [.paragraph([.link(destination: point.address, title: "", [.text(point.point.title)])])]
                })
        ])
        if left > 0 {
            page.paragraph("\(left == 1 ? "One point has" : "\(left) points have") no page and is left out.")
        }
        for point in points {
            let failed = point.results.blocks.filter { !$0.failure.isEmpty }.map(\.id)
            guard !failed.isEmpty else { continue }
            page.paragraph(
                "✗ \(failed.count) of \(point.results.blocks.count) blocks gave NO RESULT at \(point.point.title): "
                    + failed.joined(separator: ", "))
        }
        let headline = headline
        page.table(
            "values", "Values by point", "One row per point; lower and upper are the ends of a value's interval.",
            table(of: headline))
        for (index, path) in headline.enumerated() {
            if let figure = figure(of: path) { page.figure("value-\(index + 1)", figure) }
        }
        let verdicts = verdicts
        if !verdicts.isEmpty {
            page.heading("Claims")
            page.claims("verdicts", verdicts)
            page.table("claims", "Claims by point", "Each claim at each point.", claims)
        }
        let runs = points.map { NamedRun($0.point.title, $0.results) }
        let curves = tables.flatMap { Overlay.figures(runs, block: $0.block, table: $0.table) }
        if !curves.isEmpty { page.heading("Curves") }
        for (index, curve) in curves.enumerated() { page.figure("curve-\(index + 1)", curve) }
        let names = sweep.axes.map(\.name)
        return page.evaluation(
            notebook, title: title + [.text(" by \(names.joined(separator: " and "))")],
            subtitle: points.count == 1 ? "1 point" : "\(points.count) points")
    }

    // MARK: Values

    /// The values that are compared: the notebook's headline, else those that claims name, else those that have an interval.
    private var headline: [String] {
        guard declared.isEmpty else { return declared }
        var claimed: [String] = []
        var measured: [String] = []
        for block in points.flatMap(\.results.blocks) {
            for claim in block.claims {
                for word in claim.claim.split(whereSeparator: { !Self.isPath($0) }).map(String.init)
                where !claimed.contains(word) && points.contains(where: { $0.results.value(word) != nil }) {
                    claimed.append(word)
                }
            }
            for value in block.values where block.interval(of: value.path) != nil {
                let path = "\(block.id).\(value.path)"
                if !measured.contains(path) { measured.append(path) }
            }
        }
        return Array((claimed.isEmpty ? measured : claimed).prefix(Self.mostValues))
    }

    /// Values that one table can show.
    private static let mostValues = 12

    private static func isPath(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "._-".contains(character)
    }

    private func table(of headline: [String]) -> Table {
        let measured = headline.map { path in points.contains { $0.results.reading(path)?.lower != nil } }
        var columns = sweep.axes.map(\.name)
        for (path, hasInterval) in zip(headline, measured) {
            columns += [path] + (hasInterval ? ["\(path).lower", "\(path).upper"] : [])
        }
        let rows = points.map { point in
            point.point.settings.map { Scalar.string($0.shown) }
                + zip(headline, measured).flatMap { path, hasInterval -> [Scalar] in
                    let reading = point.results.reading(path)
                    return [reading?.value ?? .null]
                        + (hasInterval ? [reading?.lower ?? .null, reading?.upper ?? .null] : [])
                }
        }
        return headline.isEmpty ? Table(columns: columns) : Table(columns: columns, rows: rows)
    }

    /// A value with its interval at every point; nil for one that is no number.
    private func figure(of path: String) -> Figure? {
        let estimates = points.map { point in
            let reading = point.results.reading(path)
            return Estimate(reading?.value.number, lower: reading?.lower?.number, upper: reading?.upper?.number)
        }
        guard points.count > 1, estimates.contains(where: { $0.lower != nil }) else { return nil }
        let names = points.map(\.point.title)
        return Figure(
            name: "points", title: "\(path) by point", description: "One mark per point, with its interval.",
            chart: IntervalChart(
                Categories("", names: names, series: [EstimateSeries(path, role: .effect, estimates: estimates)]),
                value: Axis(path)),
            data: Table(
                columns: ["point", "value", "lower", "upper"],
                rows: zip(names, estimates).map { name, estimate in
                    [.string(name), .optional(estimate.value), .optional(estimate.lower), .optional(estimate.upper)]
                }))
    }

    // MARK: Claims

    /// Each claim once: it holds where it holds at every point.
    private var verdicts: [ClaimVerdict] {
        var order: [String] = []
        var found: [String: [(point: String, claim: ClaimVerdict)]] = [:]
        for point in points {
            for claim in point.results.blocks.flatMap(\.claims) {
                if found[claim.claim] == nil { order.append(claim.claim) }
                found[claim.claim, default: []].append((point.point.title, claim))
            }
        }
        return order.map { text in
            let all = found[text] ?? []
            let failed = all.filter { !$0.claim.held }.map { found in
                found.point + (found.claim.missing.map { " (without an interval: \($0))" } ?? "")
            }
            let count = "held at \(all.count - failed.count) of \(all.count == 1 ? "1 point" : "\(all.count) points")"
            let more = failed.isEmpty ? all.first?.claim.because ?? "" : "it fails at " + failed.joined(separator: "; ")
            return ClaimVerdict(
                claim: text, kind: all.first?.claim.kind ?? .prediction,
                because: more.isEmpty ? count : "\(count): \(more)", found: .bool(failed.isEmpty), held: failed.isEmpty)
        }
    }

    private var claims: Table {
        let hasMissing = points.contains { $0.results.blocks.contains { $0.claims.contains { $0.missing != nil } } }
        return Table(
            columns: sweep.axes.map(\.name) + ["claim", "kind", "found", "held"]
                + (hasMissing ? ["without_interval"] : []),
            rows: points.flatMap { point in
                point.results.blocks.flatMap(\.claims).map { claim in
                    point.point.settings.map { .string($0.shown) }
                        + [.string(claim.claim), .string(claim.kind.rawValue), claim.found, .bool(claim.held)]
                        + (hasMissing ? [claim.missing.map { .string($0) } ?? .null] : [])
                }
            })
    }

    /// The tables of all points, in order.
    private var tables: [(block: String, table: String)] {
        var seen: [(block: String, table: String)] = []
        for block in points.flatMap(\.results.blocks) {
            for table in block.tables where !seen.contains(where: { $0 == (block.id, table.name) }) {
                seen.append((block.id, table.name))
            }
        }
        return seen
    }
}

extension Results {
    /// A value by its full path, `sweep.peak.layer`.
    func value(_ path: String) -> Scalar? { reading(path)?.value }

    /// A value by its full path, with its interval.
    func reading(_ path: String) -> Reading? {
        guard let dot = path.firstIndex(of: ".") else { return nil }
        return block(String(path[..<dot]))?.reading(String(path[path.index(after: dot)...]))
    }
}
