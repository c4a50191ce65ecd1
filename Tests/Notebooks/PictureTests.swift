import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

@Suite struct PictureTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    private static func bound(_ text: String, _ files: [String: [UInt8]]) throws -> BoundNotebook {
        let folder = try Fixtures.temporaryFolder()
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        try FileManager.default.createSymbolicLink(atPath: folder + "/link.png", withDestinationPath: "/etc/hostname")
        let project = Project(notebookFolder: folder, root: folder)
        let notebook = Notebook.parse(SourceText(name: "x.md", text: text), project: project)
        return try Binder(catalogue: .samples).bind(notebook, project: project)
    }

    private static func problem(_ source: String, _ files: [String: [UInt8]] = [:]) throws -> String {
        do {
            _ = try bound("Text ![a](\(source))\n", files)
            return ""
        } catch let problems as Diagnostics {
            return String(problems.description.prefix { $0 != "\n" })
        }
    }

    @Test func aPictureBesideTheNotebookIsPutIntoItsProse() throws {
        let bound = try Self.bound("![a](x%20y.png) ![b](https://a.example/b.png)", ["x y.png": Self.png])
        guard case .prose(let blocks) = bound.parts[0], case .paragraph(let inlines) = blocks[0],
            case .image(let source, _, _, _) = inlines[0], case .image(let other, _, _, _) = inlines[2]
        else {
            Issue.record("no pictures")
            return
        }
        #expect(source == "data:image/png;base64,iVBORw0KGgoBAgM=")
        #expect(other == "https://a.example/b.png")
    }

    @Test func whatIsNoPictureIsToldAtItsPlace() throws {
        #expect(try Self.problem("gone.png") == "x.md:1:6: error: there is no file 'gone.png' [bad-picture]")
        #expect(
            try Self.problem("a.svg", ["a.svg": Array("<svg/>".utf8)])
                == "x.md:1:6: error: 'a.svg' is no PNG, JPEG, GIF or WebP picture [bad-picture]")
        #expect(
            try Self.problem("a.png", ["a.png": Self.png + [UInt8](repeating: 0, count: 1 << 20)])
                == "x.md:1:6: error: 'a.png' holds 1048587 bytes, more than 1048576 [bad-picture]")
        #expect(
            try Self.problem("link.png")
                == "x.md:1:6: error: the path 'link.png' leads outside the project's folder [outside-project]")
        #expect(
            try Self.problem("/etc/hostname")
                == "x.md:1:6: error: the path '/etc/hostname' leads outside the project's folder [outside-project]")
        #expect(try Self.problem(".") == "x.md:1:6: error: '.' is no plain file [bad-picture]")
    }
}
