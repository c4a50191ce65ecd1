import Foundation

/// The reports that lie in a folder, as their own pages tell: the head of each page is all that is read.
public struct ReportFolder: Sendable {
    private let path: String

    /// The head of a page, without its style sheet, is far below this many bytes.
    private static let headBytes = 16_384

    /// The folder at a path.
    public init(_ path: String) {
        self.path = path
    }

    /// The reports in the folder by file name; other pages and the index itself are left out.
    /// - Throws: what the system objects to.
    public func entries() throws -> [IndexRenderer.Entry] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".html") && $0 != "index.html" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .compactMap { name in try entry(name) }
    }

    private func entry(_ name: String) throws -> IndexRenderer.Entry? {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(path)/\(name)"))
        defer { try? file.close() }
        let bytes = try file.read(upToCount: Self.headBytes) ?? Data()
        let head = String(decoding: bytes, as: UTF8.self)
        guard head.contains(" data-patchbook=\"report\""), let title = Self.between("<title>", "</title>", in: head)
        else { return nil }
        let summary = Self.between("<meta name=\"description\" content=\"", "\">", in: head) ?? ""
        return IndexRenderer.Entry(
            title: Self.plain(title), file: name, summary: Self.plain(summary), held: Self.count("held", in: head),
            failed: Self.count("failed", in: head))
    }

    private static func count(_ name: String, in head: String) -> Int {
        between(" data-\(name)=\"", "\"", in: head).flatMap { Int($0) } ?? 0
    }

    private static func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let from = text.range(of: start)?.upperBound,
            let to = text.range(of: end, range: from..<text.endIndex)?.lowerBound
        else { return nil }
        return String(text[from..<to])
    }

    /// The text that our own pages escape, unescaped.
    private static func plain(_ html: String) -> String {
        var text = html
        for (escape, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replacing(escape, with: character)
        }
        return text
    }
}
