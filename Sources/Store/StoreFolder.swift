import Foundation
import Notebooks

/// The folder that a store lies in, `.patchbook`, and its lock.
struct StoreFolder: Sendable {
    let path: String

    var database: String { path + "/store.sqlite" }

    /// Makes the folder, with a `.gitignore` that keeps it out of version control; a folder of the store's own name that was made
    /// for something else, such as parts, receives one too.
    /// - Throws: ``StoreError`` when the system objects, or the folder is a link, which might lead anywhere.
    func make() throws {
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw StoreError(
                    path: path, problem: "is not a folder of its own", help: "move it away, or give --store")
            }
            let isOwn = (path as NSString).lastPathComponent == ".patchbook"
            guard isOwn, !FileManager.default.fileExists(atPath: database), isWritable else { return }
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("*\n".utf8).write(to: URL(fileURLWithPath: path + "/.gitignore"))
        } catch {
            throw unwritable(error.systemReason)
        }
    }

    /// Whether files can be made in the folder, or in the one above it when it is not there yet.
    var isWritable: Bool {
        let exists = FileManager.default.fileExists(atPath: path)
        return access(exists ? path : (path as NSString).deletingLastPathComponent, W_OK) == 0
    }

    /// Runs `body` while no other process opens the store.
    /// - Throws: ``StoreError`` when another process holds the lock for longer than `patience`.
    func locked<Result>(patience: TimeInterval, _ body: () throws -> Result) throws -> Result {
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw unwritable(SystemReason().text) }
        defer { close(descriptor) }
        let deadline = Date(timeIntervalSinceNow: patience)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw unwritable(SystemReason().text) }
            guard Date() < deadline else { throw Self.busy(database, patience) }
            usleep(20_000)
        }
        return try body()
    }

    /// Gives a file and what SQLite keeps beside it another name, in the same folder.
    /// - Returns: the new name.
    func setAside(as reason: String) throws -> String {
        var name = "store.sqlite.\(reason)"
        var number = 1
        while FileManager.default.fileExists(atPath: path + "/" + name) {
            number += 1
            name = "store.sqlite.\(reason)-\(number)"
        }
        for ending in ["", "-wal", "-shm"] {
            let (from, to) = (database + ending, path + "/" + name + ending)
            if rename(from, to) != 0, errno != ENOENT { throw unwritable(SystemReason().text) }
        }
        return name
    }

    /// A copy in a folder of its own, for a store that others write to, or that can only be read.
    func copied() throws -> StoreCopy {
        let copy = try StoreCopy()
        do {
            for _ in 0..<50 {
                let before = states
                // What is written from here on has later times.
                usleep(10_000)
                for ending in Self.endings {
                    let file = copy.folder.database + ending
                    try? FileManager.default.removeItem(atPath: file)
                    if FileManager.default.fileExists(atPath: database + ending) {
                        try FileManager.default.copyItem(atPath: database + ending, toPath: file)
                    }
                }
                // Halves of two states are no database.
                if states == before { return copy }
            }
        } catch {
            copy.delete()
            throw unreadable(error.systemReason)
        }
        copy.delete()
        throw unreadable("another process writes to it all the time")
    }

    private static let endings = ["", "-wal"]

    private var states: [FileStatus?] { Self.endings.map { FileStatus(database + $0) } }

    private func unreadable(_ reason: String) -> StoreError {
        StoreError(path: database, problem: "cannot be copied to be read: \(reason)")
    }

    func unwritable(_ reason: String) -> StoreError {
        StoreError(
            path: database, problem: "cannot be written: \(reason)",
            help: "--store FOLDER keeps results elsewhere, --no-store nowhere; --frozen only reads")
    }

    static func busy(_ path: String, _ patience: TimeInterval) -> StoreError {
        StoreError(
            path: path, problem: "is locked by another process (waited \(Int(patience.rounded(.up))) s)",
            help: "wait for that process to end, and render again: what is done is kept")
    }
}
