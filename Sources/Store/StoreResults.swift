import Digests
import Foundation
import GRDB
import JSON
import Notebooks

extension Store: ResultKeeping {
    /// The result kept under a key; one whose bytes are not those that were written is deleted and counts as not kept.
    public func result(_ key: String) throws -> KeptResult? {
        let found = try read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT digest, bytes, sum FROM result WHERE key = ?"), arguments: [key])
        }
        guard let found else { return nil }
        guard let bytes = Self.sound(found) else {
            notice("\(folder.database): the result \(key.prefix(12))… is damaged and is computed again")
            try write { try $0.execute(sql: "DELETE FROM result WHERE key = ?", arguments: [key]) }
            return nil
        }
        return KeptResult(digest: found["digest"], bytes: bytes)
    }

    /// The digest of the result kept under a key.
    public func digest(ofResult key: String) throws -> String? {
        try read { database in
            try String.fetchOne(
                database.cachedStatement(sql: "SELECT digest FROM result WHERE key = ?"), arguments: [key])
        }
    }

    /// Keeps a result and deletes its units, in one transaction.
    public func keep(_ result: KeptResult, as key: String) throws {
        let sum = SHA256.digest(of: result.bytes).hex
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO result (key, digest, bytes, sum, made) VALUES (?, ?, ?, ?, ?)",
                arguments: [key, result.digest, Data(result.bytes), sum, Self.now])
            try database.execute(sql: "DELETE FROM unit WHERE key = ?", arguments: [key])
        }
    }

    /// A finished part of a result; nil when it is not there, or not as it was written.
    public func unit(_ name: String, of key: String) throws -> [UInt8]? {
        let found = try read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT bytes, sum FROM unit WHERE key = ? AND name = ?"),
                arguments: [key, name])
        }
        return found.flatMap(Self.sound)
    }

    /// The names of the finished parts of a result.
    public func unitNames(of key: String) throws -> Set<String> {
        try read { database in
            try String.fetchSet(
                database.cachedStatement(sql: "SELECT name FROM unit WHERE key = ?"), arguments: [key])
        }
    }

    /// Keeps a finished part in a transaction of its own.
    public func keepUnit(_ bytes: [UInt8], _ name: String, of key: String) throws {
        let sum = SHA256.digest(of: bytes).hex
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO unit (key, name, bytes, sum, made) VALUES (?, ?, ?, ?, ?)",
                arguments: [key, name, Data(bytes), sum, Self.now])
        }
    }

    /// Deletes the finished parts of a result.
    public func forgetUnits(of key: String) throws {
        try write { try $0.execute(sql: "DELETE FROM unit WHERE key = ?", arguments: [key]) }
    }

    /// What the block's key was made of last time.
    public func lastIngredients(of place: BlockPlace) throws -> [BlockKey.Ingredient]? {
        let text = try read { database in
            try String.fetchOne(
                database, sql: "SELECT ingredients FROM run WHERE notebook = ? AND block = ?",
                arguments: [place.notebook, place.block])
        }
        guard let text, let list = try? JSON.parse(Array(text.utf8)).array else { return nil }
        return list.compactMap { BlockKey.Ingredient($0) }
    }

    /// Notes what the block's key is made of; writes nothing when that was noted on the same day.
    public func note(_ key: BlockKey, of place: BlockPlace) throws {
        let today = Self.now / 86_400
        let known = try read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT key, used FROM run WHERE notebook = ? AND block = ?"),
                arguments: [place.notebook, place.block])
        }
        if let known, known["key"] == key.hex, known["used"] == today { return }
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO run (notebook, block, key, ingredients, used) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    place.notebook, place.block, key.hex, JSON.array(key.ingredients.map(\.json)).text(), today,
                ])
        }
    }

    /// The row's bytes, when they are those that were written.
    private static func sound(_ row: Row) -> [UInt8]? {
        let bytes: Data = row["bytes"]
        let list = Array(bytes)
        return SHA256.digest(of: list).hex == row["sum"] ? list : nil
    }

    /// Seconds since 1970; it is for upkeep, and no result depends on it.
    static var now: Int { Int(Date().timeIntervalSince1970) }
}
