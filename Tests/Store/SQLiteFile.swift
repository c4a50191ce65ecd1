import Foundation
import GRDB

/// Another program's connection to a database.
final class SQLiteFile {
    private let queue: DatabaseQueue

    init?(_ path: String) {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        self.queue = queue
    }

    func run(_ sql: String) throws {
        try queue.inDatabase { try $0.execute(sql: sql) }
    }

    /// What the database's own check finds: `ok` and nothing else for a sound one.
    func faults() throws -> [String] {
        try queue.inDatabase { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
    }

    func close() { try? queue.close() }
}
