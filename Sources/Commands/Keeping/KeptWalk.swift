import Interventions
import Notebooks

extension Bindings {
    /// Walks routes over pairs a group at a time; groups that an earlier run of the block finished are not walked again.
    /// - Parameters:
    ///   - name: tells this walk from others of the same block.
    ///   - measuresDivergence: whether every route's mean KL from the tuned model is measured too.
    /// - Throws: `PatchError` as `Walk`, and `StoreError` when a finished group cannot be kept.
    func margins(
        of routes: [Route], in models: ModelPair, over pairs: [PackedPair], name: String = "group",
        measuresDivergence: Bool = false
    ) throws -> Margins {
        let walk = try Walk(models, threads: resources.threads, memory: resources.memory)
            .plan(routes, over: pairs, measuresDivergence: measuresDivergence)
        var results: [[ResponseLogProbabilities]] = []
        var kept = 0
        for (number, group) in walk.groups.enumerated() {
            let part = try self.kept(
                "\(name) \(number)",
                read: {
                    KeptDoubles.logProbabilities(
                        $0, pairs: group.count, routes: routes.count, withDivergence: measuresDivergence)
                },
                write: {
                    KeptDoubles.bytes(
                        $0.joined().flatMap { [$0.chosen, $0.rejected] + ($0.divergence.map { [$0] } ?? []) })
                }
            ) {
                try walk.run(group: number)
            }
            results += part.value
            if part.wasKept { kept += group.count }
            progress(Progress(unit: "pairs", done: results.count, total: pairs.count, kept: kept))
        }
        return walk.margins(of: results)
    }
}
