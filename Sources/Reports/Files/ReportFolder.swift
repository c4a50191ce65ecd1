import Foundation
import JSON
import Notebooks

/// The reports in a folder, read from their own pages.
public struct ReportFolder: Sendable {
    private let path: String

    /// The head of a page up to its title, which stands before style sheet and script, is far below this many bytes.
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

        /// A file with what is wrong.
        public init(file: String, problem: String) {
            self.file = file
            self.problem = problem
        }

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
            // Only what is looked at is read: the head, and the page up to its first chart.
            guard let page = try? Data(contentsOf: URL(fileURLWithPath: target), options: .alwaysMapped) else {
                skipped.append(Skipped(file: name, problem: "cannot be read"))
                continue
            }
            if let entry = Self.entry(name, page) { entries.append(entry) }
        }
        return (entries, skipped)
    }

    private static let titleEnd = Data("</title>".utf8)

    /// What the list of reports shows of a page; nil for a page that is no report.
    public static func entry(_ name: String, _ page: Data) -> IndexRenderer.Entry? {
        let bytes = page.prefix(headBytes)
        let head = String(decoding: bytes[..<(bytes.range(of: titleEnd)?.upperBound ?? bytes.endIndex)], as: UTF8.self)
        guard head.contains(" data-patchbook=\"report\""), let title = between("<title>", "</title>", in: head)
        else { return nil }
        let summary = between("<meta name=\"description\" content=\"", "\">", in: head) ?? ""
        return IndexRenderer.Entry(
            title: plain(title), file: name, summary: plain(summary), headline: headline(in: head),
            claims: ClaimTally(data: between(" data-claims=\"", "\"", in: head) ?? ""),
            missing: plain(between(" data-missing=\"", "\"", in: head) ?? ""), figure: SmallFigure.markup(in: page))
    }

    private static func headline(in head: String) -> [IndexRenderer.Entry.Headline] {
        guard let text = between(" data-headline=\"", "\"", in: head), let json = try? JSON.parse(plain(text)),
            let pairs = json.array
        else { return [] }
        return pairs.compactMap { pair in
            guard let texts = pair.array?.compactMap(\.string), texts.count == 2 else { return nil }
            return IndexRenderer.Entry.Headline(name: texts[0], value: texts[1])
        }
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
