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

    /// A file of the folder that calls itself a page and could not be read.
    public struct Skipped: Sendable, Equatable, CustomStringConvertible {
        /// The file's name.
        public let file: String
        /// What is wrong with it, as the end of a sentence.
        public let problem: String

        /// One sentence.
        public var description: String { "'\(file)' is left out: it \(problem)" }
    }

    /// The reports in the folder by file name, and what could not be read; other pages and the index itself are left out.
    /// - Throws: what keeps the folder from being read.
    public func contents() throws -> (entries: [IndexRenderer.Entry], skipped: [Skipped]) {
        var entries: [IndexRenderer.Entry] = []
        var skipped: [Skipped] = []
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".html") && $0 != "index.html" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names {
            // Opening a pipe would wait for who writes into it.
            let target = URL(fileURLWithPath: "\(path)/\(name)").resolvingSymlinksInPath().path
            let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
            guard type == .typeRegular else {
                skipped.append(Skipped(file: name, problem: "is not a regular file"))
                continue
            }
            guard let bytes = Self.head(target) else {
                skipped.append(Skipped(file: name, problem: "cannot be read"))
                continue
            }
            if let entry = Self.entry(name, bytes) { entries.append(entry) }
        }
        return (entries, skipped)
    }

    private static func head(_ path: String) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return try? file.read(upToCount: headBytes) ?? Data()
    }

    private static func entry(_ name: String, _ bytes: Data) -> IndexRenderer.Entry? {
        let head = String(decoding: bytes, as: UTF8.self)
        guard head.contains(" data-patchbook=\"report\""), let title = between("<title>", "</title>", in: head)
        else { return nil }
        let summary = between("<meta name=\"description\" content=\"", "\">", in: head) ?? ""
        return IndexRenderer.Entry(
            title: plain(title), file: name, summary: plain(summary), held: count("held", in: head),
            failed: count("failed", in: head))
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
