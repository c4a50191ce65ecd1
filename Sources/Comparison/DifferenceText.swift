import JSON
import Notebooks
import Values

extension Difference {
    /// Rows, cells and paired differences of one block that the text lists; the JSON and the page have all.
    private static let mostListed = 8

    /// The difference for a reader at a terminal, a block at a time; empty when nothing differs.
    public var text: String {
        var lines: [String] = []
        var heading = ""
        func start(_ name: String) {
            if name != heading { lines.append(name) }
            heading = name
        }
        for (block, group) in grouped {
            start(block ?? "what made the runs")
            let isOfRows = { (change: Change) in change.kind == .row || change.kind == .cell }
            lines += Self.listed(group.filter { !isOfRows($0) }.map(Self.line), most: .max)
            lines += Self.listed(group.filter(isOfRows).map(Self.line), most: Self.mostListed)
            lines += Self.listed(paired.filter { $0.block == block }.map(\.text), most: Self.mostListed)
        }
        lines += notes.map { "note: \($0)" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The changes by block, in order; what belongs to the whole run is last.
    private var grouped: [(block: String?, changes: [Change])] {
        var groups: [(block: String?, changes: [Change])] = []
        for change in changes {
            if let place = groups.firstIndex(where: { $0.block == change.block }) {
                groups[place].changes.append(change)
            } else {
                groups.append((change.block, [change]))
            }
        }
        return groups.filter { $0.block != nil } + groups.filter { $0.block == nil }
    }

    private static func listed(_ lines: [String], most: Int) -> [String] {
        let left = lines.count - most
        return lines.prefix(most).map { "  " + $0 } + (left > 0 ? ["  and \(left) more (--json and -o list all)"] : [])
    }

    private static func line(_ change: Change) -> String {
        let name = change.label
        let texts = change.texts
        switch (texts.before, texts.after) {
        case (let before?, let after?):
            return "\(name): \(before) → \(after)" + (change.overlaps == false ? "; the intervals do not overlap" : "")
        case (let before?, nil): return "\(name): gone; it was \(before)"
        case (nil, let after?): return "\(name): new; it is \(after)"
        case (nil, nil): return name
        }
    }

    /// The difference as JSON: `{"tolerance": 1e-06, "changes": […], "paired": […], "notes": […]}`.
    public var json: JSON {
        .object([
            JSON.Member("tolerance", .number(tolerance.relative)), JSON.Member("changes", .array(changes.map(\.json))),
            JSON.Member("paired", .array(paired.map(\.json))),
            JSON.Member("notes", .array(notes.map { .string($0) })),
        ])
    }
}

extension Change {
    /// What differs, in words: `option limit`, `claim 'a > 1'`, `pairs.gain of pair 3`.
    var label: String {
        switch kind {
        case .block: "block"
        case .value: name
        case .claim: "claim '\(name)'"
        case .check: "identity '\(name)'"
        case .cell: row.map { "\(name) of \($0)" } ?? name
        case .row: "a row of \(name)"
        case .version: name == "schema" ? "the schema of results" : name
        case .option, .table, .column, .parameter, .input: "\(kind.rawValue) \(name)"
        }
    }

    fileprivate var json: JSON {
        var members = [JSON.Member("kind", .string(kind.rawValue)), JSON.Member("name", .string(name))]
        if let block { members.insert(JSON.Member("block", .string(block)), at: 0) }
        if let row { members.append(JSON.Member("row", .string(row))) }
        members.append(JSON.Member("before", before?.json ?? .null))
        members.append(JSON.Member("after", after?.json ?? .null))
        if let overlaps { members.append(JSON.Member("intervals_overlap", .bool(overlaps))) }
        return .object(members)
    }
}

extension Reading {
    fileprivate var json: JSON {
        var members = [JSON.Member("value", value.json)]
        if let lower, let upper { members += [JSON.Member("lower", lower.json), JSON.Member("upper", upper.json)] }
        if let held { members.append(JSON.Member("held", .bool(held))) }
        if let missing { members.append(JSON.Member("missing", .string(missing))) }
        return .object(members)
    }
}

extension PairedDifference {
    /// `pairs.gain, pair by pair: 0.012 [−0.01, 0.03] over 24 pairs`
    var text: String {
        let reading = Reading(
            .number(mean), lower: (interval?.lower).map { .number($0) }, upper: (interval?.upper).map { .number($0) })
        return column + (group.isEmpty ? "" : " of \(group)")
            + ", pair by pair: \(reading.text()) over \(count == 1 ? "1 pair" : "\(count) pairs")"
    }

    fileprivate var json: JSON {
        .object([
            JSON.Member("block", .string(block)), JSON.Member("column", .string(column)),
            JSON.Member("group", .string(group)), JSON.Member("pairs", .int(count)),
            JSON.Member("before", .number(before)), JSON.Member("after", .number(after)),
            JSON.Member("difference", .number(mean)),
            JSON.Member("lower", Scalar.optional(interval?.lower).json),
            JSON.Member("upper", Scalar.optional(interval?.upper).json),
        ])
    }
}
