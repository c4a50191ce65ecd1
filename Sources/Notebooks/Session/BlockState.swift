import Markdown

/// Whether a block's result is kept, and why not, found without running or loading anything.
public struct BlockState: Sendable, Equatable {
    /// How a block stands to the store.
    public enum Standing: Sendable, Equatable {
        /// Its result is kept.
        case kept
        /// No result of it was ever kept.
        case new
        /// A result was kept under these very ingredients, and is gone: pruned, or never finished.
        case gone
        /// A result was kept of other ingredients.
        case changed([KeyChange])
        /// It refers to blocks that are stale, so what its key will be is not known.
        case waits(for: [String])
    }

    /// The block's id.
    public let id: String
    /// The command's name.
    public let command: String
    /// How it stands.
    public let standing: Standing
    /// What its key is made of; nil when it waits for other blocks.
    public let key: BlockKey?

    /// Whether its result is kept.
    public var isKept: Bool { standing == .kept }

    /// Why it is stale, or that it is not, as a clause.
    public var reason: String {
        switch standing {
        case .kept: "its result is kept"
        case .new: "no result of it is kept"
        case .gone: "its result is no longer kept"
        case .changed(let changes): changes.map(\.description).joined(separator: "; ")
        case .waits(let ids):
            "it refers to " + ids.map { "'\($0)'" }.joined(separator: " and ")
                + (ids.count == 1 ? ", which is stale" : ", which are stale")
        }
    }
}

/// How the blocks of a notebook stand to a store.
struct BlockStates {
    let analysis: Analysis
    let keeper: (any ResultKeeping)?
    /// Whether an input that is not there counts as the one that the latest result was made of.
    let isFrozen: Bool

    /// How every bound block stands, in document order.
    func all() throws(Diagnostics) -> [BlockState] {
        var digests: [String: String] = [:]
        var states: [BlockState] = []
        for block in analysis.blocks {
            let stale = block.references.filter { digests[$0] == nil }
            guard stale.isEmpty else {
                states.append(BlockState(id: block.id, command: block.name, standing: .waits(for: stale), key: nil))
                continue
            }
            do {
                let key = BlockKey(
                    of: block, inputs: try inputs(of: block), digests: digests, in: analysis.document)
                digests[block.id] = try keeper?.digest(ofResult: key.hex)
                let standing = try standing(of: block, key, isKept: digests[block.id] != nil)
                states.append(BlockState(id: block.id, command: block.name, standing: standing, key: key))
            } catch {
                throw analysis.failure(error, of: block)
            }
        }
        return states
    }

    /// What a block reads from outside the notebook.
    func inputs(of block: BoundBlock) throws -> [Input] {
        do {
            return try block.command.inputs(
                InputReader(project: analysis.project, files: keeper ?? PlainFileDigests()))
        } catch {
            guard isFrozen, let last = try keeper?.lastIngredients(of: analysis.place(of: block)) else { throw error }
            return last.filter { $0.kind == .input }.map { Input(name: $0.name, digest: $0.value) }
        }
    }

    private func standing(of block: BoundBlock, _ key: BlockKey, isKept: Bool) throws -> BlockState.Standing {
        if isKept { return .kept }
        guard let last = try keeper?.lastIngredients(of: analysis.place(of: block)) else { return .new }
        let changes = KeyChange.between(last, key.ingredients)
        return changes.isEmpty ? .gone : .changed(changes)
    }
}
