import JSON
import Markdown
import Notebooks
import Values

/// One difference between two runs.
public struct Change: Sendable, Equatable {
    /// What sort of thing it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// A whole block that only one run has.
        case block
        case option, value, claim, check
        /// A table, a column or a row that only one run has.
        case table, column, row
        /// One cell of a table.
        case cell
        /// What made the run: a release, the seed, a parameter, a file.
        case version, parameter, input
    }

    /// What sort of thing it is.
    public let kind: Kind
    /// The block's id; nil for what belongs to the whole run.
    public let block: String?
    /// Its name: a value's path, an option, `table.column`, the claim as it is written.
    public let name: String
    /// The row of a cell by the columns that name it: `layer 3, direction tuned_to_base`.
    public var row: String?
    /// What the first run says; nil where it has no such thing.
    public let before: Reading?
    /// What the second run says.
    public let after: Reading?

    /// Whether the intervals of both runs have a point in common; nil where one has none.
    public var overlaps: Bool? {
        guard let before, let after else { return nil }
        return before.overlaps(after)
    }

    /// Both readings in words, with as many digits as show that they differ.
    var texts: (before: String?, after: String?) {
        if case .string(let old)? = before?.value, case .string(let new)? = after?.value, (old + new).contains("\n") {
            let lines = [old, new].map { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
            let place = zip(lines[0], lines[1]).prefix { $0 == $1 }.count
            func line(_ lines: [String]) -> String { place < lines.count ? "'\(lines[place].shortened)'" : "nothing" }
            return ("\(line(lines[0])) in line \(place + 1)", line(lines[1]))
        }
        let plain = (before?.text(), after?.text())
        return plain.0 == plain.1 ? (before?.text(isExact: true), after?.text(isExact: true)) : plain
    }
}

/// A thing by its name, with what a run says of it.
typealias NamedReading = (name: String, reading: Reading)

extension Tolerance {
    /// What differs between two lists of things with names, in the order of the first, then what is new.
    func changes(
        _ kind: Change.Kind, of block: String?, _ before: [NamedReading], _ after: [NamedReading], row: String? = nil
    ) -> [Change] {
        let later = Dictionary(after.map { ($0.name, $0.reading) }) { first, _ in first }
        let earlier = Set(before.map(\.name))
        let moved = before.compactMap { name, reading -> Change? in
            let other = later[name]
            if let other, !differs(reading, other) { return nil }
            return Change(kind: kind, block: block, name: name, row: row, before: reading, after: other)
        }
        let added = after.filter { !earlier.contains($0.name) }.map {
            Change(kind: kind, block: block, name: $0.name, row: row, before: nil, after: $0.reading)
        }
        return moved + added
    }
}

extension JSON.Member {
    /// An option or a parameter: a plain value as it is, all else as JSON.
    var reading: NamedReading { (key, Reading(Scalar(value) ?? .string(value.text()))) }
}
