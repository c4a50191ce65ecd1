/// One record of CSV, RFC 4180. As in Python's `csv`, a quote opens a quoted part only where a field begins; elsewhere it is a
/// character like any other.
enum CSVRow {
    /// Where in a field the last byte was.
    enum Place {
        case start, plain, quoted
        /// After a quote inside quotes, which ends them or is the first of two.
        case quote

        /// Goes on by a byte.
        /// - Returns: whether the byte belongs to the field's text.
        mutating func take(_ byte: UInt8) -> Bool {
            switch (self, byte) {
            case (.start, UInt8(ascii: "\"")): self = .quoted
            case (.quoted, UInt8(ascii: "\"")): self = .quote
            case (.quoted, _): return true
            case (.quote, UInt8(ascii: "\"")):
                self = .quoted
                return true
            case (_, UInt8(ascii: ",")): self = .start
            default:
                self = .plain
                return true
            }
            return false
        }
    }

    /// The fields of a record that was cut out of its file; nil where the bytes are not UTF-8.
    static func fields(of record: [UInt8]) -> [String]? {
        var fields: [[UInt8]] = [[]]
        var place = Place.start
        for byte in record.last == UInt8(ascii: "\r") ? record.dropLast() : record[...] {
            if place.take(byte) {
                fields[fields.count - 1].append(byte)
            } else if place == .start {
                fields.append([])
            }
        }
        let texts = fields.compactMap { String(validating: $0, as: UTF8.self) }
        return texts.count == fields.count ? texts : nil
    }
}
