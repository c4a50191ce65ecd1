import Markdown
import Notebooks
import Values

/// A table as comma-separated values (RFC 4180), its first line the column names.
enum CSVReader {
    /// What is wrong, as a whole sentence.
    struct Problem: Error, Equatable {
        let sentence: String
    }

    /// The table in a text that messages call `name`; a field without quotes is what YAML would make of it (`12`, `0.5`, `true`, nothing), one in quotes is text.
    static func table(_ text: String, named name: String) throws(Problem) -> Table {
        let records = try records(text, named: name)
        guard let header = records.first else { throw Problem(sentence: "\(name) holds no line of column names") }
        guard records.count > 1 else { throw Problem(sentence: "\(name) holds a line of column names and no rows") }
        let columns = header.map(\.text)
        for (index, column) in columns.enumerated() {
            if column.isEmpty { throw Problem(sentence: "column \(index + 1) of \(name) has no name") }
            if columns[..<index].contains(column) { throw Problem(sentence: "\(name) has two columns '\(column)'") }
        }
        var table = Table(columns: columns)
        for (index, record) in records.enumerated().dropFirst() {
            guard record.count == columns.count else {
                throw Problem(
                    sentence:
                        "row \(index) of \(name) has \(record.count == 1 ? "1 field" : "\(record.count) fields"), but there \(columns.count == 1 ? "is 1 column" : "are \(columns.count) columns")"
                )
            }
            table.append(record.map(\.scalar))
        }
        return table
    }

    /// The largest file that is read as a table, in bytes.
    private static let largestFile = 16 << 20

    /// The table in a file of the project that an option names.
    static func table(
        atPath path: String, option: String, in project: Project
    ) throws(ArgumentError) -> Table {
        let bytes: [UInt8]
        do {
            bytes = try project.bytes(ofFile: path, atMost: largestFile)
        } catch {
            throw ArgumentError(option: option, error.description)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ArgumentError(option: option, "'\(path)' is not text in UTF-8")
        }
        do {
            return try table(text, named: "'\(path)'")
        } catch {
            throw ArgumentError(option: option, error.sentence)
        }
    }

    private struct Field {
        var text = ""
        var isQuoted = false

        var scalar: Scalar {
            YAMLValue(.scalar(text, isPlain: !isQuoted), at: SourceLocation(line: 1, column: 1)).scalar ?? .string(text)
        }

        /// The field without the blanks around it, unless it stood in quotes.
        var trimmed: Field {
            guard !isQuoted else { return self }
            let kept = text.drop { $0 == " " || $0 == "\t" }
            let end = kept.lastIndex { $0 != " " && $0 != "\t" }.map { kept.index(after: $0) } ?? kept.startIndex
            return Field(text: String(kept[..<end]))
        }
    }

    private static func records(_ text: String, named name: String) throws(Problem) -> [[Field]] {
        var records: [[Field]] = []
        var record: [Field] = []
        var field = Field()
        var isOpen = false
        func isBlank(_ text: String) -> Bool { text.allSatisfy { $0 == " " || $0 == "\t" } }
        // By scalar: "\r\n" is one Character, and a combining mark must not hide a quote.
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if isOpen {
                if scalar != "\"" {
                    field.text.unicodeScalars.append(scalar)
                } else if scalars.first == "\"" {
                    field.text += "\""
                    scalars.removeFirst()
                } else {
                    isOpen = false
                }
                continue
            }
            switch scalar {
            case "\"":
                guard isBlank(field.text), !field.isQuoted else {
                    throw Problem(sentence: "row \(records.count) of \(name) has a quote inside a field without quotes")
                }
                field = Field(isQuoted: true)
                isOpen = true
            case ",":
                record.append(field.trimmed)
                field = Field()
            case "\n":
                record.append(field.trimmed)
                if record.count > 1 || field.isQuoted || !isBlank(field.text) { records.append(record) }
                (record, field) = ([], Field())
            case "\r": continue
            default:
                if field.isQuoted, scalar != " ", scalar != "\t" {
                    throw Problem(sentence: "row \(records.count) of \(name) has text after a closing quote")
                }
                if !field.isQuoted { field.text.unicodeScalars.append(scalar) }
            }
        }
        if isOpen { throw Problem(sentence: "row \(records.count) of \(name) has a quote that is not closed") }
        record.append(field.trimmed)
        if record.count > 1 || field.isQuoted || !isBlank(field.text) { records.append(record) }
        return records
    }
}
