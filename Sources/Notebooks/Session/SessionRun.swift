import Markdown

/// One run of a notebook, block after block; what an earlier run left in the store is not run again.
struct SessionRun {
    let analysis: Analysis
    let policy: Session.Policy
    let keeper: (any ResultKeeping)?
    let resources: Resources
    let cancellation: Cancellation
    let shard: Shard?
    let permission: Session.Permission
    let observer: @Sendable (Session.Event) -> Void

    func evaluation() -> Evaluation {
        let stale = policy.isFrozen ? staleBlocks() : [:]
        let shared = shard == nil ? nil : sharedBlocks()
        var results: [String: BlockResult] = [:]
        var index = 0
        // Nothing can be kept any more, so nothing more is computed.
        var isStoreBroken = false
        let blocks = analysis.document.blocks
        // A broken block may bear the id of one that is not.
        let failing = { (ids: [String]) in ids.filter { results[$0] == nil } }
        return analysis.document.map { block in
            let head = block.head
            observer(.blockStarted(id: head.id, command: head.command, index: index, count: blocks.count))
            index += 1
            let outcome: Result<BlockResult, BlockFailure>
            switch block {
            case .broken: outcome = .failure(BlockFailure(.broken))
            case .bound where cancellation.isCancelled || isStoreBroken: outcome = .failure(BlockFailure(.stopped))
            case .bound(let bound):
                let isLeft = shared.map { !$0.contains(bound.id) } ?? false
                if let problem = stale[bound.id] {
                    outcome = .failure(BlockFailure(.failed, [problem]))
                } else if case let missing = failing(bound.references), !missing.isEmpty {
                    outcome = .failure(needs(missing, bound))
                } else {
                    outcome = run(bound, results, isLeft: isLeft)
                }
            }
            switch outcome {
            case .success(let result): results[result.id] = result
            case .failure(let failure):
                isStoreBroken = isStoreBroken || failure.problems.contains { $0.code == .storeFailed }
                observer(.blockFailed(id: head.id, failure))
            }
            return EvaluatedBlock(head: head, run: outcome)
        }
    }

    private func run(
        _ block: BoundBlock, _ results: [String: BlockResult], isLeft: Bool
    ) -> Result<BlockResult, BlockFailure> {
        do {
            let run = BlockRun(block: block, run: self, results: results)
            guard let (result, isKept) = try run.result(isLeft: isLeft) else { return .failure(BlockFailure(.left)) }
            observer(
                .blockFinished(id: block.id, isKept: isKept, failedClaims: result.outcome.claims.count { !$0.held }))
            return .success(result)
        } catch  where cancellation.isCancelled {
            return .failure(BlockFailure(.stopped))
        } catch let error as any UnitsMissing {
            return .failure(BlockFailure(.postponed(error.postponed)))
        } catch let refused as Refused {
            return .failure(BlockFailure(.waits(refused.forecast)))
        } catch {
            return .failure(BlockFailure(.failed, analysis.failure(error, of: block).all))
        }
    }

    private func needs(_ ids: [String], _ block: BoundBlock) -> BlockFailure {
        var log = ProblemLog(analysis.source)
        let names = ids.map { "'\($0)'" }.joined(separator: " and ")
        log.add(
            .notRun, severity: .warning, at: block.head.location,
            "block '\(block.id)' did not run: it needs \(names), which gave no result")
        return BlockFailure(.needs(ids), log.all)
    }

    /// The blocks whose work is shared out in units, and those that they need.
    private func sharedBlocks() -> Set<String> {
        var shared: Set<String> = []
        for block in analysis.blocks.reversed() where shared.contains(block.id) || block.command.worksInUnits {
            shared.formUnion([block.id] + block.references)
        }
        return shared
    }

    /// What is wrong with each block that nothing is kept of, when nothing may run.
    private func staleBlocks() -> [String: Diagnostic] {
        var found: [String: Diagnostic] = [:]
        do {
            for (block, state) in zip(
                analysis.blocks, try BlockStates(analysis: analysis, keeper: keeper, isFrozen: true).all())
            where !state.isKept || policy.isFresh(block.id) {
                var log = ProblemLog(analysis.source)
                log.add(
                    .staleBlock, at: block.head.location, "block '\(block.id)' is stale: \(state.reason)",
                    help: "--frozen runs nothing; render without it to bring the block up to date")
                found[block.id] = log.all.first
            }
        } catch {
            for block in analysis.blocks { found[block.id] = error.all.first }
        }
        return found
    }
}

/// Why a block gave no result.
public struct BlockFailure: Error, Sendable, Equatable {
    /// In which way.
    public enum Reason: Sendable, Equatable {
        /// It is not bound: its problems are the analysis'.
        case broken
        /// Its command, its inputs or its store failed.
        case failed
        /// It needs blocks that gave no result.
        case needs([String])
        /// The run was not allowed to compute it, or a part of it that takes what the forecast says.
        case waits(Forecast?)
        /// The run was stopped before it was done.
        case stopped
        /// In one of several tasks: the units of its work that the store does not have.
        case postponed(Postponed)
        /// In one of several tasks: its work is not shared out, and no work that is needs its result.
        case left
    }

    /// In which way.
    public let reason: Reason
    /// What to tell the author, at its place.
    public let problems: [Diagnostic]

    init(_ reason: Reason, _ problems: [Diagnostic] = []) {
        self.reason = reason
        self.problems = problems
    }
}

extension Analysis {
    /// An error of one block, at the option that it names or at the block's fence; of the store, at none.
    func failure(_ error: any Error, of block: BoundBlock) -> Diagnostics {
        var log = ProblemLog(source)
        switch error {
        case let error as Diagnostics: return error
        case let error as ArgumentError:
            log.add(error, of: project) { name in
                block.options.first { $0.declaration.name == name }?.location ?? block.head.location
            }
        case let error as PathError:
            log.add(.outsideProject, at: block.head.location, error.description, help: error.help)
        case let error as StoreError: log.add(.storeFailed, at: nil, error.description, help: error.help)
        default:
            log.add(.runFailed, at: block.head.location, "block '\(block.id)': \(project.naming("\(error)"))")
        }
        return Diagnostics(log.all)
    }
}
