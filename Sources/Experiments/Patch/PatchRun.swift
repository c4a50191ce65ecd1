import Interventions
import Statistics
import Transformers

/// The walks of one sweep.
struct PatchRun<Context: RunContext> {
    let request: PatchRequest
    let models: ModelPair
    let pairs: [PackedPair]
    /// The pairs that directions are found on.
    let fitting: [PackedPair]
    let context: Context
    /// Tells its walk from others of the same sweep.
    var name = "group"

    /// Places of the pairs whose responses differ by at most a fifth of the longer one, or two tokens.
    var likeLengths: [Int] {
        pairs.indices.filter { index in
            let (a, b) = (pairs[index].chosenTokens, pairs[index].rejectedTokens)
            return abs(a - b) <= max(2, max(a, b) / 5)
        }
    }

    /// Runs what the estimand needs.
    func measures() throws -> PatchMeasures {
        var measures =
            switch request.estimand {
            case .patch: try patches()
            case .swap, .leaveOneOut: try blocks()
            case .shapley: try ShapleyRun(self).measures()
            }
        addMatched(to: &measures)
        return measures
    }

    private func patches() throws -> PatchMeasures {
        let directions = PatchDirections(self)
        guard directions.areNeeded else { return try patches([:]) }
        return try context.after({ try directions.byLayer() }, standIn: { directions.standIns }) { try patches($0) }
    }

    private func patches(_ found: [Int: PatchDirections<Context>.Layer]) throws -> PatchMeasures {
        var sweep = PatchSweep(
            site: request.site, positions: request.positions, heads: try heads(), layers: request.layers,
            directions: request.directions, controls: [.none] + request.controls.filter(\.isRun), seed: context.seed)
        for (layer, directions) in found {
            sweep.axes[layer] = directions.axes
            guard let basis = directions.basis else { continue }
            sweep.bases[.none, default: [:]][layer] = basis
            sweep.bases[.random, default: [:]][layer] = DifferenceMoments.random(
                rank: basis.rank, width: basis.width, seed: context.seed, layer: layer)
        }
        sweep.neutral = request.neutral?.tokens(for: pairs) ?? []
        let ends = request.directions.map { PatchSweep.ends($0, layers: models.layers) }
        let places = sweep.places
        let margins = try margins(sweep.routes(layers: models.layers) + ends.flatMap { [$0.embedding, $0.head] })
        var measures = measures(margins)
        measures.isHybrid = sweep.isHybrid
        measures.cells = places.enumerated().map { cell($1, margins.byRoute[2 + $0], margins) }
        for (number, direction) in request.directions.enumerated() {
            let first = 2 + places.count + 2 * number
            let embedding = metric(margins.byRoute[first])
            measures.heads[direction] = metric(margins.byRoute[first + 1])
            guard sweep.isHybrid else { continue }
            let last = measures.cells.last {
                $0.place.direction == direction && $0.place.control == .none && $0.place.layer == models.layers - 1
            }
            guard let last = last?.metric else { continue }
            measures.ends[direction] = (
                embedding.minus(measures[direction.recipient]), measures[direction.donor].minus(last)
            )
        }
        if sweep.isHybrid { measures.addIncrements() }
        return measures
    }

    private func blocks() throws -> PatchMeasures {
        let leavesOneOut = request.estimand == .leaveOneOut
        let sweep = BlockSweep(leavesOneOut: leavesOneOut, layers: request.layers, directions: request.directions)
        let margins = try margins(sweep.routes(layers: models.layers))
        var measures = measures(margins)
        measures.cells = sweep.places.enumerated().map { index, place in
            var cell = cell(place, margins.byRoute[2 + index], margins)
            if leavesOneOut, let found = cell.metric {
                cell.increments = measures[place.direction.donor].minus(found)
            }
            return cell
        }
        return measures
    }

    // MARK: Parts

    /// The same over other pairs, with nothing to fit.
    func over(_ pairs: [PackedPair]) -> PatchRun {
        PatchRun(request: request, models: models, pairs: pairs, fitting: [], context: context)
    }

    /// What both models do as they are; no cell yet.
    func measures(_ margins: Margins) -> PatchMeasures {
        PatchMeasures(
            estimand: request.estimand, metric: request.metric, directions: request.directions,
            base: metric(margins.byRoute[0]), tuned: metric(margins.byRoute[1]), cells: [],
            isWhole: request.layers.count == models.layers)
    }

    /// Walks routes over the pairs, with what the metric needs; routes 0 and 1 are the two models as they are.
    func margins(_ routes: [Route], name: String? = nil) throws -> Margins {
        try context.margins(
            of: Route.clean(layers: models.layers) + routes, in: models, over: pairs, name: name ?? self.name,
            measuresDivergence: request.metric == .divergence)
    }

    func metric(_ runs: [ResponseLogProbabilities]) -> [Double] { request.metric.values(runs, pairs) }

    /// The control `length_matched` repeats the patch's own cells; the statistics choose which pairs count.
    private func addMatched(to measures: inout PatchMeasures) {
        guard request.controls.contains(.lengthMatched) else { return }
        measures.cells += measures.cells.filter { $0.place.control == .none }.map { cell in
            let place = cell.place
            return PatchCell(
                place: Place(
                    layer: place.layer, head: place.head, positions: place.positions, direction: place.direction,
                    control: .lengthMatched), metric: cell.metric, effects: cell.effects, chosen: cell.chosen,
                rejected: cell.rejected, orderError: cell.orderError, increments: cell.increments)
        }
    }

    private func cell(_ place: Place, _ runs: [ResponseLogProbabilities], _ margins: Margins) -> PatchCell {
        let recipient = margins.byRoute[place.direction.recipient == .base ? 0 : 1]
        let found = metric(runs)
        return PatchCell(
            place: place, metric: found, effects: found.minus(metric(recipient)),
            chosen: runs.map(\.chosen).minus(recipient.map(\.chosen)),
            rejected: runs.map(\.rejected).minus(recipient.map(\.rejected)))
    }

    private func heads() throws(ExperimentError) -> [Int?] {
        guard request.isByHead else { return [nil] }
        guard request.site.hasHeads, let count = models.base.shape(of: request.site, layer: 0)?.heads else {
            throw .noHeads(request.site)
        }
        return Array(0..<count)
    }
}
