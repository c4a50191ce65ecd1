import Interventions
import Notebooks
import Statistics
import Transformers

/// The walks of one `{patch}` block.
struct PatchRun {
    let request: PatchRequest
    let models: ModelPair
    let pairs: [PackedPair]
    let fitting: [PackedPair]
    let bindings: Bindings

    init(
        _ request: PatchRequest, models: ModelPair, pairs: [PackedPair], fitting: [PackedPair], bindings: Bindings
    ) {
        self.request = request
        self.models = models
        self.pairs = pairs
        self.fitting = fitting
        self.bindings = bindings
    }

    /// What the reader must know of the pairs.
    var notes: [String] {
        guard request.controls.contains(.lengthMatched) else { return [] }
        let count = Self.likeLengths(pairs).count
        return [
            "'length_matched' is the patch over the \(count) of \(pairs.count) pairs whose responses differ by at most a fifth of "
                + "the longer one, or two tokens."
        ]
    }

    /// Places of the pairs whose responses differ by at most a fifth of the longer one, or two tokens.
    static func likeLengths(_ pairs: [PackedPair]) -> [Int] {
        pairs.indices.filter { index in
            let (a, b) = (pairs[index].chosenTokens, pairs[index].rejectedTokens)
            return abs(a - b) <= max(2, max(a, b) / 5)
        }
    }

    /// Runs what the estimand needs.
    func measures() throws -> PatchMeasures {
        let layers = try EngineOptions.layers(request.layers, of: models)
        switch request.estimand {
        case .patch: return try patches(layers)
        case .swap, .leaveOneOut: return try blocks(layers)
        case .shapley: return try ShapleyRun(self, layers: layers).measures()
        }
    }

    private func patches(_ layers: [Int]) throws -> PatchMeasures {
        var sweep = PatchSweep(
            site: request.site, positions: request.positions, heads: try heads(), layers: layers,
            directions: request.directions, controls: [.none] + request.controls.filter(\.isRun), seed: bindings.seed)
        try addDirections(to: &sweep)
        if request.controls.contains(.neutral) { sweep.neutral = try neutralTokens() }
        let ends = request.directions.map { PatchSweep.ends($0, layers: models.layers) }
        let places = sweep.places
        let routes = cleanRoutes + sweep.routes(layers: models.layers) + ends.flatMap { [$0.embedding, $0.head] }
        let margins = try margins(routes)
        var measures = measures(margins, isWhole: layers.count == models.layers)
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
                less(embedding, measures[direction.recipient]), less(measures[direction.donor], last)
            )
        }
        if sweep.isHybrid { measures.addIncrements() }
        addMatched(to: &measures)
        return measures
    }

    private func blocks(_ layers: [Int]) throws -> PatchMeasures {
        let leavesOneOut = request.estimand == .leaveOneOut
        let sweep = BlockSweep(leavesOneOut: leavesOneOut, layers: layers, directions: request.directions)
        let routes = cleanRoutes + sweep.routes(layers: models.layers)
        let margins = try margins(routes)
        var measures = measures(margins, isWhole: layers.count == models.layers)
        measures.cells = sweep.places.enumerated().map { index, place in
            var cell = cell(place, margins.byRoute[2 + index], margins)
            if leavesOneOut, let found = cell.metric {
                cell.increments = less(measures[place.direction.donor], found)
            }
            return cell
        }
        addMatched(to: &measures)
        return measures
    }

    // MARK: Parts

    var cleanRoutes: [Route] { Source.allCases.map { Route(clean: $0, layers: models.layers) } }

    func measures(_ margins: Margins, isWhole: Bool) -> PatchMeasures {
        PatchMeasures(
            estimand: request.estimand, metric: request.metric, directions: request.directions,
            base: metric(margins.byRoute[0]), tuned: metric(margins.byRoute[1]), cells: [], isWhole: isWhole)
    }

    /// Walks routes over the pairs, with what the metric needs.
    func margins(_ routes: [Route], name: String = "group") throws -> Margins {
        try bindings.margins(
            of: routes, in: models, over: pairs, name: name, measuresDivergence: request.metric == .divergence)
    }

    func metric(_ runs: [ResponseLogProbabilities]) -> [Double] { request.metric.values(runs, pairs) }

    func less(_ left: [Double], _ right: [Double]) -> [Double] { zip(left, right).map { $0 - $1 } }

    /// The control `length_matched` repeats the patch's own cells; which pairs count is the statistics' affair.
    func addMatched(to measures: inout PatchMeasures) {
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
            place: place, metric: found, effects: less(found, metric(recipient)),
            chosen: less(runs.map(\.chosen), recipient.map(\.chosen)),
            rejected: less(runs.map(\.rejected), recipient.map(\.rejected)))
    }

    private func heads() throws -> [Int?] {
        guard request.isByHead else { return [nil] }
        guard request.site.hasHeads, let count = models.base.shape(of: request.site, layer: 0)?.heads else {
            throw CommandError(
                "'heads: each' needs a site that has heads, such as 'z', and '\(request.site.rawValue)' has none")
        }
        return Array(0..<count)
    }

    /// The neutral text's tokens, repeated until they are as many as the longest pair's.
    private func neutralTokens() throws -> [Int] {
        let tokenizer = try bindings.models(request.models).load(in: bindings.project).tokenizer
        let longest = pairs.map { $0.prompt.count + max($0.chosenTokens, $0.rejectedTokens) }.max() ?? 0
        var tokens = try tokenizer.encode(request.neutral, addingSpecialTokens: true)
        let again = try tokenizer.encode(" " + request.neutral, addingSpecialTokens: false)
        while tokens.count < longest, !again.isEmpty { tokens += again }
        return Array(tokens.prefix(longest))
    }

    /// Finds the directions that a rank or the control `covariance` asks for, on the fit pairs.
    private func addDirections(to sweep: inout PatchSweep) throws {
        guard request.rank != nil || request.controls.contains(.covariance) else { return }
        guard request.positions.count == 1, !request.isByHead, let positions = request.positions.first else {
            throw CommandError(
                "'rank' and the control 'covariance' take one choice of positions, and all heads together")
        }
        let differences = try DifferenceReader(models, threads: bindings.resources.threads).read(
            site: request.site, layers: sweep.layers, positions: positions, over: fitting)
        for (layer, moments) in differences {
            if request.controls.contains(.covariance) { sweep.axes[layer] = try moments.axes() }
            guard let rank = request.rank else { continue }
            let basis = try moments.basis(request.basis, rank: rank, seed: bindings.seed)
            sweep.bases[.none, default: [:]][layer] = basis
            sweep.bases[.random, default: [:]][layer] = DifferenceMoments.random(
                rank: basis.rank, width: basis.width, seed: bindings.seed, layer: layer)
        }
    }
}
