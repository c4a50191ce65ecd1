import Digests
import JSON

/// The digests that say when a result is still good: of what goes into a block, and of what comes out.
enum BlockKey {
    /// SHA-256 over everything that a block's result hangs on. A block it refers to counts by its result's digest, not by its
    /// name, so neither a new name nor an equal result makes it stale.
    static func key(of block: BoundBlock, inputs: [Input], digests: [String: String], seed: UInt64) -> String {
        var options: [JSON.Member] = []
        var references: [JSON] = []
        for option in block.options where option.declaration.effect == .computational {
            if let id = option.reference {
                let rest = option.value.json.string.map { String($0.dropFirst(id.count)) } ?? ""
                references.append(.array([.string(option.declaration.name), .string((digests[id] ?? "") + rest)]))
            } else {
                options.append(JSON.Member(option.declaration.name, option.value.json))
            }
        }
        // Ids that the command names in its own way, as claims do, are in its options.
        for id in block.command.references {
            references.append(.array([.string(id), .string(digests[id] ?? "")]))
        }
        let parts = JSON.object([
            JSON.Member("command", .string(block.name)),
            JSON.Member("options", .object(options.sorted { $0.key < $1.key })),
            JSON.Member("references", .array(references)),
            JSON.Member(
                "inputs", .array(inputs.map { .array([.string($0.name), .string($0.digest)]) })),
            JSON.Member("seed", .string(String(seed))),
            JSON.Member("engine", .int(Version.engine)),
            JSON.Member("schema", .int(Version.schema)),
        ])
        return SHA256.digest(of: parts.text()).hex
    }

    /// SHA-256 over a result's values and tables, whatever the order they were set in.
    static func digest(of outcome: Outcome) -> String {
        let values = outcome.values.map { JSON.Member($0.path, $0.scalar.json) }
        let tables = outcome.tables.map { JSON.Member($0.name, $0.table.json) }
        let parts = JSON.object([
            JSON.Member("values", .object(values.sorted { $0.key < $1.key })),
            JSON.Member("tables", .object(tables.sorted { $0.key < $1.key })),
        ])
        return SHA256.digest(of: parts.text()).hex
    }
}
