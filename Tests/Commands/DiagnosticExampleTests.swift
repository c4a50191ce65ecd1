import Commands
import Foundation
import Markdown
import Notebooks
import Store
import Testing
import TestSupport

/// Every code of `docs/diagnostics.md` with its example, run.
@Suite struct DiagnosticExampleTests {
    /// One section of the page: a code, and the notebook with what it is told.
    struct Example: Sendable, CustomTestStringConvertible {
        let code: String
        /// What stands after `markdown` in the fence's info string: parameters and how the text is to be read.
        let words: [String]
        let notebook: String
        /// `refs.bib` beside it.
        let bibliography: String?
        let expected: String
        var testDescription: String { code }
    }

    static func page() throws -> String {
        String(decoding: try Fixtures.bytes(Fixtures.repository + "/docs/diagnostics.md"), as: UTF8.self)
    }

    static func examples() throws -> [Example] {
        try page().split(separator: "\n## ").dropFirst().compactMap { section in
            guard
                let match = section.firstMatch(
                    of:
                        /````markdown([^\n]*)\n(?s:(.*?))\n````\n\n(?:````bibtex\n(?s:(.*?))\n````\n\n)?```text\n(?s:(.*?))\n```/
                )
            else { return nil }
            return Example(
                code: String(section.prefix { $0 != "\n" }),
                words: match.1.split(separator: " ").map(String.init), notebook: String(match.2) + "\n",
                bibliography: match.3.map { String($0) + "\n" }, expected: String(match.4))
        }
    }

    @Test("every code has a section, and every section is a code")
    func complete() throws {
        let sections = try Self.page().split(separator: "\n## ").dropFirst().map { String($0.prefix { $0 != "\n" }) }
        #expect(sections == sections.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        #expect(Set(sections) == Set(DiagnosticCode.allCases.map(\.rawValue)))
        #expect(try Self.examples().count == sections.count)
    }

    @Test("every example is told what the page says", arguments: try examples())
    func example(_ example: Example) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let above = URL(fileURLWithPath: folder).deletingLastPathComponent().resolvingSymlinksInPath().path
        let found = try Self.problems(of: example, in: folder).replacing(folder, with: "…")
            .replacing("'\(above)'", with: "'/projects'")
        #expect(found == example.expected)
        #expect(found.contains("[\(example.code)]"))
    }

    private static func problems(of example: Example, in folder: String) throws -> String {
        var text = example.notebook
        if let times = example.words.firstIndex(of: "times") {
            text = String(repeating: String(text.dropLast()), count: Int(example.words[times - 1]) ?? 0) + "\n"
        }
        let bytes = example.words.contains("latin-1") ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
        var overrides: [(String, String)] = []
        if let flag = example.words.firstIndex(of: "-P") {
            let parts = example.words[flag + 1].split(separator: "=").map(String.init)
            overrides.append((parts[0], parts[1]))
        }
        let project = Project(notebookFolder: folder, root: folder)
        if let works = example.bibliography {
            try Data(works.utf8).write(to: URL(fileURLWithPath: folder + "/refs.bib"))
        }
        do {
            var session = Session(
                catalogue: example.words.contains("samples") ? .samples : .standard, project: project,
                overrides: overrides)
            _ = try session.update(SourceText(name: "x.md", bytes: bytes)).sound()
            if example.words.contains("render") { return "\(session.run().problems)" }
            if example.words.contains("frozen") { return "\(session.run(Session.Policy(isFrozen: true)).problems)" }
            if example.words.contains("full-disk") {
                return "\(session.run(keeping: try fullStore(in: folder)).problems)"
            }
            return "\(session.analysis.problems)"
        } catch { return "\(error)" }
    }

    /// A store that cannot take one more result: SQLite itself finds no page for it.
    private static func fullStore(in folder: String) throws -> Store {
        let store = try Store(folder: folder + "/.patchbook", pageLimit: 1)
        for number in 0... {
            do {
                try store.keep(KeptResult(digest: "", bytes: []), as: "\(number)")
            } catch is StoreError { break }
        }
        return store
    }
}
