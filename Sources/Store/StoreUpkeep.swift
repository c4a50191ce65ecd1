import Foundation
import GRDB
import Notebooks

/// What a store holds of one block.
public struct StoreEntry: Sendable, Equatable {
    /// The block; nil for a result that is not a block's latest any more.
    public let place: BlockPlace?
    /// The key, 64 hexadecimal digits.
    public let key: String
    /// The result's bytes; 0 when only parts of it are there.
    public let bytes: Int
    /// How many parts of an unfinished result there are.
    public let units: Int
    /// The bytes of those parts.
    public let unitBytes: Int
    /// When the result was made, in seconds since 1970; nil when it is not finished.
    public let made: Int?
}

extension Store {
    /// What it holds, by notebook and block, and then what no block refers to any more.
    public func entries() throws -> [StoreEntry] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT known.key AS key, run.notebook AS notebook, run.block AS block, result.made AS made,
                        coalesce(length(result.bytes), 0) AS bytes,
                        (SELECT count(*) FROM unit WHERE unit.key = known.key) AS units,
                        (SELECT coalesce(sum(length(bytes)), 0) FROM unit WHERE unit.key = known.key) AS unitBytes
                    FROM (SELECT key FROM result UNION SELECT key FROM unit) AS known
                    LEFT JOIN result ON result.key = known.key LEFT JOIN run ON run.key = known.key
                    ORDER BY run.notebook IS NULL, run.notebook, run.block, known.key
                    """
            ).map { row in
                let notebook: String? = row["notebook"]
                return StoreEntry(
                    place: notebook.map { BlockPlace(notebook: $0, block: row["block"]) }, key: row["key"],
                    bytes: row["bytes"], units: row["units"], unitBytes: row["unitBytes"], made: row["made"])
            }
        }
    }

    /// Deletes what is not needed: results that are no longer a block's latest, parts older than a day or than `days`, what belongs to
    /// notebooks that are gone, and digests of files that are gone.
    /// - Parameters:
    ///   - project: the folder that the notebooks' paths are relative to.
    ///   - days: also what was not used for this number of days; nil for no such limit.
    /// - Returns: how many results and parts went.
    public func prune(project: String, days: Int? = nil) throws -> (results: Int, units: Int) {
        let gone = try write { database in
            let notebooks = try String.fetchAll(database, sql: "SELECT DISTINCT notebook FROM run")
            for notebook in notebooks
            where !FileManager.default.fileExists(atPath: project + "/" + BlockPlace.file(of: notebook)) {
                try database.execute(sql: "DELETE FROM run WHERE notebook = ?", arguments: [notebook])
            }
            if let days {
                try database.execute(sql: "DELETE FROM run WHERE used < ?", arguments: [Self.now / 86_400 - days])
            }
            for path in try String.fetchAll(database, sql: "SELECT path FROM file")
            where !FileManager.default.fileExists(atPath: path) {
                try database.execute(sql: "DELETE FROM file WHERE path = ?", arguments: [path])
            }
            try database.execute(sql: "DELETE FROM result WHERE key NOT IN (SELECT key FROM run)")
            let results = database.changesCount
            try database.execute(sql: "DELETE FROM unit WHERE made < ?", arguments: [Self.now - 86_400 * (days ?? 1)])
            return (results: results, units: database.changesCount)
        }
        try shrink()
        return gone
    }

    /// Deletes everything.
    public func empty() throws -> (results: Int, units: Int) {
        let gone = try write { database in
            try database.execute(sql: "DELETE FROM result")
            let results = database.changesCount
            try database.execute(sql: "DELETE FROM unit")
            let units = database.changesCount
            try database.execute(sql: "DELETE FROM run; DELETE FROM file")
            return (results: results, units: units)
        }
        try shrink()
        return gone
    }

    /// Bytes that the store takes on disk.
    public var size: Int {
        ["", "-wal"].reduce(0) { sum, ending in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database + ending)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    private func shrink() throws {
        try outsideTransaction { try $0.execute(sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") }
    }
}
