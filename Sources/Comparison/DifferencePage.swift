import Markdown
import Notebooks
import Values

extension Difference {
    /// The difference as a page: a table for each sort of change, and the curves of both runs where a table moved.
    /// - Parameters:
    ///   - runs: the first run and the second, by the names that the reader knows.
    ///   - files: those that they were read from.
    public func page(_ runs: (before: NamedRun, after: NamedRun), files: [Input]) -> Evaluation {
        var page = PageParts(files: files)
        let (before, after) = (runs.before.name, runs.after.name)
        page.paragraph(
            "Before is \(before), after is \(after). Numbers count as moved if they differ by more than "
                + "\(ValueFormat.plain.format(.number(tolerance.relative))) of the larger one"
                + (tolerance.relative > 0 ? ", and by more than 10⁻¹², which rounding may leave of zero." : "."))
        for note in notes { page.paragraph("Note: \(note).") }
        page.table(
            "values", "Values", "Values that moved, with their intervals.",
            words(of: [.value]))
        page.table("claims", "Claims", "Claims and identities.", words(of: [.claim, .check]))
        page.table(
            "setting", "What made the runs", "Options, parameters, files and releases that differ.",
            words(of: [.option, .parameter, .input, .version]))
        page.table(
            "shape", "New and gone", "Blocks, tables, columns and rows that only one run has.",
            words(of: [.block, .table, .column, .row]))
        page.table(
            "paired", "Pair by pair",
            "The mean of after minus before over the pairs that both runs have, with a bootstrap interval over prompts.",
            Self.table(of: paired))
        let curves = moved.flatMap { Overlay.figures([runs.before, runs.after], block: $0.block, table: $0.table) }
        if !curves.isEmpty { page.heading("Curves") }
        for (index, curve) in curves.enumerated() { page.figure("curve-\(index + 1)", curve) }
        page.table("cells", "Tables", "Cells that moved.", words(of: [.cell]))
        let count = changes.count == 1 ? "One thing differs" : "\(changes.count) things differ"
        return page.evaluation(
            runs.after.results.notebook, title: [.text("\(before) and \(after)")],
            subtitle: isEmpty ? "Nothing differs" : count, of: [runs.before.results, runs.after.results])
    }

    /// The tables with cells that moved, in order.
    private var moved: [(block: String, table: String)] {
        var seen: [(block: String, table: String)] = []
        for change in changes where change.kind == .cell {
            guard let block = change.block, let table = change.name.split(separator: ".").first.map(String.init),
                !seen.contains(where: { $0 == (block, table) })
            else { continue }
            seen.append((block, table))
        }
        return seen
    }

    /// Some sorts of change with what both runs say, intervals included.
    private func words(of kinds: [Change.Kind]) -> Table {
        let chosen = changes.filter { kinds.contains($0.kind) }
        let overlaps = chosen.map(\.overlaps)
        let hasIntervals = overlaps.contains { $0 != nil }
        return Table(
            columns: ["block", "what", "before", "after"] + (hasIntervals ? ["intervals_overlap"] : []),
            rows: zip(chosen, overlaps).map { change, overlaps in
                let texts = change.texts
                let words = [change.block, change.label, texts.before, texts.after]
                return words.map { $0.map { .string($0) } ?? .null }
                    + (hasIntervals ? [overlaps.map { .bool($0) } ?? .null] : [])
            })
    }

    private static func table(of paired: [PairedDifference]) -> Table {
        Table(
            columns: ["block", "column", "rows", "pairs", "difference", "lower", "upper"],
            rows: paired.map { found in
                [
                    .string(found.block), .string(found.column), .string(found.group), .int(found.count),
                    .number(found.mean), .optional(found.interval?.lower), .optional(found.interval?.upper),
                ]
            })
    }
}
