/// Routes as a trie: every distinct prefix once, layer by layer.
struct Plan {
    /// A block to run on a state of the layer before.
    struct Run: Hashable {
        let parent: Int
        let block: Source
    }

    /// A state after a layer: a run's output, or an edited copy of it.
    struct State: Hashable {
        let run: Int
        let edit: PlannedEdit?
    }

    /// An edit whose donor is another run of the same layer.
    struct PlannedEdit: Hashable {
        let edit: Edit
        let donorRun: Int
        /// Set for an edit whose state must not be merged with an equal one.
        let route: Int?
    }

    struct Layer {
        var runs: [Run] = []
        var states: [State] = []
    }

    /// A final state under one head.
    struct Leaf: Hashable {
        let state: Int
        let head: Source
    }

    /// Whose embedding each initial state is.
    private(set) var embeddings: [Source] = []
    private(set) var layers: [Layer] = []
    private(set) var leaves: [Leaf] = []
    /// The leaf that each route ends in.
    private(set) var leafOfRoute: [Int] = []

    /// - Throws: ``PatchError`` for a route or an edit that does not fit the models.
    init(_ routes: [Route], for models: ModelPair) throws(PatchError) {
        for route in routes {
            guard route.blocks.count == models.layers else {
                throw .wrongDepth(route.blocks.count, layers: models.layers)
            }
            for edit in route.edits where !(0..<models.layers).contains(edit.layer) {
                throw .noSuchLayer(edit.layer, layers: models.layers)
            }
        }
        // Clean runs of both models ride along: they are the donors.
        let all = routes + Source.allCases.map { Route(clean: $0, layers: models.layers) }
        var initial = Interner<Source>()
        var current = all.map { initial.number(models.embedding($0.embedding)) }
        embeddings = initial.items
        for layer in 0..<models.layers {
            var runs = Interner<Run>()
            let runOf = all.indices.map {
                runs.number(Run(parent: current[$0], block: models.block(all[$0].blocks[layer], layer: layer)))
            }
            let cleanRun = Source.allCases.indices.map { runOf[routes.count + $0] }
            var states = Interner<State>()
            current = all.indices.map { index in
                states.number(Self.state(after: runOf[index], all[index], at: layer, route: index, cleanRun: cleanRun))
            }
            layers.append(Layer(runs: runs.items, states: states.items))
        }
        var ends = Interner<Leaf>()
        leafOfRoute = routes.indices.map {
            ends.number(Leaf(state: current[$0], head: models.head(routes[$0].head)))
        }
        leaves = ends.items
    }

    /// Blocks to run in all, a measure of cost.
    var runCount: Int { layers.reduce(0) { $0 + $1.runs.count } }

    private static func state(
        after run: Int, _ route: Route, at layer: Int, route index: Int, cleanRun: [Int]
    ) -> State {
        let edits = route.edits.filter { $0.layer == layer }
        precondition(edits.count <= 1, "\(edits.count) edits of one site at layer \(layer)")
        guard let edit = edits.first else { return State(run: run, edit: nil) }
        let donor = cleanRun[edit.change.donor.rawValue]
        switch edit.change {
        case .replace where edit.positions == .all:
            // Every row becomes the donor's, so from here on the route is the donor's.
            return State(run: donor, edit: nil)
        case .replaceUnshared:
            return State(run: run, edit: PlannedEdit(edit: edit, donorRun: donor, route: index))
        case .replace, .replaceFromOtherPair, .randomDirection:
            return State(run: run, edit: PlannedEdit(edit: edit, donorRun: donor, route: nil))
        }
    }
}

/// Numbers distinct items in the order they come.
private struct Interner<Item: Hashable> {
    private(set) var items: [Item] = []
    private var numbers: [Item: Int] = [:]

    mutating func number(_ item: Item) -> Int {
        if let number = numbers[item] { return number }
        numbers[item] = items.count
        items.append(item)
        return items.count - 1
    }
}
