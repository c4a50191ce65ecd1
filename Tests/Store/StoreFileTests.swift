import Foundation
import Markdown
import Notebooks
import Store
import Synchronization
import Testing
import TestSupport

/// What can happen to the store's file, and what the user is told.
@Suite struct StoreFileTests {
    private let fixture: StoreFixture
    private static let notebook = "```{mix}\nid: m\n```\n"

    init() throws { fixture = try StoreFixture() }

    /// Opens the store, and gives what it said.
    private func notices() throws -> [String] {
        let said = Mutex<[String]>([])
        let folder = fixture.storeFolder
        let store = try Store(folder: folder) { text in
            said.withLock { $0.append(text.replacing(folder + "/", with: "")) }
        }
        #expect(try fixture.notebook(Self.notebook).run(keeping: store).ran == ["m"])
        return said.withLock { $0 }
    }

    private func keepOne() throws {
        #expect(try fixture.notebook(Self.notebook).run(keeping: try fixture.store()).ran == ["m"])
        #expect(try fixture.notebook(Self.notebook).run(keeping: try fixture.store()).ran == [])
    }

    /// Runs SQL with another connection, as another release or program would.
    private func sqlite(_ sql: String) throws {
        try #require(SQLiteFile(fixture.storeFolder + "/store.sqlite")).run(sql)
    }

    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: fixture.storeFolder)
                .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
        }
    }

    @Test func `a new store keeps itself out of version control`() throws {
        try keepOne()
        #expect(try names == [".gitignore", "lock", "store.sqlite"])
        #expect(try fixture.read(".gitignore") == Array("*\n".utf8))
    }

    @Test func `a store of another schema version is renamed, not read and not lost`() throws {
        try keepOne()
        try sqlite("PRAGMA user_version = 7")
        #expect(
            try notices() == [
                "store.sqlite is of schema version 7, and this release of Patchbook reads 1: "
                    + "it was renamed to store.sqlite.schema-7, and a new store begun"
            ])
        try sqlite("PRAGMA user_version = 7")
        #expect(try notices()[0].contains("renamed to store.sqlite.schema-7-2"))
        #expect(try names.contains("store.sqlite.schema-7"))
    }

    @Test func `a file that is not a database is renamed, and so is another program's`() throws {
        try FileManager.default.createDirectory(atPath: fixture.storeFolder, withIntermediateDirectories: true)
        try fixture.write(".patchbook/store.sqlite", String(repeating: "no database ", count: 1000))
        #expect(
            try notices() == [
                "store.sqlite is damaged (file is not a database): "
                    + "it was renamed to store.sqlite.damaged, and a new store begun"
            ])
        try FileManager.default.removeItem(atPath: fixture.storeFolder + "/store.sqlite")
        for ending in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.storeFolder + "/store.sqlite" + ending)
        }
        try sqlite("CREATE TABLE theirs (x)")
        #expect(try notices()[0].hasPrefix("store.sqlite is the database of another program: it was renamed"))
    }

    @Test func `a result whose bytes changed is told of and computed again`() throws {
        try keepOne()
        try sqlite("UPDATE result SET bytes = x'00'")
        let said = try notices()
        #expect(said.count == 1)
        #expect(
            said[0].hasPrefix("store.sqlite: the result ") && said[0].hasSuffix("… is damaged and is computed again"))
    }

    @Test func `a store that another process holds is an error after a while, and nothing is lost`() throws {
        try keepOne()
        let other = try #require(SQLiteFile(fixture.storeFolder + "/store.sqlite"))
        try other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM result")
        let error = #expect(throws: StoreError.self) { try fixture.store(patience: 0.2) }
        #expect(error?.problem == "is locked by another process (waited 1 s)")
        try other.run("ROLLBACK")
        other.close()
        #expect(try fixture.notebook(Self.notebook).run(keeping: try fixture.store()).ran == [])
    }

    @Test func `a writer that waits too long says so at the notebook`() throws {
        try keepOne()
        let store = try fixture.store(patience: 0.2)
        let other = try #require(SQLiteFile(fixture.storeFolder + "/store.sqlite"))
        try other.run("BEGIN IMMEDIATE")
        let sample = fixture.notebook("```{mix}\nid: new\n a: 3\n```\n".replacing("\n a", with: "\na"))
        let problems = #expect(throws: Diagnostics.self) { try sample.run(keeping: store) }
        #expect(problems?.description.contains("is locked by another process") == true)
        #expect(problems?.description.contains("[store-failed]") == true)
    }

    @Test func `a full disk is an error that says so, and what was kept is still there`() throws {
        try keepOne()
        let full = try fixture.store(pageLimit: 13)
        let problems = #expect(throws: Diagnostics.self) {
            for number in 0..<100 {
                _ = try fixture.notebook("```{mix}\nid: m\na: \(number + 1)\nparts: 20\n```\n").run(keeping: full)
            }
        }
        #expect(problems?.description.contains("cannot grow: the disk is full [store-failed]") == true)
        #expect(problems?.description.contains("help: what was kept before is safe") == true)
        #expect(try fixture.notebook(Self.notebook).run(keeping: try fixture.store()).ran == [])
    }

    @Test func `a store's folder that is a link or a file is refused`() throws {
        try FileManager.default.createSymbolicLink(atPath: fixture.storeFolder, withDestinationPath: "/tmp")
        let error = #expect(throws: StoreError.self) { try fixture.store() }
        #expect(error?.description.hasSuffix(".patchbook' is not a folder of its own") == true)
    }

    @Test func `many renders at once share a store, and each finds what the others kept`() async throws {
        let fixture = fixture
        let texts = (0..<4).map { first in
            (0..<6).map { "```{mix}\nid: m\($0)\na: \(first * 3 + $0)\nparts: 4\n```\n" }.joined()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in texts + texts {
                group.addTask { _ = try fixture.notebook(text).run(keeping: try fixture.store()) }
            }
            try await group.waitForAll()
        }
        let store = try fixture.store()
        for text in texts { #expect(try fixture.notebook(text).run(keeping: store).ran == []) }
        #expect(try store.entries().allSatisfy { $0.units == 0 })
        #expect(try #require(SQLiteFile(fixture.storeFolder + "/store.sqlite")).faults() == ["ok"])
    }
}
