import Numerics
import Transformers

/// Walks routes up the layers in lockstep: at each layer every distinct state advances by one block, edits are applied, and
/// routes part.
///
/// Results are the same bits for any number of threads and any memory budget, and whichever pairs walk beside a pair.
public struct Walk: Sendable {
    let models: ModelPair
    private let workers: Workers
    private let memory: Int

    /// - Parameters:
    ///   - threads: how many threads work side by side.
    ///   - memory: bytes of working memory that decide how many routes walk together; `nil` for a third of what is free.
    public init(_ models: ModelPair, threads: Int, memory: Int? = nil) {
        self.models = models
        workers = Workers(count: threads)
        self.memory = memory ?? FreeMemory.bytes() / 3
    }

    /// The pairs that walk together, as ranges of the list.
    public static func groups(of pairs: [PackedPair]) -> [Range<Int>] { PackedPair.groups(pairs) }

    /// Runs every route over every pair.
    /// - Parameters:
    ///   - stored: what a store kept of a group, which then does not walk again.
    ///   - finished: called with each group that has walked, as soon as it is done.
    ///   - progress: called with the number of pairs done, after each group of pairs.
    ///   - measuresDivergence: whether every route's mean KL from the tuned model's clean run is measured too.
    /// - Throws: ``PatchError`` for a plan that does not fit, before anything runs, and for results that are no numbers.
    public func run(
        _ routes: [Route], over pairs: [PackedPair], stored: (Range<Int>) -> FinishedGroup? = { _ in nil },
        finished: (FinishedGroup) -> Void = { _ in }, progress: (Int) -> Void = { _ in },
        measuresDivergence: Bool = false
    ) throws(PatchError) -> Margins {
        let planned = try plan(routes, over: pairs, measuresDivergence: measuresDivergence)
        var byPair: [[ResponseLogProbabilities]] = []
        for (number, range) in PackedPair.groups(pairs).enumerated() {
            if let kept = stored(range) {
                precondition(
                    kept.pairs == range && kept.byRoute.count == routes.count,
                    "a stored group of pairs \(kept.pairs) and \(kept.byRoute.count) routes for \(range), \(routes.count)"
                )
                byPair += range.indices.map { pair in kept.byRoute.map { $0[pair - range.lowerBound] } }
            } else {
                let group = try planned.run(group: number)
                byPair += group
                finished(FinishedGroup(pairs: range, byRoute: planned.margins(of: group).byRoute))
            }
            progress(byPair.count)
        }
        return planned.margins(of: byPair)
    }

    /// Checks everything and fixes the groups of pairs that walk together; nothing runs yet.
    /// - Parameter measuresDivergence: whether every route's mean KL from the tuned model's clean run is measured too.
    /// - Throws: ``PatchError`` for a plan that does not fit.
    public func plan(
        _ routes: [Route], over pairs: [PackedPair], measuresDivergence: Bool = false
    ) throws(PatchError) -> PlannedWalk {
        try check(routes, pairs)
        return PlannedWalk(
            walk: self, planned: routes, measuresDivergence: measuresDivergence,
            groups: PackedPair.groups(pairs).map { Array(pairs[$0]) })
    }

    /// log p of every response token under every route, `[route][pair]`.
    /// - Throws: ``PatchError`` as ``run(_:over:stored:finished:progress:)``.
    public func tokens(
        _ routes: [Route], over pairs: [PackedPair], progress: (Int) -> Void = { _ in }
    ) throws(PatchError) -> [[TokenLogProbabilities]] {
        try check(routes, pairs)
        var byRoute: [[TokenLogProbabilities]] = routes.map { _ in [] }
        for range in PackedPair.groups(pairs) {
            for (route, tokens) in try walk(routes, Array(pairs[range])).enumerated() {
                byRoute[route] += tokens
            }
            progress(range.upperBound)
        }
        return byRoute
    }

    /// Hands out activations of both models' clean runs, one pair at one layer at a time: pairs within captures within layers
    /// within groups. Nothing is kept.
    /// - Throws: ``PatchError`` for a capture that the models do not have; what `body` throws.
    public func read(
        _ captures: [Capture], over pairs: [PackedPair], progress: (Int) -> Void = { _ in },
        body: (Reading) throws -> Void
    ) throws {
        try check([], pairs)
        for capture in captures { try check(capture) }
        let plan = PlanBuilder.plan([], for: models, captures: true)
        let needsAll = captures.contains { $0.site == .finalNorm }
        let end = needsAll ? models.layers : (captures.map(Self.lastLayer).max() ?? -1) + 1
        var scratch = Scratch()
        for range in PackedPair.groups(pairs) {
            var walk = GroupWalk(models, plan, Array(pairs[range]), captures: captures, workers: workers)
            try walk.advance(to: end, scratch: &scratch) { reading in
                try body(reading.shifted(by: range.lowerBound))
            }
            progress(range.upperBound)
        }
    }

    private static func lastLayer(_ capture: Capture) -> Int {
        capture.site == .embedding ? -1 : capture.layers.max() ?? -1
    }

    /// The logits after the last token of one sequence under a route, `[vocabulary]`; positions of the response are those of
    /// `continuation`, and edits of positions that are not there yet do nothing.
    /// - Throws: ``PatchError`` for a route that does not fit.
    public func logits(of route: Route, prompt: [Int], continuation: [Int]) throws(PatchError) -> [Float] {
        // One token more, so that the last row predicts something and is computed.
        let pair = PackedPair(id: 0, cluster: 0, prompt: prompt, chosen: continuation + [0], rejected: [])
        try check([route], [pair], allowsEmpty: true)
        var scratch = Scratch()
        let plan = PlanBuilder.plan([route], for: models)
        var walk = GroupWalk(models, plan, [pair] + Self.texts([route]), workers: workers)
        try advance(&walk, to: models.layers, &scratch)
        return walk.lastLogits(row: prompt.count + continuation.count - 1)
    }

    /// The texts that give donors, each once: they walk along with every group.
    private static func texts(_ routes: [Route]) -> [PackedPair] {
        var found: [[Int]] = []
        for text in routes.flatMap(\.edits).compactMap(\.change.text) where !found.contains(text) { found.append(text) }
        return found.map { PackedPair.text($0) }
    }

    private func advance(_ walk: inout GroupWalk, to end: Int, _ scratch: inout Scratch) throws(PatchError) {
        do { try walk.advance(to: end, scratch: &scratch) } catch let error as PatchError { throw error } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Every route's log-probabilities for one group, `[route][pair]`: all routes together, or halves of them in turn where the
    /// memory budget asks for it.
    func walk(
        _ routes: [Route], _ pairs: [PackedPair], measuresDivergence: Bool = false
    ) throws(PatchError) -> [[TokenLogProbabilities]] {
        let group = pairs + Self.texts(routes)
        // What KL is taken from walks along.
        let reference = measuresDivergence ? [Route(clean: .tuned, layers: models.layers)] : []
        let plan = PlanBuilder.plan(routes + reference, for: models)
        let size = PlanSize(plan, group, models)
        // Where rows are not independent, a row's bits may hang on which routes walk together: there all of them always do.
        if routes.count > 1, size.bytes > memory, Products.rowsAreIndependent {
            let half = routes.count / 2
            return try walk(Array(routes[..<half]), pairs, measuresDivergence: measuresDivergence)
                + walk(Array(routes[half...]), pairs, measuresDivergence: measuresDivergence)
        }
        var scratch = Scratch()
        var walk = GroupWalk(models, plan, group, mostRows: size.mostRows, workers: workers)
        try advance(&walk, to: models.layers, &scratch)
        let leaves = walk.conclude(
            against: measuresDivergence ? plan.leafOfRoute.last : nil, scratch: &scratch)
        for (index, pair) in pairs.enumerated() {
            guard leaves.allSatisfy({ $0[index].sums.chosen.isFinite && $0[index].sums.rejected.isFinite }) else {
                let tensor = models.base.firstNonFiniteWeight() ?? models.tuned.firstNonFiniteWeight()
                throw .notFinite(pair: pair.id, tensor: tensor)
            }
        }
        return plan.leafOfRoute.prefix(routes.count).map { Array(leaves[$0].prefix(pairs.count)) }
    }

    /// What the routes must compute, as ``OperationCount``.
    /// - Throws: ``PatchError`` for a plan that does not fit.
    public func operations(of routes: [Route], over pairs: [PackedPair]) throws(PatchError) -> OperationCount {
        try check(routes, pairs)
        let plan = PlanBuilder.plan(routes, for: models)
        return PackedPair.groups(pairs).reduce(OperationCount()) {
            $0 + PlanSize(plan, Array(pairs[$1]), models).operations
        }
    }
}

/// A walk whose plan is checked, to be run a group of pairs at a time; what a group gives hangs on nothing outside it, so
/// finished groups can be kept and passed over.
public struct PlannedWalk: Sendable {
    fileprivate let walk: Walk
    fileprivate let planned: [Route]
    fileprivate let measuresDivergence: Bool
    /// The pairs that walk together, in order.
    public let groups: [[PackedPair]]

    /// How many routes there are.
    public var routes: Int { planned.count }

    /// Runs one group, `[pair][route]`.
    /// - Throws: ``PatchError`` for results that are no numbers.
    public func run(group: Int) throws(PatchError) -> [[ResponseLogProbabilities]] {
        let byRoute = try walk.walk(planned, groups[group], measuresDivergence: measuresDivergence)
        return groups[group].indices.map { pair in byRoute.map { $0[pair].sums } }
    }

    /// The results of some groups in order, `[pair][route]`, as a walk's result.
    public func margins(of byPair: [[ResponseLogProbabilities]]) -> Margins {
        Margins(byRoute: planned.indices.map { route in byPair.map { $0[route] } })
    }
}
