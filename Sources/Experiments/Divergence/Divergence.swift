import Interventions
import Statistics

/// Four mixtures of two models at the first position where the models prefer different tokens, read as the margin between the two
/// tokens (after arXiv 2605.07284).
public struct Divergence: Sendable {
    /// Whose final norm and head read the states.
    public enum Readout: String, Sendable, CaseIterable {
        /// The later layers' own.
        case later
        case base
        case tuned
    }

    /// The positions, in the order of their pairs.
    public let places: [FirstDivergence]
    /// How many texts were searched and have no such position.
    public let agreeing: Int
    /// Effects by layer; nil where no text has such a position.
    public let effects: FactorialEffects?

    /// Finds the positions and runs the cells.
    /// - Parameters:
    ///   - layers: where the models change over, each the first of the later layers; 0 and the number of layers are always added.
    ///   - halves: of the pairs.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], search: FirstDivergence.Search, layers: [Int], readout: Readout,
        halves: Halves, negligible: Double, in context: some RunContext
    ) throws {
        let (places, cells) = try context.after(
            { try search.divergences(of: models, over: pairs, in: context) },
            standIn: { search.standIns(over: pairs) }
        ) { places in
            let cells =
                try places.isEmpty
                ? [] : Self.cells(of: models, at: places, of: pairs, layers: layers, readout: readout, in: context)
            return (places, cells)
        }
        self.places = places
        agreeing = (search.text == .generated ? Set(pairs.map(\.prompt)).count : pairs.count) - places.count
        guard !cells.isEmpty else {
            effects = nil
            return
        }
        func members(of half: [Int]) -> [Int] {
            let half = Set(half)
            return places.indices.filter { half.contains(places[$0].pair) }
        }
        effects = FactorialEffects(
            cells, numbers: places.map(\.pair), clusters: places.map { pairs[$0.pair].cluster },
            halves: halves.areApart
                ? Halves(fit: members(of: halves.fit), confirm: members(of: halves.confirm), of: places.count)
                : Halves(all: places.count), negligible: negligible, seed: context.seed)
    }

    /// How many tokens come after the prompt before the models differ, on average; nil where they nowhere do.
    public var meanPosition: Double? { places.isEmpty ? nil : places.map { Double($0.agreed) }.mean }

    /// The cells of each layer, rising: log p of the tuned model's token minus that of the base's, in nats.
    /// - Parameters:
    ///   - places: positions of pairs, by their place in `pairs`.
    ///   - layers: as for the whole.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public static func cells(
        of models: ModelPair, at places: [FirstDivergence], of pairs: [PackedPair], layers: [Int], readout: Readout,
        in context: some RunContext
    ) throws -> [FourCells] {
        let count = models.layers
        let changes = [0] + Set(layers).filter { $0 > 0 && $0 < count }.sorted() + [count]
        let inner = changes.dropFirst().dropLast()
        func read(_ route: Route) -> Route {
            var route = route
            switch readout {
            case .later: break
            case .base: route.head = .base
            case .tuned: route.head = .tuned
            }
            return route
        }
        // Where the models change over before any block, or after all, a model is whole.
        let routes =
            Route.clean(layers: count)
            + inner.flatMap { layer in
                Source.allCases.map { Route(donor: $0, upTo: layer - 1, layers: count) }
            }
        let texts = places.map { place in
            PackedPair(
                id: pairs[place.pair].id, cluster: pairs[place.pair].cluster, prompt: place.prefix,
                chosen: [place.tuned], rejected: [place.base])
        }
        let margins = try context.margins(of: routes.map(read), in: models, over: texts, name: "cells")
        let (base, tuned) = (margins.margins(ofRoute: 0), margins.margins(ofRoute: 1))
        return changes.map { layer in
            guard let place = inner.firstIndex(of: layer) else {
                return FourCells(
                    layer: layer, baseBase: base, baseTuned: layer == 0 ? tuned : base,
                    tunedBase: layer == 0 ? base : tuned, tunedTuned: tuned)
            }
            let first = 2 + 2 * (place - inner.startIndex)
            return FourCells(
                layer: layer, baseBase: base, baseTuned: margins.margins(ofRoute: first),
                tunedBase: margins.margins(ofRoute: first + 1), tunedTuned: tuned)
        }
    }
}
