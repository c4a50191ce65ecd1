import Interventions
import Statistics

/// Shapley shares of the layers, embedding and head among the players where they differ: Σ is m(donor) − m(recipient) exactly.
struct ShapleyRun<Context: RunContext> {
    private let run: PatchRun<Context>
    /// Layers that are players; blocks that are one in both models add nothing to any set, and are left out of the orders.
    private let layers: [Int]
    private let sampling: ShapleySampling

    /// The two ends as players, after the layers.
    private enum End: Int, CaseIterable { case embedding, head }
    private let ends: [End]

    init(_ run: PatchRun<Context>) {
        self.run = run
        layers = run.request.layers.filter(run.models.changedLayers.contains)
        ends = run.models.hasSameEnds ? [] : End.allCases
        sampling = ShapleySampling(
            players: layers.count + ends.count, orders: run.request.orders, seed: run.context.seed)
    }

    func measures() throws -> PatchMeasures {
        let directions = run.request.directions
        let routes = directions.flatMap { direction in
            sampling.orders.indices.flatMap { order in
                (0...sampling.players).map { route(direction, sampling.members(order, after: $0)) }
            }
        }
        let margins = try run.margins(routes)
        var measures = run.measures(margins)
        var next = 2
        for direction in directions {
            let worth = sampling.orders.map { _ in
                let steps = (0...sampling.players).map { run.metric(margins.byRoute[next + $0]) }
                next += steps.count
                return steps
            }
            add(worth, direction, to: &measures)
        }
        return measures
    }

    private func route(_ direction: Direction, _ members: [Int]) -> Route {
        var route = Route(
            recipient: direction.recipient, layers: run.models.layers,
            donated: members.filter { $0 < layers.count }.map { layers[$0] })
        for end in members.filter({ $0 >= layers.count }).map({ ends[$0 - layers.count] }) {
            switch end {
            case .embedding: route.embedding = direction.donor
            case .head: route.head = direction.donor
            }
        }
        return route
    }

    /// - Parameter worth: `[order][step][pair]`.
    private func add(_ worth: [[[Double]]], _ direction: Direction, to measures: inout PatchMeasures) {
        let pairs = run.pairs.indices
        let byPair = pairs.map { pair in
            sampling.estimate(worth.map { steps in steps.map { $0[pair] } }).shares
        }
        let whole = sampling.estimate(worth.map { steps in steps.map(\.mean) })
        let nothing = [Double](repeating: 0, count: run.pairs.count)
        for layer in run.request.layers {
            let player = layers.firstIndex(of: layer)
            measures.cells.append(
                PatchCell(
                    place: Place(layer: layer, positions: .all, direction: direction, control: .none), metric: nil,
                    effects: player.map { player in byPair.map { $0[player] } } ?? nothing, chosen: nil, rejected: nil,
                    orderError: player == nil ? 0 : player.flatMap { whole.standardErrors?[$0] }))
        }
        func shares(_ end: End) -> [Double] {
            ends.firstIndex(of: end).map { place in byPair.map { $0[layers.count + place] } } ?? nothing
        }
        measures.ends[direction] = (shares(.embedding), shares(.head))
    }
}
