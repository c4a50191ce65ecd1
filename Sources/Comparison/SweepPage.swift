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
    private let declared: [Publication.Headline]

    /// A page of these points, in the order of the sweep.
    /// - Parameters:
    ///   - notebook: the notebook's file name.
    ///   - title: its title; an ellipsis is in the place of what is computed and differs from point to point.
    ///   - headline: the headline values of its front matter; may be empty.
    public init(
        _ sweep: Sweep, _ points: [Point], notebook: String, title: [MarkdownInline],
        headline: [Publication.Headline]
    ) {
        self.sweep = sweep
        self.points = points
        self.notebook = notebook
        self.title = title.rewritten { inline in
            switch inline {
            case .value(let value): .text(Self.text(of: value, in: points) ?? "…")
            case .reference, .citation: .text("…")
            case .footnote: .text("")
            default: inline
            }
        }
        declared = headline
    }

    /// A value as its format writes it, where it is the same at all points.
    private static func text(of value: InlineValue, in points: [Point]) -> String? {
        let found = points.map { $0.results.value(value.path) }
        guard let first = found.first, let scalar = first, found.allSatisfy({ $0?.isSame(as: scalar) == true }),
            let format = try? ValueFormat(value.format), !format.showsInterval
        else { return nil }
        return format.format(scalar)
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
            table(of: headline), headings: headings(of: headline))
        for (index, value) in headline.enumerated() {
            if let figure = figure(of: value) { page.figure("value-\(index + 1)", figure) }
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
            subtitle: points.count == 1 ? "1 point" : "\(points.count) points", of: points.map(\.results))
    }

    // MARK: Values

    /// The values that are compared: the notebook's headline, else those that claims name, else those that have an interval.
    private var headline: [Publication.Headline] {
        var seen: Set<String> = []
        guard declared.isEmpty else { return declared.filter { seen.insert($0.value.path).inserted } }
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
        return (claimed.isEmpty ? measured : claimed).prefix(Self.mostValues).map {
            Publication.Headline(InlineValue(path: $0, format: "", location: SourceLocation(line: 1, column: 1)))
        }
    }

    /// Values that one table can show.
    private static let mostValues = 12

    private static func isPath(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "._-".contains(character)
    }

    private func hasInterval(_ value: Publication.Headline) -> Bool {
        points.contains { $0.results.reading(value.value.path)?.lower != nil }
    }

    /// The columns of a value: the value itself, and the ends of its interval where it has one at some point.
    private func cells(of value: Publication.Headline) -> [(column: String, end: String)] {
        let path = value.value.path
        return [(path, "")] + (hasInterval(value) ? [("\(path).lower", ", lower"), ("\(path).upper", ", upper")] : [])
    }

    private func table(of headline: [Publication.Headline]) -> Table {
        let columns = sweep.axes.map(\.name) + headline.flatMap { cells(of: $0).map(\.column) }
        let rows = points.map { point in
            point.point.settings.map { Scalar.string($0.shown) }
                + headline.flatMap { value -> [Scalar] in
                    let reading = point.results.reading(value.value.path)
                    return [reading?.value ?? .null]
                        + (hasInterval(value) ? [reading?.lower ?? .null, reading?.upper ?? .null] : [])
                }
        }
        return headline.isEmpty ? Table(columns: columns) : Table(columns: columns, rows: rows)
    }

    /// The author's names and formats of the values, by column.
    private func headings(of headline: [Publication.Headline]) -> [PageParts.Heading] {
        headline.flatMap { value in
            cells(of: value).map { column, end in
                PageParts.Heading(
                    column: column, name: (value.name ?? value.value.path) + end, format: value.value.format)
            }
        }
    }

    /// A value with its interval at every point; nil for one that is no number.
    private func figure(of value: Publication.Headline) -> Figure? {
        let (path, name) = (value.value.path, value.name ?? value.value.path)
        let estimates = points.map { point in
            let reading = point.results.reading(path)
            return Estimate(reading?.value.number, lower: reading?.lower?.number, upper: reading?.upper?.number)
        }
        guard points.count > 1, estimates.contains(where: { $0.lower != nil }) else { return nil }
        let names = points.map(\.point.title)
        return Figure(
            name: "points", title: "\(name) by point", description: "One mark per point, with its interval.",
            chart: IntervalChart(
                Categories("", names: names, series: [EstimateSeries(name, role: .effect, estimates: estimates)]),
                value: Axis(name)),
            data: Table(
                columns: ["point", "value", "lower", "upper"],
                rows: zip(names, estimates).map { name, estimate in
                    [.string(name), .optional(estimate.value), .optional(estimate.lower), .optional(estimate.upper)]
                }))
    }

    // MARK: Claims

    /// A claim of a notebook: claims with the same text elsewhere are others.
    private struct Place: Hashable {
        let block: String
        let index: Int
        let claim: String
    }

    /// Each claim once: it holds where it holds at every point.
    private var verdicts: [ClaimVerdict] {
        var order: [Place] = []
        var found: [Place: [(point: String, claim: ClaimVerdict)]] = [:]
        for point in points {
            for block in point.results.blocks {
                for (index, claim) in block.claims.enumerated() {
                    let place = Place(block: block.id, index: index, claim: claim.claim)
                    if found[place] == nil { order.append(place) }
                    found[place, default: []].append((point.point.title, claim))
                }
            }
        }
        return order.map { place in
            let all = found[place] ?? []
            let failed = all.filter { !$0.claim.held }.map { found in
                found.point + (found.claim.missing.map { " (without an interval: \($0))" } ?? "")
            }
            let count = "held at \(all.count - failed.count) of \(all.count == 1 ? "1 point" : "\(all.count) points")"
            let more = failed.isEmpty ? all.first?.claim.because ?? "" : "it fails at " + failed.joined(separator: "; ")
            return ClaimVerdict(
                claim: place.claim, kind: all.first?.claim.kind ?? .prediction,
                because: more.isEmpty ? count : "\(count): \(more)", found: .bool(failed.isEmpty), held: failed.isEmpty)
        }
    }

    private var claims: Table {
        let hasMissing = points.contains { $0.results.blocks.contains { $0.claims.contains { $0.missing != nil } } }
        return Table(
            columns: sweep.axes.map(\.name) + ["block", "claim", "kind", "found", "held"]
                + (hasMissing ? ["without_interval"] : []),
            rows: points.flatMap { point in
                point.results.blocks.flatMap { block in
                    block.claims.map { claim -> [Scalar] in
                        point.point.settings.map { .string($0.shown) }
                            + [.string(block.id), .string(claim.claim), .string(claim.kind.rawValue), claim.found]
                            + [.bool(claim.held)] + (hasMissing ? [claim.missing.map { .string($0) } ?? .null] : [])
                    }
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
        if path.hasPrefix("params.") { return parameters.first { "params.\($0.key)" == path }?.reading.reading }
        return block(String(path[..<dot]))?.reading(String(path[path.index(after: dot)...]))
    }
}
