import Interventions
import Statistics

extension PatchResult {
    /// A sweep that was run elsewhere, with everything that is said of one that was run here.
    /// - Parameters:
    ///   - grid: records of a patch, each with the metric of the run, of the base and of the tuned model.
    ///   - request: what was patched; its layers, directions and controls are those of the records.
    /// - Throws: ``RecordError`` for clean models that differ within a pair, and where there is no patch.
    public init(_ grid: RecordGrid, _ request: PatchRequest, halves: Halves, seed: UInt64) throws(RecordError) {
        try grid.check(request.controls)
        let measures = try PatchMeasures(grid, request)
        numbers = Array(grid.pairs.indices)
        likeLengths = 0
        effects = PatchEffects(
            measures, halves: halves, clusters: grid.clusters, excess: nil, matched: [], negligible: request.negligible,
            seed: seed)
        stop = nil
        summary = PatchSummary(effects)
        concentration = LayerConcentration(effects, norms: nil)
        sets = nil
    }
}

extension PatchRequest {
    /// Whether its patches are hybrids: donor up to the layer, recipient after.
    public var isHybrid: Bool {
        estimand == .patch && rank == nil && !isByHead
            && PatchSweep(site: site, positions: positions, layers: layers).isHybrid
    }
}

extension PatchMeasures {
    /// The measures that a grid of records holds.
    fileprivate init(_ grid: RecordGrid, _ request: PatchRequest) throws(RecordError) {
        let (base, tuned) = try grid.cleanModels()
        let found = grid.places.compactMap { place in place.run.map { (place: place, run: $0, layer: place.layer ?? 0) }
        }
        let directions = Direction.allCases.filter { direction in
            found.contains { $0.run == RecordPlace.Run(direction, .none) && $0.layer >= 0 }
        }
        guard !directions.isEmpty else { throw RecordError(.noPatch) }
        self.init(
            estimand: request.estimand, metric: request.metric, directions: directions, base: base, tuned: tuned,
            cells: [])
        func effects(_ numbers: [Double], _ direction: Direction) -> [Double] {
            numbers.minus(self[direction.recipient])
        }
        isHybrid = request.isHybrid
        for direction in directions {
            for control in [Control.none] + request.controls {
                let run = RecordPlace.Run(direction, control)
                for (place, _, layer) in found.filter({ $0.run == run && $0.layer >= 0 }).sorted(by: {
                    $0.layer < $1.layer
                }) {
                    let metric = grid.numbers(0, at: place)
                    var cell = PatchCell(
                        place: Place(
                            layer: layer, positions: request.positions[0], direction: direction, control: control),
                        metric: metric, effects: effects(metric, direction), chosen: nil, rejected: nil)
                    if request.estimand == .leaveOneOut, control == .none {
                        cell.increments = self[direction.donor].minus(metric)
                    }
                    cells.append(cell)
                }
            }
            let embedding = found.first { $0.run == RecordPlace.Run(direction, .none) && $0.layer == -1 }
            let last = cells.last { $0.place.direction == direction && $0.place.control == .none }
            if isHybrid, let embedding, let last = last?.metric {
                ends[direction] = (
                    effects(grid.numbers(0, at: embedding.place), direction),
                    self[direction.donor].minus(last)
                )
            }
        }
        // Whether the last layer is among them, no record says.
        isWhole = false
        if isHybrid { addIncrements() }
    }
}

extension RecordGrid {
    /// Checks that the records have the controls named, and no other.
    fileprivate func check(_ controls: [Control]) throws(RecordError) {
        let found = places.compactMap(\.run?.control)
        for place in places {
            guard let control = place.run?.control, control != .none, !controls.contains(control) else { continue }
            throw RecordError(row: record(pairs[0], at: place)?.row, .unnamedControl(control))
        }
        if let control = controls.first(where: { !found.contains($0) }) { throw RecordError(.absentControl(control)) }
    }

    /// The metric of both models as they are, `[pair]`, which every record of a pair must agree on.
    fileprivate func cleanModels() throws(RecordError) -> (base: [Double], tuned: [Double]) {
        for pair in pairs {
            let own = places.compactMap { record(pair, at: $0) }.sorted { $0.row < $1.row }
            guard let first = own.first else { continue }
            for record in own {
                for (number, column) in [(1, "base"), (2, "tuned")]
                where record.numbers[number] != first.numbers[number] {
                    throw RecordError(
                        row: record.row,
                        .different(
                            column: column, found: "\(record.numbers[number])", before: "\(first.numbers[number])",
                            first: first.row))
                }
            }
        }
        return (numbers(1, at: places[0]), numbers(2, at: places[0]))
    }
}
