import Commands
import Foundation
import Markdown
import Notebooks
import Store
import Testing
import TestSupport

/// Every code of `docs/diagnostics.md` with its example, run.
@Suite struct DiagnosticExampleTests {
    @Test("every code has a section, and every section is a code")
    func complete() throws {
        let sections = try DiagnosticExample.codes()
        #expect(sections == sections.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        #expect(Set(sections) == Set(DiagnosticCode.allCases.map(\.rawValue)))
        #expect(try DiagnosticExample.all().count == sections.count)
    }

    @Test("every example is told what the page says", arguments: try DiagnosticExample.all())
    func example(_ example: DiagnosticExample) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let above = URL(fileURLWithPath: folder).deletingLastPathComponent().resolvingSymlinksInPath().path
        let found = try Self.problems(of: example, in: folder).replacing(folder, with: "…")
            .replacing("'\(above)'", with: "'/projects'")
        #expect(found == example.expected)
        #expect(found.contains("[\(example.code)]"))
    }

    private static func problems(of example: DiagnosticExample, in folder: String) throws -> String {
        let text = example.notebook
        let bytes = example.words.contains("latin-1") ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
        var overrides: [(String, String)] = []
        if let parts = example.setting?.split(separator: "=").map(String.init) {
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
