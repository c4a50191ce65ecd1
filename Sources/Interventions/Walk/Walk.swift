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
    private let panelFloats: Int
    private let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - threads: how many threads work side by side.
    ///   - memory: bytes of working memory that decide how many routes walk together; `nil` for a third of what is free.
    ///   - panelFloats: floats of weights that are decoded at once.
    ///   - isStopped: asked before each layer; once it says so, the walk ends with ``PatchError/stopped``.
    public init(
        _ models: ModelPair, threads: Int, memory: Int? = nil, panelFloats: Int = Workspace.panelFloats,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.isStopped = isStopped
        self.panelFloats = panelFloats
        self.models = models
        workers = Workers(count: threads)
        self.memory = memory ?? FreeMemory.bytes() / 3
    }

    /// The pairs that walk together, as ranges of the list.
    public static func groups(of pairs: [PackedPair]) -> [Range<Int>] { PackedPair.groups(pairs) }

    /// Runs every route over every pair.
    /// - Parameters:
    ///   - progress: called with the number of pairs done, after each group of pairs.
    ///   - measuresDivergence: whether every route's mean KL from the tuned model's clean run is measured too.
    /// - Throws: ``PatchError`` for a plan that does not fit, before anything runs, and for results that are no numbers.
    public func run(
        _ routes: [Route], over pairs: [PackedPair], progress: (Int) -> Void = { _ in },
        measuresDivergence: Bool = false
    ) throws(PatchError) -> Margins {
        let planned = try plan(routes, over: pairs, measuresDivergence: measuresDivergence)
        var byPair: [[ResponseLogProbabilities]] = []
        for group in planned.groups.indices {
            byPair += try planned.run(group: group)
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
            walk: self, routes: PlannedRoutes(routes, models, measuresDivergence: measuresDivergence),
            groups: PackedPair.groups(pairs).map { Array(pairs[$0]) })
    }

    /// log p of every response token under every route, `[route][pair]`.
    /// - Throws: ``PatchError`` as ``run(_:over:progress:measuresDivergence:)``.
    public func tokens(
        _ routes: [Route], over pairs: [PackedPair], progress: (Int) -> Void = { _ in }
    ) throws(PatchError) -> [[TokenLogProbabilities]] {
        try check(routes, pairs)
        let planned = PlannedRoutes(routes, models)
        var byRoute: [[TokenLogProbabilities]] = routes.map { _ in [] }
        for range in PackedPair.groups(pairs) {
            for (route, tokens) in try walk(planned, Array(pairs[range])).enumerated() {
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
        let end = end(of: captures)
        let workspace = workspace()
        for range in PackedPair.groups(pairs) {
            var walk = GroupWalk(models, plan, Array(pairs[range]), captures: captures, workspace: workspace)
            try walk.advance(to: end, isStopped: isStopped) { reading in
                try body(reading.shifted(by: range.lowerBound))
            }
            progress(range.upperBound)
        }
    }

    /// What reading the captures must compute, and the bytes of activations that the largest group of pairs takes.
    public func size(of captures: [Capture], over pairs: [PackedPair]) -> (operations: OperationCount, bytes: Int) {
        let plan = PlanBuilder.plan([], for: models, captures: true)
        let end = end(of: captures)
        return PackedPair.groups(pairs).reduce((OperationCount(), 0)) { total, range in
            let size = PlanSize(plan, Array(pairs[range]), models, captures: captures, before: end)
            return (total.0 + size.operations, max(total.1, size.bytes))
        }
    }

    /// The layer before which a walk that reads the captures ends.
    private func end(of captures: [Capture]) -> Int {
        let needsAll = captures.contains { $0.site == .finalNorm }
        return needsAll ? models.layers : (captures.map(Self.lastLayer).max() ?? -1) + 1
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
        let plan = PlanBuilder.plan([route], for: models)
        var walk = GroupWalk(models, plan, [pair] + PlannedRoutes.texts([route]), workspace: workspace())
        try advance(&walk, to: models.layers)
        return walk.lastLogits(row: prompt.count + continuation.count - 1)
    }

    private func workspace() -> Workspace { Workspace(workers, panelFloats: panelFloats) }

    private func advance(_ walk: inout GroupWalk, to end: Int) throws(PatchError) {
        do { try walk.advance(to: end, isStopped: isStopped) } catch let error as PatchError { throw error } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Every route's log-probabilities for one group, `[route][pair]`: all routes together, or halves of them in turn where the
    /// memory budget asks for it.
    func walk(_ planned: PlannedRoutes, _ pairs: [PackedPair]) throws(PatchError) -> [[TokenLogProbabilities]] {
        let group = pairs + planned.texts
        let size = PlanSize(planned.plan, group, models)
        if let halves = halves(planned, size) { return try walk(halves.0, pairs) + walk(halves.1, pairs) }
        var walk = GroupWalk(models, planned.plan, group, mostRows: size.mostRows, workspace: workspace())
        try advance(&walk, to: models.layers)
        let leaves = walk.score(against: planned.reference)
        for (index, pair) in pairs.enumerated() {
            guard leaves.allSatisfy({ $0[index].sums.chosen.isFinite && $0[index].sums.rejected.isFinite }) else {
                let tensor = models.base.firstNonFiniteWeight() ?? models.tuned.firstNonFiniteWeight()
                throw .notFinite(pair: pair.id, tensor: tensor)
            }
        }
        return planned.plan.leafOfRoute.prefix(planned.routes.count).map { Array(leaves[$0].prefix(pairs.count)) }
    }

    /// The routes in two halves, where all together take more memory than there is. Where rows are not independent, a row's bits may
    /// depend on which routes walk together: there all of them always do.
    private func halves(_ planned: PlannedRoutes, _ size: PlanSize) -> (PlannedRoutes, PlannedRoutes)? {
        planned.routes.count > 1 && size.bytes > memory && Products.rowsAreIndependent ? planned.halves(models) : nil
    }

    /// What one group must compute, and the bytes of activations that it takes at once.
    fileprivate func size(_ planned: PlannedRoutes, _ pairs: [PackedPair]) -> (operations: OperationCount, bytes: Int) {
        let size = PlanSize(planned.plan, pairs + planned.texts, models)
        guard let halves = halves(planned, size) else { return (size.operations, size.bytes) }
        let (first, second) = (self.size(halves.0, pairs), self.size(halves.1, pairs))
        return (first.operations + second.operations, max(first.bytes, second.bytes))
    }

    /// What the routes must compute, and the bytes of activations that the largest group of pairs takes.
    /// - Throws: ``PatchError`` for a plan that does not fit.
    public func size(
        of routes: [Route], over pairs: [PackedPair]
    ) throws(PatchError) -> (operations: OperationCount, bytes: Int) {
        try check(routes, pairs)
        let plan = PlanBuilder.plan(routes, for: models)
        return PackedPair.groups(pairs).reduce((OperationCount(), 0)) { total, range in
            let size = PlanSize(plan, Array(pairs[range]), models)
            return (total.0 + size.operations, max(total.1, size.bytes))
        }
    }
}

/// Routes with the plan of what they share.
struct PlannedRoutes: Sendable {
    let routes: [Route]
    let plan: Plan
    /// The texts that give donors, each once: they walk along with every group.
    let texts: [PackedPair]
    private let measuresDivergence: Bool

    init(_ routes: [Route], _ models: ModelPair, measuresDivergence: Bool = false) {
        self.routes = routes
        self.measuresDivergence = measuresDivergence
        // What KL is taken from walks along.
        let reference = measuresDivergence ? [Route(clean: .tuned, layers: models.layers)] : []
        plan = PlanBuilder.plan(routes + reference, for: models)
        texts = Self.texts(routes)
    }

    /// The leaf that KL is taken from, where it is measured.
    var reference: Int? { measuresDivergence ? plan.leafOfRoute.last : nil }

    /// The routes in two halves, each with a plan of its own.
    func halves(_ models: ModelPair) -> (PlannedRoutes, PlannedRoutes) {
        let half = routes.count / 2
        func part(_ routes: ArraySlice<Route>) -> PlannedRoutes {
            PlannedRoutes(Array(routes), models, measuresDivergence: measuresDivergence)
        }
        return (part(routes[..<half]), part(routes[half...]))
    }

    static func texts(_ routes: [Route]) -> [PackedPair] {
        var found: [[Int]] = []
        for text in routes.flatMap(\.edits).compactMap(\.change.text) where !found.contains(text) { found.append(text) }
        return found.map { PackedPair.text($0) }
    }
}

/// A walk that is checked and planned, to be run a group of pairs at a time. What a group gives depends on nothing outside it, so the
/// groups can be run anywhere, in any order, and their results kept.
public struct PlannedWalk: Sendable {
    fileprivate let walk: Walk
    fileprivate let routes: PlannedRoutes
    /// The pairs that walk together, in order.
    public let groups: [[PackedPair]]

    /// Runs one group, `[pair][route]`.
    /// - Throws: ``PatchError`` for results that are no numbers.
    public func run(group: Int) throws(PatchError) -> [[ResponseLogProbabilities]] {
        let byRoute = try walk.walk(routes, groups[group])
        return groups[group].indices.map { pair in byRoute.map { $0[pair].sums } }
    }

    /// What one group must compute, and the bytes of activations that it takes at once.
    public func size(ofGroup group: Int) -> (operations: OperationCount, bytes: Int) {
        walk.size(routes, groups[group])
    }

    /// The results of all groups in order, `[pair][route]`, as a walk's result.
    public func margins(of byPair: [[ResponseLogProbabilities]]) -> Margins {
        Margins(byRoute: routes.routes.indices.map { route in byPair.map { $0[route] } })
    }
}
