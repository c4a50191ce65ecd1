import Foundation
import Notebooks
import TestSupport
import Testing

@Suite struct ProjectTests {
    private let files = FileManager.default

    /// A folder with symbolic links resolved, holding `project/.git`, `project/notebooks` and `outside/secret.txt`.
    private func workplace() throws -> String {
        let folder = URL(fileURLWithPath: try Fixtures.temporaryFolder()).resolvingSymlinksInPath().path
        for inner in ["project/.git", "project/notebooks/data", "outside", "lone/notebooks"] {
            try files.createDirectory(atPath: "\(folder)/\(inner)", withIntermediateDirectories: true)
        }
        try "secret".write(toFile: "\(folder)/outside/secret.txt", atomically: true, encoding: .utf8)
        return folder
    }

    @Test func pathsAreRelativeToTheNotebookAndStayInItsProject() throws {
        let folder = try workplace()
        let project = Project(notebookFolder: "\(folder)/project/notebooks")
        #expect(project.root == "\(folder)/project")
        #expect(try project.resolve("data/x.jsonl") == "\(folder)/project/notebooks/data/x.jsonl")
        #expect(try project.resolve("../models/./a/../b") == "\(folder)/project/models/b")
        #expect(try project.resolve("\(folder)/project/y") == "\(folder)/project/y")
        #expect(try project.resolve("..") == "\(folder)/project")
        for path in [
            "../../outside/secret.txt", "\(folder)/outside/secret.txt", "/etc/passwd", "../../project2",
            "data/../../../x", "/",
        ] {
            #expect(throws: PathError.self) { try project.resolve(path) }
        }
    }

    @Test func theRootIsTheNearestMarkElseTheNotebooksOwnFolder() throws {
        let folder = try workplace()
        #expect(Project(notebookFolder: "\(folder)/lone/notebooks").root == "\(folder)/lone/notebooks")
        try "".write(toFile: "\(folder)/lone/patchbook.yml", atomically: true, encoding: .utf8)
        #expect(Project(notebookFolder: "\(folder)/lone/notebooks").root == "\(folder)/lone")
        #expect(Project(notebookFolder: "\(folder)/lone/notebooks", root: folder).root == folder)
    }

    @Test func linksThatLeadOutsideAreFollowedAndRefused() throws {
        let folder = try workplace()
        let notebooks = "\(folder)/project/notebooks"
        for (name, target) in [
            ("out", "../../outside"), ("chain", "out"), ("absolute", "/etc"), ("inside", "data"),
            ("dangling", "../../outside/none"),
            ("loop", "loop"),
        ] {
            try files.createSymbolicLink(atPath: "\(notebooks)/\(name)", withDestinationPath: target)
        }
        let project = Project(notebookFolder: notebooks)
        #expect(try project.resolve("inside/x") == "\(notebooks)/data/x")
        #expect(try project.resolve("loop") == "\(notebooks)/loop")
        for path in [
            "out/secret.txt", "chain/secret.txt", "absolute/passwd", "dangling", "out/../project/../outside/secret.txt",
        ] {
            #expect(throws: PathError.self) { try project.resolve(path) }
        }
        // The system resolves `..` after the link, and so does the project.
        #expect(throws: PathError.self) { try project.resolve("out/..") }
    }

    @Test func anAllowedPathMayBeRead() throws {
        let folder = try workplace()
        let project = Project(notebookFolder: "\(folder)/project/notebooks", allowed: ["\(folder)/outside"])
        #expect(try project.resolve("../../outside/secret.txt") == "\(folder)/outside/secret.txt")
        #expect(throws: PathError.self) { try project.resolve("../../outsider") }
    }

    @Test func theErrorSaysWhatToDo() {
        let project = Project(notebookFolder: "/tmp/patchbook-none/notebooks", root: "/tmp/patchbook-none")
        do {
            _ = try project.resolve("../../other/x.txt")
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.description == "the path '../../other/x.txt' leads outside the project's folder")
            #expect(error.help == "if that is meant, allow it with --allow-path '/tmp/other'")
        }
        #expect(PathError(path: "", target: nil).description == "the path is empty")
        #expect(throws: PathError(path: "a\0b", target: nil)) { try project.resolve("a\0b") }
        #expect(PathError(path: "a\0b", target: nil).description == "the path holds a NUL character")
    }
}
