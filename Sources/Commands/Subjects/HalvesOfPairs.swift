import Experiments
import Values

extension Halves {
    /// As the column `split` of a `pairs` or `tokens` table says; every pair in both where the file was not split.
    init(_ table: Table) {
        let column = table[column: "split"] ?? []
        self.init(
            fit: column.indices.filter { column[$0] == .string("fit") },
            confirm: column.indices.filter { column[$0] == .string("confirm") }, of: table.rows.count)
    }

    /// `fit`, `confirm` or, where there is no split, `all`.
    func name(of pair: Int) -> String { !areApart ? "all" : fit.contains(pair) ? "fit" : "confirm" }

    /// A warning for the reader where a choice is judged by the pairs that it was made on.
    func note(_ choice: String) -> String? {
        areApart
            ? nil
            : "\(choice) chosen on the very pairs that it is reported on, so its effect is flattered: "
                + "split the pairs, and let the fit half choose."
    }
}
