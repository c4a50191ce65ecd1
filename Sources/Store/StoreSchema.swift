import GRDB

/// The store's tables, and the marks by which a file is known to be one of them.
enum StoreSchema {
    /// Raised whenever a table changes; a file of another version is set aside.
    static let version = 1
    /// "Ptbk", which tells the file from other programs' databases.
    static let application = 0x5074_626B

    /// What a file turned out to be.
    enum Kind: Equatable {
        case current, empty
        case otherVersion(Int)
        case foreign
    }

    static func kind(of database: Database) throws -> Kind {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == Self.application { return version == Self.version ? .current : .otherVersion(version) }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        return tables == 0 ? .empty : .foreign
    }

    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE result (
                    key TEXT PRIMARY KEY, digest TEXT NOT NULL, bytes BLOB NOT NULL, sum TEXT NOT NULL,
                    made INTEGER NOT NULL);
                CREATE TABLE unit (
                    key TEXT NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL, sum TEXT NOT NULL,
                    made INTEGER NOT NULL, PRIMARY KEY (key, name));
                CREATE TABLE run (
                    notebook TEXT NOT NULL, block TEXT NOT NULL, key TEXT NOT NULL, ingredients TEXT NOT NULL,
                    used INTEGER NOT NULL, PRIMARY KEY (notebook, block));
                CREATE TABLE file (
                    path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
                    modified INTEGER NOT NULL, changed INTEGER NOT NULL, digest TEXT NOT NULL);
                PRAGMA application_id = \(application);
                PRAGMA user_version = \(version);
                """)
    }
}
