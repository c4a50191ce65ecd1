import JSON
import Notebooks
import Values

/// How two runs differ: what moved, what is new and what is gone.
public struct Difference: Sendable {
    /// Everything that differs: by block in the order of the first run, then what made the runs.
    public let changes: [Change]
    /// Columns that moved, pair by pair, where both runs have the same pairs.
    public let paired: [PairedDifference]
    /// What could not be compared, one sentence each.
    public let notes: [String]
    /// What counted as the same.
    public let tolerance: Tolerance

    /// Whether the runs say the same.
    public var isEmpty: Bool { changes.isEmpty }

    /// Compares two runs.
    public init(_ before: Results, _ after: Results, tolerance: Tolerance = Tolerance()) {
        var changes: [Change] = []
        var paired: [PairedDifference] = []
        var notes: [String] = []
        for block in before.blocks {
            guard let other = after.block(block.id), other.command == block.command else {
                changes.append(Self.whole(block, isNew: false))
                continue
            }
            guard block.failure == other.failure else {
                changes.append(
                    Change(
                        kind: .block, block: block.id, name: block.id, before: Self.reading(of: block),
                        after: Self.reading(of: other)))
                continue
            }
            let found = BlockDifference(block, other, tolerance)
            changes += found.changes
            guard !found.changes.isEmpty else { continue }
            notes += found.notes
            let moved = found.changes.filter { $0.kind == .cell }
            paired += PairedDifference.all(of: block, in: before, other, in: after, moved: moved)
        }
        changes += after.blocks.filter { before.block($0.id)?.command != $0.command }.map {
            Self.whole($0, isNew: true)
        }
        let versions = [before, after].map { results in
            [("schema", Reading(.int(results.schema)))] + results.versions.map(\.reading)
        }
        changes += tolerance.changes(.version, of: nil, versions[0], versions[1])
        changes += tolerance.changes(
            .parameter, of: nil, before.parameters.map(\.reading), after.parameters.map(\.reading))
        for id in Self.order(before.inputs.map(\.block) + after.inputs.map(\.block)) {
            let inputs = [before, after].map { results in
                results.inputs.filter { $0.block == id }.map { ($0.name, Reading(.string($0.digest))) }
            }
            let isInBoth = before.block(id) != nil && after.block(id) != nil
            if isInBoth { changes += tolerance.changes(.input, of: id, inputs[0], inputs[1]) }
        }
        self.changes = changes
        self.paired = paired
        self.notes = notes
        self.tolerance = tolerance
    }

    private static func whole(_ block: Results.Block, isNew: Bool) -> Change {
        let reading = reading(of: block)
        return Change(
            kind: .block, block: block.id, name: block.id, before: isNew ? nil : reading, after: isNew ? reading : nil)
    }

    /// A whole block, and why it has no result where it has none.
    private static func reading(of block: Results.Block) -> Reading {
        let reason = block.failure.isEmpty ? "" : " without a result: " + block.failure.joined(separator: ". ")
        return Reading(.string("{\(block.command)}\(reason)"))
    }

    private static func order(_ ids: [String]) -> [String] {
        var seen: [String] = []
        for id in ids where !seen.contains(id) { seen.append(id) }
        return seen
    }
}

/// How one block differs between two runs.
private struct BlockDifference {
    private(set) var changes: [Change] = []
    private(set) var notes: [String] = []
    private let tolerance: Tolerance
    private let id: String

    init(_ before: Results.Block, _ after: Results.Block, _ tolerance: Tolerance) {
        self.tolerance = tolerance
        id = before.id
        // Claims are told one by one, and not again as the option and the table that list them.
        let claiming = !before.claims.isEmpty && !after.claims.isEmpty ? ["claims"] : []
        add(.option, Self.options(before, claiming), Self.options(after, claiming))
        add(.value, Self.values(before), Self.values(after))
        add(.claim, Self.claims(before), Self.claims(after))
        add(.check, Self.checks(before), Self.checks(after))
        let names = before.tables.map(\.name) + after.tables.map(\.name).filter { before.table($0) == nil }
        for name in names where !claiming.contains(name) {
            guard let first = before.table(name), let second = after.table(name) else {
                add(
                    .table, before.table(name).map { [(name, Reading(.int($0.count)))] } ?? [],
                    after.table(name).map { [(name, Reading(.int($0.count)))] } ?? [])
                continue
            }
            addTable(first, second)
        }
    }

    private mutating func add(
        _ kind: Change.Kind, _ before: [NamedReading], _ after: [NamedReading], row: String? = nil
    ) {
        changes += tolerance.changes(kind, of: id, before, after, row: row)
    }

    private static func options(_ block: Results.Block, _ leftOut: [String]) -> [NamedReading] {
        block.options.filter { !leftOut.contains($0.key) }.map(\.reading)
    }

    private static func values(_ block: Results.Block) -> [NamedReading] {
        let ends = Set(block.values.compactMap { block.interval(of: $0.path) }.flatMap { [$0.lower, $0.upper] })
        return block.values.filter { !ends.contains($0.path) }.compactMap { value in
            block.reading(value.path).map { (value.path, $0) }
        }
    }

    private static func claims(_ block: Results.Block) -> [NamedReading] {
        block.claims.map { claim in
            let ends = claim.interval.map { (lower: Scalar.number($0.lower), upper: Scalar.number($0.upper)) }
            return (
                claim.claim,
                Reading(claim.found, lower: ends?.lower, upper: ends?.upper, held: claim.held, missing: claim.missing)
            )
        }
    }

    private static func checks(_ block: Results.Block) -> [NamedReading] {
        block.checks.map { ($0.name, Reading(.optional($0.found), held: $0.held)) }
    }

    private mutating func addTable(_ before: Results.NamedTable, _ after: Results.NamedTable) {
        let name = before.name
        guard before.isWhole, after.isWhole else {
            add(.table, [(name, Reading(.int(before.count)))], [(name, Reading(.int(after.count)))])
            notes.append(
                "the rows of '\(id).\(name)' are not compared: a page holds no table of \(max(before.count, after.count)) rows, "
                    + "and a file of 'render --results' does")
            return
        }
        let (first, second) = (before.table, after.table)
        func names(_ table: Table) -> [NamedReading] {
            table.columns.map { ("\(name).\($0)", Reading(.string("a column"))) }
        }
        add(.column, names(first), names(second))
        let shared = first.columns.filter(second.columns.contains)
        let rows = TableRows(first, second)
        let intervals = second.intervals.filter { shared.contains($1.lower) && shared.contains($1.upper) }
        for match in rows.matches(first, second) {
            func reading(_ row: Int?, of table: Table) -> [NamedReading] {
                row.map { [(name, Reading(.string(rows.label($0, of: table))))] } ?? []
            }
            guard let old = match.before, let new = match.after else {
                add(.row, reading(match.before, of: first), reading(match.after, of: second))
                continue
            }
            if first.columns == second.columns, first.rows[old] == second.rows[new] { continue }
            let cells = [first.readings(old, shared, intervals), second.readings(new, shared, intervals)].map { row in
                row.map { (name: "\(name).\($0.name)", reading: $0.reading) }
            }
            add(.cell, cells[0], cells[1], row: rows.label(old, of: first))
        }
    }
}
