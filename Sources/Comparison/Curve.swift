import Charts
import Notebooks
import Values

/// A line that a table describes: a measured column with its interval, along the first column of whole numbers.
struct Curve: Equatable {
    /// The names of both columns.
    let x: String
    let y: String
    /// Which rows: `direction tuned_to_base`; empty where the table describes one line.
    let group: String
    let points: [Point]

    /// The curves of a table: of its first column that has an interval, one for each of what its leading columns say beside the first.
    /// Controls are left out, and so is what has one point only.
    static func all(in table: Table) -> [Curve] {
        let intervals = table.intervals
        guard let y = table.columns.first(where: { intervals[$0] != nil }), let ends = intervals[y],
            let place = table.index(of: y), let low = table.index(of: ends.lower),
            let high = table.index(of: ends.upper)
        else { return [] }
        let leading = table.columns[..<place].filter { !table.isMeasured($0) }
        guard let x = leading.first(where: { table[column: $0]?.allSatisfy { $0.number != nil } ?? false }),
            let along = table.index(of: x)
        else { return [] }
        let control = table.index(of: "control")
        let keys = leading.filter { $0 != x && $0 != "control" && table.varies($0) }
        var order: [String] = []
        var points: [String: [Point]] = [:]
        for (number, row) in table.rows.enumerated() {
            if let control, row[control] != .string("none") { continue }
            guard let position = row[along].number, let value = row[place].number else { continue }
            let group = table.label(number, keys)
            if points[group] == nil { order.append(group) }
            points[group, default: []].append(
                Point(x: position, y: value, lower: row[low].number, upper: row[high].number))
        }
        return order.compactMap { group in
            guard let line = points[group], Set(line.map(\.x)).count == line.count, line.count > 1 else { return nil }
            return Curve(x: x, y: y, group: group, points: line)
        }
    }
}

/// A run with its name in keys.
public struct NamedRun: Sendable {
    /// What keys and tables call it.
    public let name: String
    /// What it found.
    public let results: Results

    /// A run by its name.
    public init(_ name: String, _ results: Results) {
        self.name = name
        self.results = results
    }
}

/// Curves of several runs in one chart.
enum Overlay {
    /// One figure for each curve that two runs or more have in common.
    static func figures(_ runs: [NamedRun], block: String, table: String) -> [Figure] {
        let all = runs.map { run in
            Curve.all(in: run.results.block(block)?.table(table)?.table ?? Table(columns: []))
        }
        var groups: [String] = []
        for curve in all.joined() where !groups.contains(curve.group) { groups.append(curve.group) }
        return groups.compactMap { group in
            let found = zip(runs, all).compactMap { run, curves in
                curves.first { $0.group == group }.map { (run: run.name, curve: $0) }
            }
            guard found.count > 1, let first = found.first?.curve else { return nil }
            let rows = found.flatMap { run, curve in
                curve.points.map { point -> [Scalar] in
                    [
                        .string(run), .number(point.x), .number(point.y), .optional(point.lower),
                        .optional(point.upper),
                    ]
                }
            }
            let hasBand = found.contains { $0.curve.points.contains { $0.lower != nil && $0.upper != nil } }
            let y = first.y.replacing("_", with: " ")
            let x = first.x.replacing("_", with: " ")
            return Figure(
                name: "curves-\(groups.firstIndex(of: group) ?? 0)",
                title: "\(block): \(y) by \(x)" + (group.isEmpty ? "" : ", \(group)"),
                description: hasBand ? "One line per run, with its interval as a band." : "One line per run.",
                chart: LineChart(
                    x: Axis(x, isWhole: true), y: Axis(y, includesZero: true),
                    series: found.enumerated().map { index, line in
                        Series(line.run, role: index == 0 ? .effect : .other, points: line.curve.points)
                    }),
                data: Table(columns: ["run", first.x, first.y, "lower", "upper"], rows: rows))
        }
    }
}
