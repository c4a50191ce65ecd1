import Foundation
import Preview
import Synchronization
import TestSupport
import Testing

@Suite struct FileWatcherTests {
    /// A watched folder, and what was told of it.
    private final class Watched: Sendable {
        let folder: String
        let watcher: FileWatcher
        private let told: Told

        private final class Told: Sendable {
            let paths = Mutex<[Set<String>]>([])
        }

        init(_ names: [String], every interval: TimeInterval = 60) throws {
            let (folder, told) = (try Fixtures.temporaryFolder(), Told())
            self.folder = folder
            self.told = told
            watcher = FileWatcher(every: interval) { paths in told.paths.withLock { $0.append(paths) } }
            for name in names { try write(name, "old") }
            watcher.watch(Set(names.map { "\(folder)/\($0)" }), since: .now)
        }

        func write(_ name: String, _ text: String, isAtomic: Bool = false) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: isAtomic ? .atomic : [])
        }

        /// The names told of within two seconds, once `count` are.
        func names(_ count: Int) async throws -> Set<String> {
            for _ in 0..<400 {
                let names = Set(told.paths.withLock { $0.joined() }.map { String($0.dropFirst(folder.count + 1)) })
                if names.count >= count { return names }
                try await Task.sleep(for: .milliseconds(5))
            }
            return []
        }

        func forget() { told.paths.withLock { $0 = [] } }
    }

    @Test(arguments: [false, true])
    func `a file that is saved is told of, in its place or by a new file`(_ isAtomic: Bool) async throws {
        let watched = try Watched(["x.md", "y.md"])
        for text in ["new", "newer still"] {
            try watched.write("x.md", text, isAtomic: isAtomic)
            #expect(try await watched.names(1) == ["x.md"])
            watched.forget()
        }
    }

    @Test func `a file that goes and comes back is told of each time`() async throws {
        let watched = try Watched(["x.md"])
        try FileManager.default.removeItem(atPath: watched.folder + "/x.md")
        #expect(try await watched.names(1) == ["x.md"])
        watched.forget()
        try watched.write("x.md", "new")
        #expect(try await watched.names(1) == ["x.md"])
    }

    @Test func `where the system says nothing, files are looked at now and then`() async throws {
        // A file that is written through another name: its own folder sees nothing.
        let watched = try Watched(["x.md"], every: 0.05)
        let other = try Fixtures.temporaryFolder() + "/link.md"
        try FileManager.default.linkItem(atPath: watched.folder + "/x.md", toPath: other)
        try await Task.sleep(for: .milliseconds(150))
        watched.forget()
        let file = try #require(FileHandle(forWritingAtPath: other))
        try file.write(contentsOf: Data("more than before".utf8))
        #expect(try await watched.names(1) == ["x.md"])
        try file.close()
    }

    @Test func `a folder has changed when a file right inside it has`() async throws {
        let watched = try Watched([])
        try FileManager.default.createDirectory(
            atPath: watched.folder + "/model/inner", withIntermediateDirectories: true)
        try watched.write("model/a", "1")
        watched.watcher.watch([watched.folder + "/model"], since: .now)
        try watched.write("model/inner/b", "1")
        try watched.write("model/a", "22")
        #expect(try await watched.names(1) == ["model"])
        watched.forget()
        try watched.write("model/new", "1")
        #expect(try await watched.names(1) == ["model"])
    }

    @Test func `what changed before it was watched is told of`() async throws {
        let watched = try Watched([])
        let start = Date(timeIntervalSinceNow: -5)
        try watched.write("late.md", "1")
        watched.watcher.watch([watched.folder + "/late.md"], since: start)
        #expect(try await watched.names(1) == ["late.md"])
    }
}
