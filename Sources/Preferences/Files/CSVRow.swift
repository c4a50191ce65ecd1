/// One record of CSV, RFC 4180.
enum CSVRow {
    /// The fields of a record that was cut out of its file; nil where the bytes are not UTF-8.
    static func fields(of record: [UInt8]) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var isInQuotes = false
        var hasClosedQuote = false
        func finish() -> Bool {
            guard let text = String(validating: field, as: UTF8.self) else { return false }
            fields.append(text)
            field.removeAll(keepingCapacity: true)
            hasClosedQuote = false
            return true
        }
        var bytes = record[...]
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        for byte in bytes {
            if byte == UInt8(ascii: "\"") {
                // Two quotes inside quotes are one.
                if !isInQuotes, hasClosedQuote { field.append(byte) }
                if isInQuotes { hasClosedQuote = true }
                isInQuotes.toggle()
            } else if byte == UInt8(ascii: ","), !isInQuotes {
                guard finish() else { return nil }
            } else {
                field.append(byte)
            }
        }
        return finish() ? fields : nil
    }
}
