import Digests
import Markdown

/// One block on its way to its result: its key first, then the store, and only then its command.
struct BlockRun {
    let block: BoundBlock
    let run: SessionRun
    /// The results of the blocks above.
    let results: [String: BlockResult]

    private var keeper: (any ResultKeeping)? { run.keeper }
    private var analysis: Analysis { run.analysis }
    private var place: BlockPlace { analysis.place(of: block) }

    private var states: BlockStates {
        BlockStates(analysis: analysis, keeper: keeper, isFrozen: run.policy.isFrozen)
    }

    /// The block's result, and whether it came from the store.
    /// - Parameter isLeft: whether nothing is computed: nil, then, where no result is kept.
    func result(isLeft: Bool = false) throws -> (result: BlockResult, isKept: Bool)? {
        let inputs = try states.inputs(of: block)
        let key = BlockKey(
            of: block, inputs: inputs, digests: results.mapValues(\.digest), in: analysis.document)
        if run.policy.isFresh(block.id) {
            // The old result stays until the new one takes its place.
            try keeper?.forgetUnits(of: key.hex)
        } else if let kept = try keeper?.result(key.hex), let outcome = OutcomeBytes.outcome(of: kept.bytes),
            block.command.outputs.difference(from: outcome) == nil
        {
            try keeper?.note(key, of: place)
            return (blockResult(key, inputs, kept.digest, outcome), true)
        }
        guard !run.policy.isFrozen else {
            throw problem(.staleBlock, "block '\(block.id)' is stale: its kept result cannot be read")
        }
        if isLeft { return nil }
        if let allows = run.permission.allows, !allows(Session.Request(id: block.id, key: key.hex, forecast: nil)) {
            throw Refused(forecast: nil)
        }
        return (try compute(key, inputs), false)
    }

    private func compute(_ key: BlockKey, _ inputs: [Input]) throws -> BlockResult {
        let id = block.id
        let observer = run.observer
        let units = KeptUnits(keeper: keeper, key: key.hex, shard: run.shard) { name, isKept in
            observer(.unit(id: id, name: name, isKept: isKept))
        }
        try check(inputs, units)
        let outcome: Outcome
        do { outcome = try self.outcome(key, units) } catch let error as any UnitsMissing {
            try check(inputs, units)
            throw error
        }
        if let difference = block.command.outputs.difference(from: outcome) {
            throw problem(
                .internalError, "command '\(block.name)' did not produce what it declared: \(difference)",
                help: "this is a mistake in Patchbook, not in the notebook")
        }
        let digest = Self.digest(of: outcome, from: block, key)
        try check(inputs, units)
        if let keeper {
            try keeper.keep(KeptResult(digest: digest, bytes: OutcomeBytes.bytes(of: outcome)), as: key.hex)
            try keeper.note(key, of: place)
        }
        return blockResult(key, inputs, digest, outcome)
    }

    /// What the command gives. Where the run asks before long work, all that is left of it is counted first.
    private func outcome(_ key: BlockKey, _ units: KeptUnits) throws -> Outcome {
        if let allows = run.permission.allows, block.command.worksInUnits {
            let counting = KeptUnits(keeper: keeper, key: key.hex, shard: Shard())
            do { return try block.command.run(bindings(key, units: counting)) } catch let missing as any UnitsMissing {
                if let forecast = missing.postponed.forecast,
                    !allows(Session.Request(id: block.id, key: key.hex, forecast: forecast))
                {
                    throw Refused(forecast: forecast)
                }
            }
        }
        return try block.command.run(bindings(key, units: units))
    }

    /// What is computed of a file that changes belongs to no key: of the block's own files since the key was made, and of those of
    /// the models that it opens since their block ran.
    private func check(_ inputs: [Input], _ units: KeptUnits) throws {
        guard keeper != nil else { return }
        for (block, read) in [(block, inputs)] + handles.map({ ($0, results[$0.id]?.inputs ?? []) }) {
            let now = try states.inputs(of: block)
            guard read != now else { continue }
            try units.forget()
            throw Interference(input: zip(read, now).first { $0 != $1 }?.0.name ?? "input")
        }
    }

    /// The blocks that the command may ask for themselves.
    private var handles: [BoundBlock] {
        analysis.blocks.filter { block.references.contains($0.id) && type(of: $0.command).isHandle }
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
            withheld: block.command.outputs.withheld, withheldFigures: block.command.outputs.withheldFigures)
    }

    private func bindings(_ key: BlockKey, units: KeptUnits) -> Bindings {
        let id = block.id
        let observer = run.observer
        return Bindings(
            seed: analysis.document.seed, project: analysis.project,
            parameters: analysis.document.parameters.filter { block.command.parametersRead.contains($0.name) },
            results: results.filter { block.references.contains($0.key) },
            commands: Dictionary(handles.map { ($0.id, $0.command) }, uniquingKeysWith: { first, _ in first }),
            resources: run.resources, units: units, cancellation: run.cancellation,
            progress: { if units.shard?.computes != false { observer(.progress(id: id, $0)) } })
    }

    /// A problem at the block's fence.
    private func problem(_ code: DiagnosticCode, _ message: String, help: String? = nil) -> Diagnostics {
        var log = ProblemLog(analysis.source)
        log.add(code, at: block.head.location, message, help: help)
        return Diagnostics(log.all)
    }

    /// A file that changed between the making of the key and the end of the run.
    private struct Interference: Error, CustomStringConvertible {
        let input: String
        var description: String { "the \(input) changed while the block ran; render again" }
    }
}
