import Foundation
import GRDB
import GRDBSQLite
import Notebooks

/// Results in one SQLite file, `.patchbook/store.sqlite`, in transactions; any number of processes may share it.
public final class Store: Sendable {
    let queue: DatabaseQueue
    let folder: StoreFolder
    /// Told what a user should know and cannot see: a store set aside, a damaged result.
    let notice: @Sendable (String) -> Void
    private let patience: TimeInterval
    /// Nil where the store itself is used.
    private let copy: StoreCopy?

    /// How a store is used.
    public enum Access: Sendable {
        case writing
        /// Nothing is to be kept; a store that cannot be written is copied.
        case reading
        /// A copy on this machine, however many others read the store; what is kept is lost at the end.
        case copy
    }

    /// Opens the store in a folder, and makes both when they are not there.
    ///
    /// A file of another schema version, or one that is not a sound database, is renamed and a new one begun.
    /// - Parameters:
    ///   - path: the folder, `.patchbook`.
    ///   - access: whether the store may be changed.
    ///   - patience: how long to wait for another process, in seconds.
    ///   - pageLimit: the most pages of 4096 bytes that the file may have; nil for any number.
    /// - Throws: ``StoreError``.
    public init(
        folder path: String, access: Access = .writing, patience: TimeInterval = 10, pageLimit: Int? = nil,
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let original = StoreFolder(path: path)
        let copy = access == .copy || access == .reading && !original.isWritable ? try original.copied() : nil
        self.copy = copy
        let folder = copy?.folder ?? original
        try folder.make()
        self.folder = folder
        self.notice = notice
        self.patience = patience
        queue = try folder.locked(patience: patience) {
            try Self.mapped(folder, patience) {
                if let reason = try Self.unfit(folder, patience) {
                    let name = try folder.setAside(as: reason.suffix)
                    notice(
                        "\(original.database) \(reason.words): "
                            + (copy == nil
                                ? "it was renamed to \(name), and a new store begun" : "nothing of it is used"))
                }
                let queue = try Self.open(folder, patience)
                try queue.write { database in
                    if try StoreSchema.kind(of: database) == .empty { try StoreSchema.create(in: database) }
                }
                if let pageLimit {
                    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
                }
                return queue
            }
        }
    }

    /// The library that keeps results, with its version: `SQLite 3.40.1`.
    public static var library: String { "SQLite " + String(cString: sqlite3_libversion()) }

    /// Ends the use of the store; a copy that was made to be read goes away.
    public func close() {
        try? queue.close()
        copy?.delete()
    }

    private static func open(_ folder: StoreFolder, _ patience: TimeInterval) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        return try DatabaseQueue(path: folder.database, configuration: configuration)
    }

    /// Why the file that is there cannot be used; nil when it can, or when there is none.
    private static func unfit(
        _ folder: StoreFolder, _ patience: TimeInterval
    ) throws -> (suffix: String, words: String)? {
        guard FileManager.default.fileExists(atPath: folder.database) else { return nil }
        do {
            let queue = try open(folder, patience)
            let kind = try queue.read { try StoreSchema.kind(of: $0) }
            try queue.close()
            switch kind {
            case .current, .empty: return nil
            case .otherVersion(let version):
                return (
                    "schema-\(version)",
                    "is of schema version \(version), and this release of Patchbook reads \(StoreSchema.version)"
                )
            case .foreign: return ("foreign", "is the database of another program")
            }
        } catch let error as DatabaseError
            where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode)
        {
            return ("damaged", "is damaged (\(error.message ?? "it is not a database"))")
        }
    }

    /// Reads or writes in one transaction.
    /// - Throws: ``StoreError`` for whatever SQLite objects to.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.mapped(folder, patience) { try queue.write(body) }
    }

    /// Reads.
    /// - Throws: ``StoreError`` for whatever SQLite objects to.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.mapped(folder, patience) { try queue.read(body) }
    }

    /// Runs what cannot run in a transaction.
    func outsideTransaction(_ body: (Database) throws -> Void) throws {
        try Self.mapped(folder, patience) { try queue.writeWithoutTransaction(body) }
    }

    /// Waits for the transaction that is under way, and then runs `body`, after which nobody uses the store again.
    public func stop(_ body: () -> Void) {
        queue.writeWithoutTransaction { _ in
            copy?.delete()
            body()
        }
    }

    private static func mapped<Result>(
        _ folder: StoreFolder, _ patience: TimeInterval, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw storeError(error, folder, patience)
        }
    }

    private static func storeError(
        _ error: DatabaseError, _ folder: StoreFolder, _ patience: TimeInterval
    ) -> StoreError {
        let words = error.message ?? "SQLite's code \(error.extendedResultCode.rawValue)"
        let safe = "what was kept before is safe: make room, and render again"
        switch error.resultCode {
        case .SQLITE_FULL:
            return StoreError(path: folder.database, problem: "cannot grow: the disk is full", help: safe)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreFolder.busy(folder.database, patience)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: return folder.unwritable(words)
        case .SQLITE_IOERR:
            return StoreError(
                path: folder.database, problem: "cannot be read or written (\(words))",
                help: "is the disk full, or a limit on file sizes reached? \(safe)")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError(
                path: folder.database, problem: "is damaged (\(words))", help: "rename it, and render again")
        default: return StoreError(path: folder.database, problem: "cannot be used (\(words))")
        }
    }
}
