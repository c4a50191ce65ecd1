import Numerics
import Transformers

/// One group of pairs walking up the layers under a plan: the only type here that holds activations.
///
/// It touches them by five verbs that take row numbers: gather, apply, run, score, read (`docs/architecture.md`).
struct GroupWalk {
    let models: ModelPair
    let plan: Plan
    let group: [PackedPair]
    let captures: [Capture]
    let workspace: Workspace
    private(set) var tracker: RowTracker
    /// The residual stream that the last boundary produced, and where each run's rows are in it, `[run][pair][tree row]`.
    private(set) var residual: Rows
    private(set) var rows: [[[Int32]]]

    /// Rows of the largest layer, so that its buffers are made once; 0 where that is not known.
    private let mostRows: Int

    init(
        _ models: ModelPair, _ plan: Plan, _ group: [PackedPair], captures: [Capture] = [], mostRows: Int = 0,
        workspace: Workspace
    ) {
        self.mostRows = mostRows
        self.models = models
        self.plan = plan
        self.group = group
        self.captures = captures
        self.workspace = workspace
        tracker = Self.tracker(plan, group, captures)
        let width = models.base.shape.width
        let counts = group.map(\.tree.rows)
        residual = Rows(count: plan.embeddings.count * counts.reduce(0, +), width: width)
        rows = []
        var start = 0
        for source in plan.embeddings {
            var own: [[Int32]] = []
            for pair in group {
                if pair.tree.rows > 0 { models[source].embedding.embed(pair.tree, into: residual.row(start)) }
                own.append((start..<start + pair.tree.rows).map(Int32.init))
                start += pair.tree.rows
            }
            rows.append(own)
        }
    }

    /// The rows that a walk of this plan computes, layer by layer.
    static func tracker(_ plan: Plan, _ group: [PackedPair], _ captures: [Capture] = []) -> RowTracker {
        let edited = plan.layers.indices.filter { layer in plan.layers[layer].runs.contains { !$0.changes.isEmpty } }
        let captured = captures.filter(\.site.isInsideBlock).flatMap(\.layers)
        let last = plan.layers.count - 1
        let moves = plan.edits.contains { $0.change.movesDonor }
        let reads = captures.contains { $0.site == .finalNorm || $0.layers.contains(last) }
        return RowTracker(
            plan, group, inside: Set(edited + captured), needsAllCleanOutputs: moves || reads,
            needsEnds: moves || !captures.isEmpty)
    }

    /// Walks all layers, or those before `end`; captures are handed out as they are reached.
    /// - Throws: what `body` throws; ``PatchError/stopped``.
    mutating func advance(
        to end: Int, isStopped: () -> Bool, body: (Reading) throws -> Void = { _ in }
    ) throws {
        try read(.embedding, layer: nil, boundary: 0, body)
        for number in 0..<end {
            if isStopped() { throw PatchError.stopped }
            try read(.residualPre, layer: number, boundary: number, body)
            try advance(number, body)
            try read(.residualPost, layer: number, boundary: number + 1, body)
        }
        if end == plan.layers.count { try read(.finalNorm, layer: nil, boundary: end, body) }
    }

    private mutating func advance(
        _ number: Int, _ body: (Reading) throws -> Void
    ) throws {
        let layer = plan.layers[number]
        let now = tracker.advance()
        let places = tracker.places(in: now)
        let count = max(now.count, mostRows)
        let next = workspace.rows(.residual(isOdd: number % 2 == 1), 0..<count, width: residual.width)
        gather(layer, now, boundary: number, into: next)
        let stack = LayerStack(
            residual: next, blocks: Source.allCases.map { models[$0].blocks[number] }, workspace: workspace)
        var kept: [Kept] = []
        for pass in now.passes {
            let parts = Array(now.parts[pass.parts])
            let segments = parts.map { part in
                Segment(
                    tree: group[part.pair].tree, rows: part.rows, start: part.start,
                    keyRows: places.keys[part.run][part.pair], outputs: part.outputs, outputStart: part.outputStart)
            }
            let inside = InsideBlock(
                plan: plan, layer: number, group: group, parts: parts, isClean: pass.isClean,
                captured: Set(captures.filter { $0.layers.contains(number) }.map(\.site)), models: models,
                block: pass.block, workers: workspace.workers)
            var shown: Set<Site> = []
            let visited = inside.sites
            models[pass.block].run(
                layer: number,
                BlockPass(segments, stack: stack, visited: visited) { site, rows in
                    shown.insert(site)
                    inside.visit(site, rows, &kept)
                }, workspace: workspace)
            precondition(shown == visited, "layer \(number) showed \(shown), not \(visited)")
        }
        for source in Source.allCases { models[source].release(layer: number) }
        residual = next
        rows = places.outputs
        try read(inside: kept, layer: number, body)
    }

    /// Copies each run's rows from the boundary before, edited as its state says.
    private func gather(_ layer: Plan.Layer, _ now: RowTracker.Layer, boundary: Int, into next: Rows) {
        workspace.workers.run(tasks: now.parts.count) { task, _ in
            let part = now.parts[task]
            let state = plan.states[boundary][layer.runs[part.run].parent]
            copy(part.rows, state, part.pair, boundary: boundary) { place in next.row(part.start + place) }
        }
    }

    /// Copies some rows of a state to where `target` says.
    func copy(
        _ wanted: [Int], _ state: Plan.State, _ pair: Int, boundary: Int,
        to target: (Int) -> UnsafeMutablePointer<Float>
    ) {
        let stored = rows[state.run][pair]
        for (place, row) in wanted.enumerated() {
            precondition(stored[row] >= 0, "row \(row) of a state was not computed")
            target(place).update(from: residual.row(Int(stored[row])), count: residual.width)
        }
        let shape = SiteShape(headWidth: residual.width)
        for edit in state.changes.edits.map({ plan.edits[$0] }) {
            Self.eachPlace(of: RowTracker.rows(of: edit, in: group[pair]), in: wanted) { place, row in
                edit.apply(to: target(place), row: row, pair: pair, group: group, shape: shape) { source in
                    plan.clean(source, boundary: boundary).map { DonorRows(matrix: residual, rows: rows[$0]) }
                }
            }
        }
    }

    /// Calls `body(place, row)` for the members of `rows` that are in `wanted`; both rise.
    static func eachPlace(of rows: [Int], in wanted: [Int], _ body: (_ place: Int, _ row: Int) -> Void) {
        var place = 0
        for row in rows {
            while place < wanted.count, wanted[place] < row { place += 1 }
            guard place < wanted.count else { return }
            if wanted[place] == row { body(place, row) }
        }
    }
}

// MARK: - Captures

extension GroupWalk {
    /// Hands out a boundary's captures.
    private func read(
        _ site: Site, layer: Int?, boundary: Int, _ body: (Reading) throws -> Void
    ) throws {
        for (index, capture) in captures.enumerated() where capture.site == site {
            if let layer, !capture.layers.contains(layer) { continue }
            try read(capture: index, layer: layer ?? max(boundary - 1, 0), width: residual.width, body) {
                source, pair, row in
                guard let run = plan.clean(source, boundary: boundary) else { return nil }
                let stored = residual.row(Int(rows[run][pair][row]))
                guard site == .finalNorm else {
                    return [Float](UnsafeBufferPointer(start: stored, count: residual.width))
                }
                return [Float](unsafeUninitializedCapacity: residual.width) { buffer, count in
                    if let start = buffer.baseAddress { models[source].head.norm(stored, into: start) }
                    count = residual.width
                }
            }
        }
    }

    /// Hands out what was kept of a block's inside.
    private func read(inside kept: [Kept], layer: Int, _ body: (Reading) throws -> Void) throws {
        for (index, capture) in captures.enumerated()
        where capture.site.isInsideBlock && capture.layers.contains(layer) {
            func rows(_ source: Source) -> Kept? {
                kept.first { $0.site == capture.site && plan.layers[layer].clean[source.rawValue] == $0.run }
            }
            let both = Source.allCases.map(rows)
            try read(capture: index, layer: layer, width: both[0]?.rows.matrix.width ?? 0, body) { source, pair, row in
                guard let kept = both[source.rawValue] else { return nil }
                return [Float](
                    UnsafeBufferPointer(start: kept.rows.row(row, ofPair: pair), count: kept.rows.matrix.width))
            }
        }
    }

    private func read(
        capture index: Int, layer: Int, width: Int, _ body: (Reading) throws -> Void,
        _ values: (Source, Int, Int) -> [Float]?
    ) throws {
        for (pair, packed) in group.enumerated() {
            let rows = captures[index].positions.rows(of: packed.tree)
            func all(_ source: Source) -> [Float] { rows.flatMap { values(source, pair, $0) ?? [] } }
            try body(
                Reading(
                    capture: index, layer: layer, pair: pair, rows: rows.map { packed.description(of: $0) },
                    width: width, base: all(.base), tuned: all(.tuned)))
        }
    }
}
