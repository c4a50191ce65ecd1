import Foundation
import Notebooks

/// A folder for a copy of a store, with a lock that its process holds until it ends, however it ends.
struct StoreCopy: Sendable {
    let folder: StoreFolder
    private let lock: Int32

    private static let prefix = "patchbook-store-"
    private static var place: String { FileManager.default.temporaryDirectory.path }

    /// Makes the folder, and deletes those of processes that were killed.
    /// - Throws: ``StoreError``.
    init() throws {
        Self.sweep()
        let name = UUID().uuidString
        // Under another name until it is locked, so that no task takes it for an abandoned one.
        let (new, path) = ("\(Self.place)/patchbook-\(name)", "\(Self.place)/\(Self.prefix)\(name)")
        var lock: Int32 = -1
        do {
            try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
            lock = open(new + "/owner", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, rename(new, path) == 0 else { throw SystemReason() }
        } catch let cause {
            if lock >= 0 { close(lock) }
            try? FileManager.default.removeItem(atPath: new)
            throw StoreError(
                .folder, path: Self.place, problem: "cannot hold a copy of the store: \(cause.systemReason)",
                help: "set TMPDIR to a folder that can be written")
        }
        self.lock = lock
        folder = StoreFolder(path: path)
    }

    /// Deletes the folder with all that is in it.
    func delete() {
        try? FileManager.default.removeItem(atPath: folder.path)
        close(lock)
    }

    private static func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(prefix) {
            let lock = open("\(place)/\(name)/owner", O_RDWR | O_CLOEXEC)
            guard lock >= 0 else { continue }
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: "\(place)/\(name)") }
            close(lock)
        }
    }
}
