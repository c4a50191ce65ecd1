import Foundation

/// Standard error: messages and progress; results go to files, and their paths to standard output.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    static func say(_ text: String) { write(text + "\n") }

    /// Prints rows of texts, each column as wide as its longest text.
    static func list(_ rows: [[String]]) {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        for row in rows {
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            print(padded.dropLast().map { $0 + "  " }.joined() + (row.last ?? ""))
        }
    }

    /// Writes as it is; that nobody reads it is no reason to stop.
    static func write(_ text: String) { _ = Descriptor.write(text, to: STDERR_FILENO) }
}

/// Writing to an open file, signals or not.
enum Descriptor {
    /// Whether all of the text was written.
    static func write(_ text: String, to descriptor: Int32) -> Bool { write(Array(text.utf8), to: descriptor) }

    /// Whether all of the bytes were written.
    static func write(_ all: [UInt8], to descriptor: Int32) -> Bool {
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return false }
            bytes = bytes.dropFirst(max(count, 0))
        }
        return true
    }
}
