import Numerics
import Transformers

/// A clean run's rows of one site inside a block, kept while the layer lasts.
struct Kept: Sendable {
    let site: Site
    let run: Int
    let rows: DonorRows
}

/// What one pass through a block shows on the way, and what is done with it: clean runs are kept, others edited.
struct InsideBlock {
    let plan: Plan
    let layer: Int
    let group: [PackedPair]
    let parts: [RowTracker.Layer.Part]
    let isClean: Bool
    let captured: Set<Site>
    let models: ModelPair
    let block: Source
    let workers: Workers

    private var runs: [Plan.Run] { plan.layers[layer].runs }

    private func edits(of run: Int) -> [Edit] { runs[run].changes.edits.map { plan.edits[$0] } }

    /// Sites that the pass must show.
    var sites: Set<Site> {
        guard isClean else { return Set(parts.flatMap { edits(of: $0.run).map(\.site) }) }
        let donated = runs.flatMap(\.changes.edits).map { plan.edits[$0] }.filter { $0.change.donor != nil }.map(\.site)
        return Set(donated).union(captured.filter(\.isInsideBlock))
    }

    /// Keeps the rows of a site, or applies edits to them, by stack row.
    func visit(_ site: Site, _ rows: Rows, _ kept: inout [Kept]) {
        if isClean {
            for run in Set(parts.map(\.run)).sorted() { kept.append(keep(site, run, rows)) }
        } else {
            apply(site, rows, kept)
        }
    }

    private func rows(_ part: RowTracker.Layer.Part, _ site: Site) -> (rows: [Int], start: Int) {
        site.reachesLaterPositions
            ? (part.rows, part.start) : (part.outputs, part.outputStart)
    }

    private func keep(_ site: Site, _ run: Int, _ rows: Rows) -> Kept {
        let own = parts.filter { $0.run == run }
        let count = own.reduce(0) { $0 + self.rows($1, site).rows.count }
        let copy = Rows(count: count, width: rows.width)
        var next = 0
        var places = group.map { [Int32](repeating: -1, count: $0.tree.rows) }
        for part in own {
            let (here, start) = self.rows(part, site)
            for (place, row) in here.enumerated() {
                copy.row(next).update(from: rows.row(start + place), count: rows.width)
                places[part.pair][row] = Int32(next)
                next += 1
            }
        }
        return Kept(site: site, run: run, rows: DonorRows(matrix: copy, rows: places))
    }

    private func apply(_ site: Site, _ rows: Rows, _ kept: [Kept]) {
        guard let shape = models[block].shape(of: site, layer: layer) else { return }
        workers.run(tasks: parts.count) { task, _ in
            let part = parts[task]
            let (here, start) = self.rows(part, site)
            for edit in edits(of: part.run) where edit.site == site {
                GroupWalk.eachPlace(of: RowTracker.rows(of: edit, in: group[part.pair]), in: here) { place, row in
                    edit.apply(
                        to: rows.row(start + place), row: row, pair: part.pair, group: group, shape: shape
                    ) { source in
                        plan.layers[layer].clean[source.rawValue]
                            .flatMap { run in kept.first { $0.site == site && $0.run == run }?.rows }
                    }
                }
            }
        }
    }
}
