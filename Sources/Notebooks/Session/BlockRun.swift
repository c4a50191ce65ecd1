import Digests
import Markdown

/// One block on its way to its result: its key first, then the store, and only then its command.
struct BlockRun {
    let block: BoundBlock
    let bound: BoundNotebook
    let evaluator: Evaluator
    /// The results of the blocks above.
    let results: [String: BlockResult]
    let observer: @Sendable (Evaluator.Event) -> Void

    private var keeper: (any ResultKeeping)? { evaluator.keeper }

    /// The block's result, and whether it came from the store.
    func result() throws(Diagnostics) -> (result: BlockResult, isKept: Bool) {
        let inputs: [Input]
        do {
            inputs = try evaluator.inputs(of: block, in: bound)
        } catch {
            throw failure(error)
        }
        let key = BlockKey(
            of: block, inputs: inputs, digests: results.mapValues(\.digest), parameters: bound.parameters,
            seed: bound.seed)
        do {
            if evaluator.policy.isFresh(block.id) {
                // The old result stays until the new one takes its place.
                try keeper?.forgetUnits(of: key.hex)
            } else if let kept = try keeper?.result(key.hex), let outcome = OutcomeBytes.outcome(of: kept.bytes),
                block.command.outputs.difference(from: outcome) == nil
            {
                try keeper?.note(key, of: place)
                return (blockResult(key, inputs, kept.digest, outcome), true)
            }
            guard !evaluator.policy.isFrozen else { throw stale }
            return (try run(key, inputs), false)
        } catch {
            throw failure(error)
        }
    }

    private func run(_ key: BlockKey, _ inputs: [Input]) throws -> BlockResult {
        let id = block.id
        let units = KeptUnits(keeper: keeper, key: key.hex) { name, isKept in
            observer(.unit(id: id, name: name, isKept: isKept))
        }
        let outcome = try block.command.run(bindings(units: units))
        if let difference = block.command.outputs.difference(from: outcome) {
            throw undeclared(difference)
        }
        let digest = Self.digest(of: outcome, from: block, key)
        if let keeper {
            let now = try evaluator.inputs(of: block, in: bound)
            if inputs != now { throw Interference(input: zip(inputs, now).first { $0 != $1 }?.0.name ?? "input") }
            try keeper.keep(KeptResult(digest: digest, bytes: OutcomeBytes.bytes(of: outcome)), as: key.hex)
            try keeper.note(key, of: place)
        }
        return blockResult(key, inputs, digest, outcome)
    }

    /// What blocks that refer to this one have in their keys.
    private static func digest(of outcome: Outcome, from block: BoundBlock, _ key: BlockKey) -> String {
        let digest = OutcomeBytes.digest(of: outcome)
        return type(of: block.command).isHandle ? SHA256.digest(of: "\(key.hex) \(digest)").hex : digest
    }

    private func blockResult(_ key: BlockKey, _ inputs: [Input], _ digest: String, _ outcome: Outcome) -> BlockResult {
        BlockResult(
            id: block.id, command: block.name,
            options: block.options.filter { $0.declaration.effect == .computational }.map {
                (name: $0.declaration.name, value: $0.value)
            }, inputs: inputs, key: key.hex, digest: digest, outcome: outcome,
            withheld: block.command.outputs.withheld)
    }

    private var place: BlockPlace { BlockPlace(notebook: bound.path, block: block.id) }

    private func bindings(units: KeptUnits = KeptUnits()) -> Bindings {
        let id = block.id
        let referred = bound.blocks.filter { block.references.contains($0.id) && type(of: $0.command).isHandle }
        return Bindings(
            seed: bound.seed, project: bound.project,
            parameters: bound.parameters.filter { block.command.parametersRead.contains($0.name) },
            results: results.filter { block.references.contains($0.key) },
            commands: Dictionary(referred.map { ($0.id, $0.command) }, uniquingKeysWith: { first, _ in first }),
            resources: evaluator.resources, units: units,
            progress: { observer(.progress(id: id, $0)) })
    }
}

extension BlockRun {
    /// A file that changed between the making of the key and the end of the run.
    struct Interference: Error, CustomStringConvertible {
        let input: String
        var description: String { "the \(input) changed while the block ran; render again" }
    }

    /// The problem at its place in the notebook.
    private func failure(_ error: any Error) -> Diagnostics {
        if let error = error as? Diagnostics { return error }
        return bound.failure(error, of: block)
    }

    /// A result that was kept a moment ago, or cannot be read.
    private var stale: Diagnostics {
        var log = ProblemLog(bound.source)
        log.add(.staleBlock, at: block.location, "block '\(block.id)' is stale: its kept result cannot be read")
        return Diagnostics(log.all)
    }

    private func undeclared(_ difference: String) -> Diagnostics {
        var log = ProblemLog(bound.source)
        log.add(
            .internalError, at: block.location,
            "command '\(block.name)' did not hand on what it declared: \(difference)",
            help: "this is a mistake in Patchbook, not in the notebook")
        return Diagnostics(log.all)
    }
}

extension BoundNotebook {
    /// The notebook's path inside its project: `notebooks/x.md`.
    var path: String {
        let folder = project.notebookFolder.split(separator: "/")
        let root = project.root.split(separator: "/")
        let inside = folder.starts(with: root) ? folder.dropFirst(root.count) : folder[...]
        return (inside.map(String.init) + [source.fileName]).joined(separator: "/")
    }

    /// An error of one block, at the option that it names or at the block's fence; of the store, at none.
    func failure(_ error: any Error, of block: BoundBlock) -> Diagnostics {
        var log = ProblemLog(source)
        switch error {
        case let error as ArgumentError:
            log.add(error) { name in
                block.options.first { $0.declaration.name == name }?.location ?? block.location
            }
        case let error as PathError:
            log.add(.outsideProject, at: block.location, error.description, help: error.help)
        case let error as StoreError: log.add(.storeFailed, at: nil, error.description, help: error.help)
        default: log.add(.runFailed, at: block.location, "block '\(block.id)': \(error)")
        }
        return Diagnostics(log.all)
    }
}
