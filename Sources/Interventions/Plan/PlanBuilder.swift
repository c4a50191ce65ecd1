import Transformers

/// Builds a ``Plan`` from the embedding up.
struct PlanBuilder {
    private let routes: [Route]
    private let models: ModelPair
    /// Clean runs that ride along because something reads them.
    private let riders: [Source]
    private var edits = Interner<Edit>()
    private var layers: [Plan.Layer] = []
    private var states: [Interner<Plan.State>] = []
    private var runs: [Interner<Plan.Run>] = []
    private var current: [Int] = []

    /// - Parameter captures: sources whose clean runs are read, up to the last block.
    private init(_ routes: [Route], for models: ModelPair, captures: Bool) {
        self.routes = routes
        self.models = models
        let needed = Set(
            routes.flatMap { route in
                route.edits.flatMap(\.change.reads)
                    // A patch of some positions leaves the rest to the clean run of the same blocks.
                    + (route.edits.allSatisfy(\.positions.isEverywhere) ? [] : route.blocks.prefix(1))
            })
        riders = Source.allCases.filter { captures || needed.contains($0) }
    }

    static func plan(_ routes: [Route], for models: ModelPair, captures: Bool = false) -> Plan {
        var builder = PlanBuilder(routes, for: models, captures: captures)
        return builder.build(captures)
    }

    private var all: [Route] { routes + riders.map { Route(clean: $0, layers: models.layers) } }

    private mutating func build(_ captures: Bool) -> Plan {
        let all = all
        func riding(_ numbers: [Int]) -> [Int?] {
            Source.allCases.map { source in riders.firstIndex(of: source).map { numbers[routes.count + $0] } }
        }
        var embeddings = Interner<Source>()
        var runOf = all.map { embeddings.number(models.embedding($0.embedding)) }
        let cleanEmbeddings = riding(runOf)
        cross(boundary: 0, runOf, clean: cleanEmbeddings)
        for layer in 0..<models.layers {
            var numbers = Interner<Plan.Run>()
            // Clean runs first: edits inside the block compare themselves with them.
            let cleanRuns = riders.indices.map {
                Plan.Run(parent: current[routes.count + $0], block: models.block(riders[$0], layer: layer))
            }
            let planned = all.indices.map { index in
                index < routes.count ? run(index, layer, cleanRuns) : cleanRuns[index - routes.count]
            }
            runOf = planned.map { numbers.number($0) }
            runs.append(numbers)
            let clean = riding(runOf)
            layers.append(
                Plan.Layer(
                    runs: numbers.items, companions: numbers.items.map { companion(of: $0, layer: layer) },
                    clean: clean,
                    isNeeded: numbers.items.map { _ in false }))
            cross(boundary: layer + 1, runOf, clean: clean)
        }
        var ends = Interner<Plan.Leaf>()
        let leafOfRoute = routes.indices.map { index in
            let site = routes[index].edits.filter { $0.site == .finalNorm }
            return ends.number(
                Plan.Leaf(
                    state: current[index], head: models.head(routes[index].head),
                    changes: changes(site, of: index) { _ in false }))
        }
        let companions = ends.items.map { leaf -> Plan.Companion? in
            guard !leaf.changes.isEmpty || !isPlain(leaf.state, boundary: models.layers) else { return nil }
            return chain(from: leaf.state, boundary: models.layers, skipsFirst: leaf.changes.isEmpty) {
                ends.existing(Plan.Leaf(state: $0, head: leaf.head))
            }
        }
        markNeeded(ends.items, captures)
        return Plan(
            embeddings: embeddings.items, layers: layers, states: states.map(\.items), leaves: ends.items,
            leafCompanions: companions, leafOfRoute: leafOfRoute, edits: edits.items, cleanEmbeddings: cleanEmbeddings)
    }

    /// Takes every route over a boundary: its edits there are made, and routes with the same outcome become one state.
    private mutating func cross(boundary: Int, _ runOf: [Int], clean: [Int?]) {
        var numbers = Interner<Plan.State>()
        let all = all
        current = all.indices.map { index in
            let here = index < routes.count ? Self.edits(of: all[index], boundary: boundary) : []
            return numbers.number(state(after: runOf[index], here, route: index, clean: clean))
        }
        states.append(numbers)
    }

    /// A route's edits of the residual stream at a boundary, in the order they are made.
    static func edits(of route: Route, boundary: Int) -> [Edit] {
        let before = route.edits.filter { edit in
            boundary == 0 ? edit.site == .embedding : edit.site == .residualPost && edit.layer == boundary - 1
        }
        return before + route.edits.filter { $0.site == .residualPre && $0.layer == boundary }
    }

    private mutating func state(after run: Int, _ here: [Edit], route: Int, clean: [Int?]) -> Plan.State {
        var state = Plan.State(run: run)
        for edit in here {
            let donor = edit.change.donor.flatMap { clean[$0.model.rawValue] }
            if edit.change.isDonorItself, edit.positions.isEverywhere, edit.heads == nil, let donor {
                // Every row becomes the donor's, so from here on the route is the donor's.
                state = Plan.State(run: donor)
                continue
            }
            if edit.change.isNothingForEqualDonor, state == Plan.State(run: donor ?? -1) { continue }
            add(edit, route, to: &state.changes)
        }
        return state
    }

    private mutating func run(_ index: Int, _ layer: Int, _ cleanRuns: [Plan.Run]) -> Plan.Run {
        let route = routes[index]
        var run = Plan.Run(parent: current[index], block: models.block(route.blocks[layer], layer: layer))
        let inside = Site.allCases.filter(\.isInsideBlock).flatMap { site in
            route.edits.filter { $0.site == site && $0.layer == layer }
        }
        // Up to a block's first real edit the run may be the donor's own.
        let same = zip(riders, cleanRuns).filter { $0.1 == run }.map { $0.0 }
        run.changes = changes(inside, of: index) { edit in
            edit.change.isNothingForEqualDonor && edit.change.donor.map { same.contains($0.model) } ?? false
        }
        return run
    }

    /// Edits that change something, by number; once one does, none after it is left out.
    private mutating func changes(
        _ here: [Edit], of route: Int, isNothing: (Edit) -> Bool
    ) -> Plan.Changes {
        var changes = Plan.Changes()
        for edit in here where !(changes.isEmpty && isNothing(edit)) { add(edit, route, to: &changes) }
        return changes
    }

    private mutating func add(_ edit: Edit, _ route: Int, to changes: inout Plan.Changes) {
        changes.edits.append(edits.number(edit))
        if !edit.change.isShared { changes.unshared = route }
    }

    private func companion(of run: Plan.Run, layer: Int) -> Plan.Companion? {
        if run.changes.isEmpty, isPlain(run.parent, boundary: layer) { return nil }
        return chain(from: run.parent, boundary: layer, skipsFirst: run.changes.isEmpty) {
            runs[layer].existing(Plan.Run(parent: $0, block: run.block))
        }
    }

    /// Whether a state is a run's output as it is, and that run computed all its rows.
    private func isPlain(_ state: Int, boundary: Int) -> Bool {
        let state = states[boundary].items[state]
        return state.changes.isEmpty && (boundary == 0 || layers[boundary - 1].companions[state.run] == nil)
    }

    /// Goes from a state to those it came from, the edited to the unedited, the run to its companion, until `find` knows what
    /// runs on from one of them.
    private func chain(
        from start: Int, boundary: Int, skipsFirst: Bool, find: (Int) -> Int?
    ) -> Plan.Companion? {
        var state = states[boundary].items[start]
        var edits: [Int] = []
        var passed: [Int] = []
        if !skipsFirst, let found = find(start) { return Plan.Companion(run: found, edits: [], runs: []) }
        while true {
            if !state.changes.isEmpty {
                edits += state.changes.edits
                state = Plan.State(run: state.run)
            } else {
                guard boundary > 0, let companion = layers[boundary - 1].companions[state.run] else { return nil }
                passed.append(state.run)
                state = Plan.State(run: companion.run)
            }
            if let number = states[boundary].existing(state), let found = find(number) {
                return Plan.Companion(run: found, edits: edits, runs: passed)
            }
        }
    }

    /// Marks what the leaves, and all that they read, need.
    private mutating func markNeeded(_ leaves: [Plan.Leaf], _ captures: Bool) {
        var wanted = Set<Int>()
        func read(_ changes: Plan.Changes, _ clean: [Int?], _ wanted: inout Set<Int>) {
            for number in changes.edits {
                wanted.formUnion(edits.items[number].change.reads.compactMap { clean[$0.rawValue] })
            }
        }
        for leaf in leaves {
            let state = states[models.layers].items[leaf.state]
            wanted.insert(state.run)
            read(state.changes, layers[models.layers - 1].clean, &wanted)
            read(leaf.changes, layers[models.layers - 1].clean, &wanted)
        }
        for layer in layers.indices.reversed() {
            var pending = Array(wanted)
            if captures { pending += layers[layer].clean.compactMap(\.self) }
            wanted = []
            while let run = pending.popLast() {
                guard !layers[layer].isNeeded[run] else { continue }
                layers[layer].isNeeded[run] = true
                let planned = layers[layer].runs[run]
                if let companion = layers[layer].companions[run] { pending.append(companion.run) }
                var donors = Set<Int>()
                read(planned.changes, layers[layer].clean, &donors)
                pending += donors
                guard layer > 0 else { continue }
                let state = states[layer].items[planned.parent]
                wanted.insert(state.run)
                read(state.changes, layers[layer - 1].clean, &wanted)
            }
        }
    }
}
