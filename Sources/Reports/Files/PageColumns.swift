import Foundation
import JSON
import Values

/// The tables of a block as a page holds them: by column, because neighbours in a column are often the same, and tables share columns.
///
///     {"columns": ["layer", "control", "effect"], "cells": [[0, 1, 2], [["none", 3]], [0.5, 0.25, 0.0]]}
///
/// A cell that is a list is a run: the cell, and how many rows it fills. A column that the block has already is
/// `{"table": "layers", "column": "effect"}`.
struct PageColumns {
    /// Where the block has a column already, by how it is written.
    private var places: [String: JSON] = [:]

    /// A table of `columns` and `rows` with its cells by column.
    /// - Parameter name: the table's name, by which later tables refer to its columns; nil for a figure's own data.
    mutating func table(_ table: JSON, named name: String?) -> JSON {
        let columns = table["columns"]?.array ?? []
        let rows = (table["rows"]?.array ?? []).map { $0.array ?? [] }
        var cells: [JSON] = []
        for (index, title) in columns.enumerated() {
            let column = Self.column(rows.map { Self.rounded($0[index]) })
            let text = column.text()
            if let place = places[text], place.text().utf8.count < text.utf8.count {
                cells.append(place)
                continue
            }
            cells.append(column)
            if let name, places[text] == nil {
                places[text] = .object([JSON.Member("table", .string(name)), JSON.Member("column", title)])
            }
        }
        return .object([JSON.Member("columns", .array(columns)), JSON.Member("cells", .array(cells))])
    }

    private static func column(_ cells: [JSON]) -> JSON {
        .array(
            Runs.worthwhile(cells.map { $0.text() }).map { run in
                let cell = cells[run.lowerBound]
                return run.count == 1 ? cell : .array([cell, .int(run.count)])
            })
    }

    /// A number with seven significant digits, as many as models compute with: all digits would be a third of a page.
    private static func rounded(_ cell: JSON) -> JSON {
        guard case .number(let value) = cell, value != 0, value.isFinite else { return cell }
        let power = 6 - Int(log10(abs(value)).rounded(.down))
        // Powers of ten up to this one are whole in 64 bits, so that the quotient is the nearest number to its digits.
        guard (0...22).contains(power) else { return cell }
        let scale = pow(10, Double(power))
        return .number((value * scale).rounded() / scale)
    }
}
