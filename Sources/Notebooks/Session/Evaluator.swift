import Markdown

/// Runs a bound notebook, block after block in document order; what an earlier run left in the store is not run again.
public struct Evaluator: Sendable {
    /// What happens on the way, for progress lines.
    public enum Event: Sendable, Equatable {
        /// `index` counts the blocks from 0.
        case blockStarted(id: String, command: String, index: Int, count: Int)
        case progress(id: String, Progress)
        /// A part of a long result was finished, or was there already.
        case unit(id: String, name: String, isKept: Bool)
        /// `isKept` tells whether the result came from the store; `failedClaims` is 0 for every block but `{expect}`.
        case blockFinished(id: String, isKept: Bool, failedClaims: Int)
    }

    /// Which kept results may be used.
    public struct Policy: Sendable, Equatable {
        /// Which blocks are computed although their results are kept.
        public enum Fresh: Sendable, Equatable {
            case none, all
            case blocks(Set<String>)
        }

        /// True when nothing may run, and a block without a kept result is an error.
        public var isFrozen: Bool
        /// Which blocks are computed anew.
        public var fresh: Fresh

        /// By default a block runs when its result is not kept.
        public init(isFrozen: Bool = false, fresh: Fresh = .none) {
            self.isFrozen = isFrozen
            self.fresh = fresh
        }

        func isFresh(_ id: String) -> Bool {
            switch fresh {
            case .none: false
            case .all: true
            case .blocks(let ids): ids.contains(id)
            }
        }
    }

    let keeper: (any ResultKeeping)?
    let policy: Policy
    let resources: Resources

    /// An evaluator.
    /// - Parameter keeper: where results are kept between runs; nil to keep nothing.
    public init(
        keeping keeper: (any ResultKeeping)? = nil, policy: Policy = Policy(), resources: Resources = Resources()
    ) {
        self.keeper = keeper
        self.policy = policy
        self.resources = resources
    }

    /// Runs every block that is stale.
    /// - Parameter observer: told of each event, on the thread that it happens on.
    /// - Throws: what stopped a block, at its fence or at the option that the error names; every stale block when frozen.
    public func evaluate(
        _ bound: BoundNotebook, observer: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(Diagnostics) -> Evaluation {
        if policy.isFrozen { try refuseStale(bound) }
        var results: [String: BlockResult] = [:]
        var parts: [Evaluation.Part] = []
        let count = bound.blocks.count
        for part in bound.parts {
            switch part {
            case .prose(let blocks): parts.append(.prose(blocks))
            case .block(let block):
                observer(.blockStarted(id: block.id, command: block.name, index: results.count, count: count))
                let run = BlockRun(block: block, bound: bound, evaluator: self, results: results, observer: observer)
                let (result, isKept) = try run.result()
                results[block.id] = result
                observer(
                    .blockFinished(
                        id: block.id, isKept: isKept, failedClaims: result.outcome.claims.count { !$0.held }))
                parts.append(
                    .block(
                        EvaluatedBlock(
                            result: result, caption: block.caption, alt: block.alt, show: block.show,
                            source: block.source,
                            isAnonymous: block.isAnonymous)))
            }
        }
        return Evaluation(
            name: bound.source.fileName, title: bound.title, subtitle: bound.subtitle, author: bound.author,
            seed: bound.seed,
            parameters: bound.parameters, parts: parts)
    }

    private func refuseStale(_ bound: BoundNotebook) throws(Diagnostics) {
        var log = ProblemLog(bound.source)
        for (block, state) in zip(bound.blocks, try states(of: bound)) where !state.isKept || policy.isFresh(block.id) {
            log.add(
                .staleBlock, at: block.location, "block '\(block.id)' is stale: \(state.reason)",
                help: "--frozen runs nothing; render without it to bring the block up to date")
        }
        if !log.all.isEmpty { throw Diagnostics(log.all) }
    }
}

extension Outputs {
    /// How an outcome differs from what was declared; nil when it does not.
    func difference(from outcome: Outcome) -> String? {
        var found: [String] = []
        let given = outcome.values.map(\.path)
        found += values.filter { !given.contains($0) }.map { "value '\($0)' is missing" }
        found += given.filter { !values.contains($0) }.map { "value '\($0)' was not declared" }
        for (name, columns) in tables.sorted(by: { $0.key < $1.key }) {
            guard let table = outcome.table(name) else {
                found.append("table '\(name)' is missing")
                continue
            }
            let withheld = self.withheld[name] ?? []
            if table.without(withheld).columns != columns || !withheld.allSatisfy(table.columns.contains) {
                found.append("table '\(name)' has the columns \(table.columns), not \(columns + withheld)")
            }
        }
        found += outcome.tables.filter { tables[$0.name] == nil }.map { "table '\($0.name)' was not declared" }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }
}
