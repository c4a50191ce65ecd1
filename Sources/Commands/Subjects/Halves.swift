import Notebooks
import Values

/// Places of the pairs that choices are made on, and of those that judge them.
struct Halves: Sendable, Equatable {
    /// Where a layer, a direction, a rank or a penalty is chosen.
    let fit: [Int]
    /// Where it is reported.
    let confirm: [Int]
    /// Whether no pair is in both.
    let areApart: Bool

    /// Every pair in both.
    init(all count: Int) { self.init(all: count, areApart: false) }

    /// Every pair in both, though a choice may have been made on others.
    init(all count: Int, areApart: Bool) {
        fit = Array(0..<count)
        confirm = fit
        self.areApart = areApart
    }

    /// As the column `split` of a `tokens` table says; every pair in both where the file was not split.
    init(_ tokens: Table) {
        let column = tokens[column: "split"] ?? []
        let fit = column.indices.filter { column[$0] == .string("fit") }
        let confirm = column.indices.filter { column[$0] == .string("confirm") }
        areApart = !fit.isEmpty && !confirm.isEmpty
        self.fit = areApart ? fit : Array(tokens.rows.indices)
        self.confirm = areApart ? confirm : Array(tokens.rows.indices)
    }

    /// `fit`, `confirm` or, where there is no split, `all`.
    func name(of pair: Int) -> String { !areApart ? "all" : fit.contains(pair) ? "fit" : "confirm" }

    /// A warning for the reader where a choice is judged by the pairs that it was made on.
    func note(_ choice: String) -> String? {
        areApart
            ? nil
            : "\(choice) chosen on the very pairs that it is reported on, so its effect is flattered: "
                + "split the pairs, and leave 'choose_on' at 'fit'."
    }
}

extension [Double] {
    /// Some of the values, in the order of their places.
    func at(_ places: [Int]) -> [Double] { places.map { self[$0] } }
}

extension [Int] {
    /// Some of the values, in the order of their places.
    func at(_ places: [Int]) -> [Int] { places.map { self[$0] } }
}
