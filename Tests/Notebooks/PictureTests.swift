import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

@Suite struct PictureTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    /// A notebook in a folder with files.
    private static func sample(_ text: String, _ files: [String: [UInt8]]) throws -> SampleNotebook {
        let folder = try Fixtures.temporaryFolder()
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        try FileManager.default.createSymbolicLink(atPath: folder + "/link.png", withDestinationPath: "/etc/hostname")
        var sample = SampleNotebook(text)
        sample.project = Project(notebookFolder: folder, root: folder)
        sample.checksFiles = true
        return sample
    }

    private static func problem(_ source: String, _ files: [String: [UInt8]] = [:]) throws -> String {
        String(try sample("Text ![a](\(source))\n", files).problems.prefix { $0 != "\n" })
    }

    @Test func `a picture beside the notebook stays a path until a page is made`() throws {
        let sample = try Self.sample(
            "![a](x%20y.png) ![b](https://a.example/b.png)", ["x y.png": Self.png])
        #expect(sample.problems.isEmpty)
        var pictures = Pictures(sample.project)
        #expect(try pictures.address("x%20y.png") == "data:image/png;base64,iVBORw0KGgoBAgM=")
    }

    @Test func whatIsNoPictureIsToldAtItsPlace() throws {
        #expect(try Self.problem("gone.png") == "notebooks/x.md:1:11: error: there is no file 'gone.png' [bad-picture]")
        #expect(
            try Self.problem("a.svg", ["a.svg": Array("<svg/>".utf8)])
                == "notebooks/x.md:1:11: error: 'a.svg' is not a PNG, JPEG, GIF or WebP picture [bad-picture]")
        #expect(
            try Self.problem("a.png", ["a.png": Self.png + [UInt8](repeating: 0, count: 1 << 20)])
                == "notebooks/x.md:1:11: error: 'a.png' holds 1048587 bytes, more than 1048576 [bad-picture]")
        #expect(
            try Self.problem("link.png")
                == "notebooks/x.md:1:11: error: the path 'link.png' leads outside the project's folder [outside-project]"
        )
        #expect(
            try Self.problem("/etc/hostname")
                == "notebooks/x.md:1:11: error: the path '/etc/hostname' leads outside the project's folder [outside-project]"
        )
        #expect(try Self.problem(".") == "notebooks/x.md:1:11: error: '.' is not a regular file [bad-picture]")
    }
}
