import Digests
import Foundation
import GRDB
import Notebooks

extension Store {
    /// The digest of a file, from memory while the file is what it was: same place, size, inode and times.
    /// - Throws: `FileDigestError` for a file that cannot be read, ``StoreError`` for the store.
    public func digest(ofFile path: String) throws -> String {
        guard let before = FileStatus(path) else { return try SHA256.digest(ofFile: path).hex }
        let known = try read { database in
            try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT device, inode, size, modified, changed, digest FROM file WHERE path = ?"),
                arguments: [path])
        }
        if let known, FileStatus(known) == before { return known["digest"] }
        let started = Self.now
        let digest = try SHA256.digest(ofFile: path).hex
        // A file that was written just now could be written again without its times telling. Times in the future are another clock's.
        guard before == FileStatus(path), abs(before.latest - started) > 2 else { return digest }
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO file (path, device, inode, size, modified, changed, digest)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    path, before.device, before.inode, before.size, before.modified, before.changed, digest,
                ])
        }
        return digest
    }
}

/// What tells that a file is still the one that was digested.
struct FileStatus: Equatable {
    let device: Int
    let inode: Int
    let size: Int
    /// Of the bytes and of the file's entry, in nanoseconds since 1970.
    let modified: Int
    let changed: Int

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        func nanoseconds(_ time: timespec) -> Int { Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec) }
        device = Int(truncatingIfNeeded: status.st_dev)
        inode = Int(truncatingIfNeeded: status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            modified = nanoseconds(status.st_mtimespec)
            changed = nanoseconds(status.st_ctimespec)
        #else
            modified = nanoseconds(status.st_mtim)
            changed = nanoseconds(status.st_ctim)
        #endif
    }

    init(_ row: Row) {
        device = row["device"]
        inode = row["inode"]
        size = row["size"]
        modified = row["modified"]
        changed = row["changed"]
    }

    /// The later of its times, in seconds.
    var latest: Int { max(modified, changed) / 1_000_000_000 }
}
