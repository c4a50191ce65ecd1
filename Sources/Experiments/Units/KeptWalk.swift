import Interventions

extension RunContext {
    /// A walk over a pair of models with what the run may use of the machine.
    func walk(_ models: ModelPair) -> Walk {
        Walk(models, threads: threads, memory: memory, isStopped: { isStopped })
    }

    /// Walks routes over pairs; a unit is a group of pairs that walk together.
    /// - Parameters:
    ///   - name: tells this walk from others of the same experiment.
    ///   - measuresDivergence: whether every route's mean KL from the tuned model is measured too.
    /// - Throws: `PatchError` as `Walk`, and what keeps a finished group from being kept.
    func margins(
        of routes: [Route], in models: ModelPair, over pairs: [PackedPair], name: String = "group",
        measuresDivergence: Bool = false
    ) throws -> Margins {
        let walk = try walk(models).plan(routes, over: pairs, measuresDivergence: measuresDivergence)
        let work = Work(
            name: name, noun: "pairs", counts: walk.groups.map(\.count),
            cost: WorkCost.estimates(rows: walk.groups.map(\.rows)) { WorkCost(walk.size(ofGroup: $0)) },
            read: { group, bytes in
                KeptDoubles.logProbabilities(
                    bytes, pairs: walk.groups[group].count, routes: routes.count, withDivergence: measuresDivergence)
            },
            write: {
                KeptDoubles.bytes(
                    $0.joined().flatMap { [$0.chosen, $0.rejected] + ($0.divergence.map { [$0] } ?? []) })
            },
            run: { group, _ in try walk.run(group: group) })
        return walk.margins(of: try fold(work, into: []) { $0 += $1 })
    }

    /// What reading a capture off the pairs of a range costs.
    func cost(
        of capture: Capture, in models: ModelPair, over pairs: [PackedPair]
    ) -> (_ range: Range<Int>) -> WorkCost {
        { WorkCost(walk(models).size(of: [capture], over: Array(pairs[$0]))) }
    }

    /// The margins of both models as they are; routes 0 and 1 are the base and the tuned model.
    func cleanMargins(_ models: ModelPair, over pairs: [PackedPair]) throws -> Margins {
        try margins(of: Route.clean(layers: models.layers), in: models, over: pairs)
    }
}

extension WorkCost {
    /// The cost of a walk.
    init(_ size: (operations: OperationCount, bytes: Int)) {
        self.init(operations: size.operations.total, bytes: size.bytes)
    }

    /// What units cost: counted for some that are spread over all, and in proportion to their rows for those around each.
    /// Counting one can take as long as a thousandth of the unit itself.
    static func estimates(
        rows: [Int], counted: @escaping (_ unit: Int) -> WorkCost
    ) -> (_ unit: Int) -> WorkCost {
        let stretch = max((rows.count + 7) / 8, 1)
        var known: [Int: WorkCost] = [:]
        return { unit in
            let first = unit / stretch * stretch
            let middle = (first + min(first + stretch, rows.count) - 1) / 2
            let cost = known[middle] ?? counted(middle)
            known[middle] = cost
            let share = Double(rows[unit]) / Double(max(rows[middle], 1))
            return unit == middle
                ? cost
                : WorkCost(
                    operations: Int(Double(cost.operations) * share), bytes: Int(Double(cost.bytes) * share))
        }
    }
}

extension [PackedPair] {
    /// Rows that a walk over them has for each of its runs, at most.
    fileprivate var rows: Int { reduce(0) { $0 + $1.prompt.count + $1.chosenTokens + $1.rejectedTokens } }
}

extension Work {
    /// Work over the pairs of a list; a unit is some groups of pairs that walk together.
    /// - Parameters:
    ///   - most: how many units at most, where a part is large beside the walk that it comes from; nil for one unit per group.
    ///   - cost: what a range of the list costs.
    ///   - run: computes the part of a range of the list.
    init(
        name: String, noun: String = "pairs", over pairs: [PackedPair], most: Int? = nil,
        read: @escaping (_ pairs: Range<Int>, _ bytes: [UInt8]) -> Part?, write: @escaping (Part) -> [UInt8],
        cost: @escaping (_ pairs: Range<Int>) -> WorkCost,
        run: @escaping (_ pairs: Range<Int>, _ progress: (Int) -> Void) throws -> Part
    ) {
        let groups = Walk.groups(of: pairs)
        let each = most.map { max((groups.count + $0 - 1) / $0, 1) } ?? 1
        let units = stride(from: 0, to: groups.count, by: each).map { first in
            groups[first].lowerBound..<groups[min(first + each, groups.count) - 1].upperBound
        }
        self.init(
            name: name, noun: noun, counts: units.map(\.count),
            cost: WorkCost.estimates(rows: units.map { Array(pairs[$0]).rows }) { cost(units[$0]) },
            read: { read(units[$0], $1) }, write: write,
            run: { try run(units[$0], $1) })
    }
}

extension Route {
    /// Both models as they are, the base first.
    static func clean(layers: Int) -> [Route] { Source.allCases.map { Route(clean: $0, layers: layers) } }
}
