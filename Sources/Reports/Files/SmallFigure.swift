import Foundation

/// A report's first chart, cut out of its page for the list of reports: as a picture, without words and readings.
enum SmallFigure {
    /// How ids inside the figure begin; the list gives each report its own.
    static let prefix = "report-figure-"

    private static let canvas = "<div class=\"pb-canvas\">\n"
    private static let key = (start: "<ul class=\"pb-key\">", end: "</ul>\n")
    private static let chart = (start: "<svg class=\"pb-chart\"", end: "</svg>")
    /// A chart of more bytes would outweigh the list, and one that begins later is not looked for.
    private static let (largest, latest) = (65_536, 1 << 20)

    /// The first chart of a page; empty without any. A text token by token is none.
    static func markup(in page: Data) -> String {
        page.prefix(latest + largest).withUnsafeBytes { bytes in
            var place = end(of: canvas, in: bytes, from: 0)
            while var start = place {
                if begins(with: key.start, bytes, at: start) {
                    start = end(of: key.end, in: bytes, from: start) ?? start
                }
                if begins(with: chart.start, bytes, at: start) {
                    guard let stop = end(of: chart.end, in: bytes, from: start), stop - start <= largest else {
                        return ""
                    }
                    return small(bytes[start..<stop])
                }
                place = end(of: canvas, in: bytes, from: start)
            }
            return ""
        }
    }

    private static func begins(with text: String, _ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        bytes[start...].starts(with: text.utf8)
    }

    /// Where the next occurrence of a text ends. A list of reports has many figures, and bytes are searched faster than characters.
    private static func end(of text: String, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        var at = start
        while at + wanted.count <= bytes.count {
            if bytes[at] == wanted[0], bytes[at..<at + wanted.count].elementsEqual(wanted) { return at + wanted.count }
            at += 1
        }
        return nil
    }

    /// The figure with the ids of one report of the list.
    static func markup(_ figure: String, number: Int) -> String {
        replacing(prefix, with: "report-\(number)-", in: Array(figure.utf8))
    }

    private static func replacing(_ text: String, with other: String, in figure: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(figure.count)
        figure.withUnsafeBytes { bytes in
            var from = 0
            while let end = end(of: text, in: bytes, from: from) {
                out += bytes[from..<end - text.utf8.count]
                out += other.utf8
                from = end
            }
            out += bytes[from...]
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The elements that our charts consist of.
    private static let elements = ["text", "path", "g", "svg", "title", "desc", "rect", "defs", "pattern"]

    private static func small(_ figure: UnsafeRawBufferPointer.SubSequence) -> String {
        // Whoever wrote the page: nothing but a drawing may come into the list.
        let isDrawing = figure.split(separator: UInt8(ascii: "<")).allSatisfy { tag in
            let name = tag.drop { $0 == UInt8(ascii: "/") }.prefix { $0 | 0x20 >= UInt8(ascii: "a") }
            return elements.contains { $0.utf8.elementsEqual(name) }
        }
        guard isDrawing else { return "" }
        var left = Array(figure)
        for (start, end) in [(" data-readings='", "'"), ("<title", "</title>"), ("<desc", "</desc>")] {
            if let cut = range(start, end, in: left) { left.removeSubrange(cut) }
        }
        guard let role = range("role=\"img\" aria-labelledby=\"", "\"", in: left) else { return "" }
        // `figure-3-title figure-3-desc`
        let ids = left[role].split(separator: UInt8(ascii: "\"")).last ?? []
        let id = String(decoding: ids.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        left.replaceSubrange(role, with: "aria-hidden=\"true\"".utf8)
        guard id.hasSuffix("title") else { return "" }
        return replacing(String(id.dropLast("title".count)), with: prefix, in: left)
    }

    private static func range(_ start: String, _ end: String, in bytes: [UInt8]) -> Range<Int>? {
        bytes.withUnsafeBytes { bytes in
            guard let from = Self.end(of: start, in: bytes, from: 0), let to = Self.end(of: end, in: bytes, from: from)
            else { return nil }
            return from - start.utf8.count..<to
        }
    }
}
