import Experiments
import JSON
import Markdown
import Notebooks

/// What a record says, by the column that holds it.
enum RecordField: String, CaseIterable, Sendable {
    case pair, prompt, layer, direction, control, margin, base, tuned

    /// Those that a record of four cells has.
    static let ofCells: [RecordField] = [.pair, .prompt, .layer]
}

/// Which columns of a file hold what; a dot goes into a nested object.
struct RecordColumns: Sendable, Equatable {
    /// Columns that the author named.
    let named: [RecordField: String]

    /// The column of a field: as named, or the field's own name.
    func column(_ field: RecordField) -> String { named[field] ?? field.rawValue }

    /// The value in a column: the key as it stands, else keys of nested objects with dots between them.
    static func value(_ column: String, in row: JSON) -> JSON? {
        if let value = row[column] { return value }
        var searched = column[...]
        while let dot = searched.lastIndex(of: ".") {
            searched = searched[..<dot]
            if let inner = row[String(searched)],
                let value = value(String(column[column.index(after: dot)...]), in: inner)
            {
                return value
            }
        }
        return nil
    }

    static let option = Option<RecordColumns>(
        "columns",
        type: "a mapping from " + RecordField.allCases.map(\.rawValue).joined(separator: ", ") + " to names of columns",
        help: "the columns, where they have other names; a dot goes into a nested object",
        defaultText: "their own names",
        fallback: RecordColumns(named: [:]),
        normal: { columns in
            .map(
                RecordField.allCases.compactMap { field in
                    columns.named[field].map { .init(key: field.rawValue, value: .scalar(.string($0))) }
                })
        },
        read: { (value) throws(OptionMismatch) -> RecordColumns in
            var named: [RecordField: String] = [:]
            for (key, column) in try names(value) {
                guard let field = RecordField(rawValue: key.text) else {
                    throw OptionMismatch("'\(key.text)' is not one of them", at: key.location)
                }
                named[field] = column
            }
            return RecordColumns(named: named)
        })

    /// The names of the four cells: whose layers come before the change, and whose after it.
    static let cellNames = ["base_base", "base_tuned", "tuned_base", "tuned_tuned"]

    static let cells = Option<[String]?>(
        "cells", type: "a mapping {\(cellNames.joined(separator: ", "))} to names of columns",
        help:
            "the columns of four margins: of the layers before the change from one model, and the later ones from one; "
            + "without it, a row is a run of a patch",
        defaultText: "none", fallback: .some(nil),
        normal: { columns in
            guard let columns else { return .scalar(.null) }
            return .map(zip(cellNames, columns).map { .init(key: $0, value: .scalar(.string($1))) })
        },
        read: { (value) throws(OptionMismatch) -> [String]? in
            var named: [String: String] = [:]
            for (key, column) in try names(value) {
                guard cellNames.contains(key.text) else {
                    throw OptionMismatch("'\(key.text)' is not one of them", at: key.location)
                }
                named[key.text] = column
            }
            if let missing = cellNames.first(where: { named[$0] == nil }) {
                throw OptionMismatch("it has no '\(missing)'", at: value.location)
            }
            return cellNames.compactMap { named[$0] }
        })

    /// Keys with the columns that they are given.
    private static func names(
        _ value: YAMLValue
    ) throws(OptionMismatch) -> [(key: (text: String, location: SourceLocation), column: String)] {
        guard let entries = value.mapping else { throw OptionMismatch("found \(value.inWords)", at: value.location) }
        var found: [(key: (text: String, location: SourceLocation), column: String)] = []
        for entry in entries {
            guard let column = entry.value.text, !column.isEmpty else {
                throw OptionMismatch("'\(entry.key)' is \(entry.value.inWords)", at: entry.value.location)
            }
            found.append(((entry.key, entry.keyLocation), column))
        }
        return found
    }
}
