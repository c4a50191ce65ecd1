import Foundation
import JSON
import TestSupport
import Testing

/// The extension for VS Code, in `editors/vscode`.
@Suite struct ExtensionTests {
    private static let folder = Fixtures.repository + "/editors/vscode"

    /// What a program says and ends with.
    private static func run(_ arguments: [String]) throws -> (code: Int32, said: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    private static func isInstalled(_ program: String) -> Bool { (try? run([program, "--version"]))?.code == 0 }

    @Test(.enabled(if: isInstalled("node")))
    func `the extension and the server understand each other`() throws {
        let program = Fixtures.repository + "/.build/release/patchbook"
        let ending = try Self.run(["node", Self.folder + "/check.js", program, try Fixtures.temporaryFolder()])
        #expect(ending.code == 0, "\(ending.said)")
        #expect(ending.said == "the extension and the server understand each other\n")
    }

    @Test(.enabled(if: isInstalled("python3")))
    func `the extension is packed with all that it names`() throws {
        let file = try Fixtures.temporaryFolder() + "/x.vsix"
        let packed = try Self.run(["python3", Self.folder + "/package.py", file])
        #expect(packed.code == 0, "\(packed.said)")
        let list = try Self.run(["python3", "-m", "zipfile", "-l", file]).said
        let package = try JSON.parse(try Fixtures.bytes(Self.folder + "/package.json"))
        let grammars = try #require(package["contributes"]?["grammars"]?.array).compactMap { $0["path"]?.string }
        for name in ["./package.json", try #require(package["main"]?.string)] + grammars {
            #expect(list.contains("extension/" + name.dropFirst(2)), "\(list)")
        }
        #expect(list.contains("extension.vsixmanifest") && list.contains("[Content_Types].xml"))
    }

    @Test func `the extension has the program's version`() throws {
        let package = try JSON.parse(try Fixtures.bytes(Self.folder + "/package.json"))
        let version = try #require(package["version"]?.string)
        #expect(try Program("").run("--version").output.contains(version))
    }
}
