import Digests
import Foundation
import Notebooks

extension Store {
    /// Takes the parts of a folder over as units, where neither they nor the result that they belong to are there yet.
    /// - Returns: how many parts are new, how many were known, and which cannot be used, with the reason.
    /// - Throws: ``StoreError``.
    public func merge(_ folder: PartFolder) throws -> (
        new: Int, known: Int, refused: [(file: String, reason: PartProblem)]
    ) {
        var (new, known) = (0, 0)
        var refused: [(file: String, reason: PartProblem)] = []
        try folder.each { files in
            try write { database in
                for (file, part) in files {
                    switch part {
                    case .failure(let reason): refused.append((file, reason))
                    case .success(let part):
                        let (key, sum) = (part.head.key, SHA256.digest(of: part.bytes).hex)
                        try database.cachedStatement(
                            sql: """
                                INSERT OR IGNORE INTO unit (key, name, bytes, sum, made)
                                SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM result WHERE key = ?)
                                """
                        ).execute(arguments: [key, part.head.name, Data(part.bytes), sum, Self.now, key])
                        if database.changesCount > 0 { new += 1 } else { known += 1 }
                    }
                }
            }
        }
        return (new, known, refused)
    }
}
