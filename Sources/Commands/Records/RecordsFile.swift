import Experiments
import Interventions
import JSON
import Notebooks
import Preferences
import Values

/// A file of records, as a block reads it.
struct RecordsFile {
    /// Where the file lies.
    let path: String
    let columns: RecordColumns
    /// Columns of four cells; nil where a row is a run of a patch.
    let cells: [String]?
    /// Whether patches are hybrids, so that the donor's embedding alone is one too.
    let hasEmbedding: Bool
    let conditions: [RowConditions.Condition]
    /// Whether a row that cannot be read is left out.
    let dropsBadRows: Bool

    /// What was read.
    struct Contents {
        var records: [SweepRecord] = []
        /// Rows that cannot be read, and why.
        var dropped: [(row: Int, reason: String)] = []
        /// How many rows did not meet the conditions.
        var skipped = 0
    }

    /// Reads all rows.
    /// - Throws: `PairFileError` for a file that cannot be read, and a ``CommandError`` that names the row.
    func read() throws -> Contents {
        var contents = Contents()
        // The first record says which columns there are.
        var present: Set<RecordField>?
        var failure: BadRow?
        try RowFile(path).forEachRow { (row) throws(PairFileError) in
            do throws(BadRow) {
                if let record = try record(of: row, &present) {
                    contents.records.append(record)
                } else {
                    contents.skipped += 1
                }
            } catch {
                guard dropsBadRows else {
                    failure = error
                    return false
                }
                contents.dropped.append((error.row, error.sentence))
            }
            return true
        }
        if let failure { throw CommandError("\(path), row \(failure.row): \(failure.sentence)") }
        return contents
    }

    /// A row that is no record.
    private struct BadRow: Error {
        let row: Int
        /// Without its place.
        let sentence: String
    }

    /// The record of a row; nil where it does not meet the conditions.
    private func record(of row: RowFile.Row, _ present: inout Set<RecordField>?) throws(BadRow) -> SweepRecord? {
        let json: JSON
        do {
            json = try row.json()
            guard json.object != nil else { throw PairFileError.Problem.notAnObject(found: Self.words(json)) }
        } catch {
            throw BadRow(row: row.number, sentence: "\(error)")
        }
        guard meetsConditions(json) else { return nil }
        let known = present ?? Set(RecordField.allCases.filter { columns.value($0, in: json) != nil })
        do {
            let record = try Reader(file: self, json: json, number: row.number, present: known).record()
            present = known
            return record
        } catch {
            throw BadRow(row: row.number, sentence: "\(error.problem)")
        }
    }

    /// The error of a record, with the file.
    func error(_ error: RecordError) -> CommandError {
        CommandError("\(path)\(error.row.map { ", row \($0)" } ?? ""): \(error.problem)")
    }

    private func meetsConditions(_ json: JSON) -> Bool {
        conditions.allSatisfy { condition in
            let found = RecordColumns.value(condition.column, in: json)
            return condition.values.contains { Self.isSame(found, $0) }
        }
    }

    /// Whether a value is what a notebook says; the texts of a CSV file may be numbers.
    private static func isSame(_ found: JSON?, _ wanted: Scalar) -> Bool {
        switch (found, wanted) {
        case (nil, .null): true
        case (let found?, _):
            Scalar(found)?.isSame(as: wanted) == true
                || found.string.map { text in
                    wanted.text == text || wanted.number.map { Double(text) == $0 } ?? (wanted == .null && text.isEmpty)
                } == true
        default: false
        }
    }

    /// A value as a message shows it.
    static func words(_ json: JSON) -> String {
        let text = json.text()
        return text.count > 40 ? "\(text.prefix(40))…" : text
    }
}

extension RecordColumns {
    /// The value of a field.
    fileprivate func value(_ field: RecordField, in row: JSON) -> JSON? { Self.value(column(field), in: row) }
}

/// One row, read field by field.
private struct Reader {
    let file: RecordsFile
    let json: JSON
    let number: Int
    /// The fields that the first row has.
    let present: Set<RecordField>

    func record() throws(RecordError) -> SweepRecord {
        let pair = file.cells == nil || has(.pair) ? try text(.pair) : "row \(number)"
        let layer = file.cells == nil || has(.layer) ? try layer() : nil
        let prompt = has(.prompt) ? try text(.prompt) : pair
        guard let cells = file.cells else {
            let run = RecordPlace.Run(
                has(.direction) ? try word(.direction, Direction.allCases) : .tunedToBase,
                has(.control) ? try word(.control, Control.allCases.filter(\.isRun)) : .none)
            if layer == -1, !file.hasEmbedding || run.control != .none {
                throw error(
                    .wrongKind(
                        column: file.columns.column(.layer),
                        expected: "a layer from 0; −1, the donor's embedding alone, "
                            + "belongs to patches of the residual stream at all positions, without a control",
                        found: "-1"))
            }
            return SweepRecord(
                row: number, pair: pair, prompt: prompt, place: RecordPlace(layer: layer, run: run),
                numbers: [
                    try value(file.columns.column(.margin)), try value(file.columns.column(.base)),
                    try value(file.columns.column(.tuned)),
                ])
        }
        var numbers: [Double] = []
        for column in cells { numbers.append(try value(column)) }
        return SweepRecord(row: number, pair: pair, prompt: prompt, place: RecordPlace(layer: layer), numbers: numbers)
    }

    /// Whether the field is there, or must be.
    private func has(_ field: RecordField) -> Bool { file.columns.named[field] != nil || present.contains(field) }

    private func error(_ problem: RecordError.Problem) -> RecordError { RecordError(row: number, problem) }

    private func find(_ column: String) throws(RecordError) -> JSON {
        guard let value = RecordColumns.value(column, in: json) else {
            throw error(.missing(column: column, found: (json.object ?? []).map(\.key)))
        }
        return value
    }

    private func text(_ field: RecordField) throws(RecordError) -> String {
        let column = file.columns.column(field)
        let value = try find(column)
        switch value {
        case .string(let text) where !text.isEmpty: return text
        case .int, .number: return value.text()
        default:
            throw error(.wrongKind(column: column, expected: "a text or a number", found: RecordsFile.words(value)))
        }
    }

    private func word<Word: RawRepresentable>(_ field: RecordField, _ words: [Word]) throws(RecordError) -> Word
    where Word.RawValue == String {
        let column = file.columns.column(field)
        let value = try find(column)
        guard let word = words.first(where: { $0.rawValue == value.string }) else {
            let expected = "one of " + words.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw error(.wrongKind(column: column, expected: expected, found: RecordsFile.words(value)))
        }
        return word
    }

    private func layer() throws(RecordError) -> Int {
        let column = file.columns.column(.layer)
        let value = try find(column)
        guard let layer = value.int ?? value.string.flatMap({ Int($0) }), layer >= (file.cells == nil ? -1 : 0) else {
            throw error(
                .wrongKind(column: column, expected: "a whole number, a layer from 0", found: RecordsFile.words(value)))
        }
        return layer
    }

    private func value(_ column: String) throws(RecordError) -> Double {
        let value = try find(column)
        guard let number = value.number ?? value.string.flatMap({ Double($0) }) else {
            throw error(.wrongKind(column: column, expected: "a number", found: RecordsFile.words(value)))
        }
        guard number.isFinite else { throw error(.notFinite(column: column, found: RecordsFile.words(value))) }
        return number
    }
}
