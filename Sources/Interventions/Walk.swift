import Tensors
import Transformers

/// Walks routes up the layers in lockstep: at each layer every distinct state advances by one block, edits are applied, and
/// routes part.
///
/// A task is one state of one pair, so what it computes hangs on that pair's tokens alone: results are the same bits for any
/// number of threads.
public struct Walk: Sendable {
    private let models: ModelPair
    private let workers: Workers

    /// - Parameter threads: how many threads work side by side.
    public init(_ models: ModelPair, threads: Int) {
        self.models = models
        workers = Workers(count: threads)
    }

    /// Runs every route over every pair.
    /// - Parameter progress: called with the number of pairs done, after each group of pairs.
    /// - Throws: ``PatchError`` for a plan that does not fit, before anything runs, and for results that are no numbers.
    public func run(
        _ routes: [Route], over pairs: [PackedPair], progress: (Int) -> Void = { _ in }
    ) throws(PatchError) -> Margins {
        let plan = try Plan(routes, for: models)
        try check(routes, pairs)
        var byPair: [[ResponseLogProbabilities]] = []
        for group in PackedPair.groups(pairs) {
            let leaves = walk(plan, group)
            for (index, pair) in group.enumerated() {
                let results = leaves.map { $0[index] }
                guard results.allSatisfy({ $0.chosen.isFinite && $0.rejected.isFinite }) else {
                    let tensor = models.base.firstNonFiniteWeight() ?? models.tuned.firstNonFiniteWeight()
                    throw .notFinite(pair: pair.id, tensor: tensor)
                }
                byPair.append(plan.leafOfRoute.map { results[$0] })
            }
            progress(byPair.count)
        }
        return Margins(byRoute: routes.indices.map { route in byPair.map { $0[route] } })
    }

    private func check(_ routes: [Route], _ pairs: [PackedPair]) throws(PatchError) {
        let maximum = min(models.base.shape.maximumLength, models.tuned.shape.maximumLength)
        let vocabulary = models.base.shape.vocabulary
        let edits = routes.flatMap(\.edits)
        for pair in pairs {
            if pair.tree.depth > maximum { throw .tooLong(pair: pair.id, tokens: pair.tree.depth, maximum: maximum) }
            if let token = pair.tree.tokens.first(where: { !(0..<vocabulary).contains($0) }) {
                throw .unknownToken(token, pair: pair.id, vocabulary: vocabulary)
            }
            for positions in Set(edits.map(\.positions)) where positions.rows(of: pair.tree).isEmpty {
                throw .emptySelection(positions: positions.rawValue, pair: pair.id)
            }
        }
        let needsOther = edits.contains { if case .replaceFromOtherPair = $0.change { true } else { false } }
        if needsOther, pairs.count == 1 { throw .noOtherPair }
    }

    /// The leaves' log-probabilities for one group, `[leaf][pair]`.
    private func walk(_ plan: Plan, _ group: [PackedPair]) -> [[ResponseLogProbabilities]] {
        let layout = GroupLayout(group, width: models.base.shape.width)
        let scratch = (0..<workers.count).map { _ in
            Source.allCases.map { models[$0].scratch(rows: layout.mostRows, depth: layout.depth) }
        }
        var states = plan.embeddings.map { source in
            let state = FloatBuffer(count: layout.count)
            for (pair, start) in zip(group, layout.starts) {
                models[source].embed(pair.tree.tokens, into: state.pointer + start)
            }
            return state
        }
        for (number, layer) in plan.layers.enumerated() {
            let outputs = advance(layer, number, states, group, layout, scratch)
            states = edit(layer, outputs, group, layout)
        }
        return conclude(plan, states, group, layout)
    }

    /// Runs a layer's blocks; a state with one successor is advanced in place, others are copied first.
    private func advance(
        _ layer: Plan.Layer, _ number: Int, _ states: [FloatBuffer], _ group: [PackedPair], _ layout: GroupLayout,
        _ scratch: [[FloatBuffer]]
    ) -> [FloatBuffer] {
        var blocks: [(any TransformerBlock)?] = [nil, nil]
        for source in Source.allCases where layer.runs.contains(where: { $0.block == source }) {
            blocks[source.rawValue] = models[source].block(
                number, depth: layout.depth, sharing: blocks[Source.base.rawValue], workers: workers)
        }
        var successors = Array(repeating: 0, count: states.count)
        for run in layer.runs { successors[run.parent] += 1 }
        let outputs = layer.runs.map { run in
            successors[run.parent] == 1 ? states[run.parent] : FloatBuffer(count: layout.count)
        }
        let ready = blocks
        workers.run(tasks: layer.runs.count * group.count) { task, worker in
            let (index, pair) = task.quotientAndRemainder(dividingBy: group.count)
            let run = layer.runs[index]
            let state = outputs[index].pointer + layout.starts[pair]
            if outputs[index] !== states[run.parent] {
                state.update(from: states[run.parent].pointer + layout.starts[pair], count: layout.counts[pair])
            }
            ready[run.block.rawValue]?.run(
                state, over: group[pair].tree, scratch: scratch[worker][run.block.rawValue])
        }
        return outputs
    }

    /// Makes the edited copies of a layer's outputs; unedited ones are handed on as they are.
    private func edit(
        _ layer: Plan.Layer, _ outputs: [FloatBuffer], _ group: [PackedPair], _ layout: GroupLayout
    ) -> [FloatBuffer] {
        let states = layer.states.map { $0.edit == nil ? outputs[$0.run] : FloatBuffer(count: layout.count) }
        workers.run(tasks: layer.states.count * group.count) { task, _ in
            let (index, pair) = task.quotientAndRemainder(dividingBy: group.count)
            let planned = layer.states[index]
            guard let edit = planned.edit else { return }
            let target = states[index].pointer + layout.starts[pair]
            target.update(from: outputs[planned.run].pointer + layout.starts[pair], count: layout.counts[pair])
            edit.edit.apply(
                to: target, donor: outputs[edit.donorRun].pointer, pair: pair, group: group, layout: layout)
        }
        return states
    }

    private func conclude(
        _ plan: Plan, _ states: [FloatBuffer], _ group: [PackedPair], _ layout: GroupLayout
    ) -> [[ResponseLogProbabilities]] {
        var results = plan.leaves.map { _ in [ResponseLogProbabilities]() }
        for source in Source.allCases {
            let leaves = plan.leaves.indices.filter { plan.leaves[$0].head == source }
            guard !leaves.isEmpty else { continue }
            let head = models[source].head
            let jobs = leaves.flatMap { leaf in
                group.indices.map { pair in
                    Head.Job(
                        group[pair].tree, state: states[plan.leaves[leaf].state].pointer + layout.starts[pair],
                        head: head)
                }
            }
            let sums = head.logProbabilities(of: jobs, workers: workers)
            for (place, leaf) in leaves.enumerated() {
                results[leaf] = sums[place * group.count..<(place + 1) * group.count].map {
                    ResponseLogProbabilities(chosen: $0[PackedPair.chosen], rejected: $0[PackedPair.rejected])
                }
            }
        }
        return results
    }
}
