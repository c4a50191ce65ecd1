import Transformers

/// Which rows each run of a plan computes for one group of pairs, layer by layer: the cone.
struct RowTracker {
    /// The rows of one layer.
    struct Layer {
        /// Rows that a run computes for one pair.
        struct Part {
            let run: Int
            let pair: Int
            /// Rows whose keys and values are computed, rising.
            let rows: [Int]
            /// Those of them whose outputs are computed.
            let outputs: [Int]
            var start = 0
            var outputStart = 0
        }

        /// Parts in the order of the stack.
        let parts: [Part]
        /// Parts that run together.
        let passes: [Pass]
        /// Rows in the stack.
        let count: Int
    }

    /// Parts that run one model's block together.
    struct Pass {
        let block: Source
        let parts: Range<Int>
        /// Whether they are clean runs that must be done before others can be edited.
        let isClean: Bool
    }

    private let plan: Plan
    private let group: [PackedPair]
    /// Layers at which edits or captures look inside a block.
    private let inside: Set<Int>
    private let reachesAllOutputs: Bool
    /// Whether rows that no prediction depends on are left out: each response's last token, which nothing attends to.
    private let leavesOutEnds: Bool
    private var next = 0
    /// `[run][pair]`: the rows that the layer before computed.
    private(set) var computed: [[[Int]]]

    /// - Parameters:
    ///   - inside: layers at which something is read or changed inside a block.
    ///   - needsAllCleanOutputs: whether the last block's outputs are read at more rows than those that predict.
    ///   - needsEnds: whether rows are read, or donated to other rows, on which no prediction depends.
    init(_ plan: Plan, _ group: [PackedPair], inside: Set<Int>, needsAllCleanOutputs: Bool, needsEnds: Bool) {
        leavesOutEnds = !needsEnds
        self.plan = plan
        self.group = group
        self.inside = inside
        reachesAllOutputs = needsAllCleanOutputs
        computed = plan.embeddings.map { _ in group.map { Array(0..<$0.tree.rows) } }
    }

    /// The rows of an edit in each pair.
    static func rows(of edit: Edit, in pair: PackedPair) -> [Int] { edit.positions.rows(of: pair.tree) }

    /// The next layer's rows.
    mutating func advance() -> Layer {
        let layer = plan.layers[next]
        let isLast = next == plan.layers.count - 1
        let now = layer.runs.indices.map { run in
            group.indices.map { pair -> [Int] in
                guard layer.isNeeded[run] else { return [] }
                let rows = rows(of: run, layer, pair: pair)
                let ends = leavesOutEnds ? group[pair].tree.ends : []
                return ends.isEmpty ? rows : rows.filter { !ends.contains($0) }
            }
        }
        let outputs = layer.runs.indices.map { run in
            group.indices.map { pair in
                guard isLast, !(reachesAllOutputs && layer.clean.contains(run)) else { return now[run][pair] }
                let predicting = Set(group[pair].tree.predictions.map(\.row))
                return now[run][pair].filter(predicting.contains)
            }
        }
        let result = lay(layer, now, outputs)
        computed = now
        next += 1
        return result
    }

    /// The rows of one pair that a run computes: all, or those that changes since its companion can have reached.
    private func rows(of run: Int, _ layer: Plan.Layer, pair place: Int) -> [Int] {
        let pair = group[place]
        // Only the clean runs of a donor's text are read.
        guard !pair.isText || layer.clean.contains(run) else { return [] }
        guard let companion = layer.companions[run] else { return Array(0..<pair.tree.rows) }
        var changed = companion.edits.flatMap { Self.rows(of: plan.edits[$0], in: pair) }
        changed += companion.runs.flatMap { computed[$0][place] }
        let inside = layer.runs[run].changes.edits.map { plan.edits[$0] }
        changed += inside.filter(\.site.reachesLaterPositions).flatMap { Self.rows(of: $0, in: pair) }
        let own = inside.filter { !$0.site.reachesLaterPositions }.flatMap { Self.rows(of: $0, in: pair) }
        return Set(pair.tree.reach(of: changed) + own).sorted()
    }

    /// Lays the rows of all runs one after another: the base's block first, clean runs before others.
    private func lay(_ layer: Plan.Layer, _ now: [[[Int]]], _ outputs: [[[Int]]]) -> Layer {
        var parts: [Layer.Part] = []
        var passes: [Pass] = []
        var start = 0
        for block in Source.allCases {
            for isClean in [true, false] {
                let runs = layer.runs.indices.filter {
                    layer.isNeeded[$0] && layer.runs[$0].block == block && layer.clean.contains($0) == isClean
                }
                let first = parts.count
                for run in runs {
                    for pair in group.indices {
                        parts.append(
                            Layer.Part(run: run, pair: pair, rows: now[run][pair], outputs: outputs[run][pair]))
                        parts[parts.count - 1].start = start
                        start += now[run][pair].count
                    }
                }
                let here = first..<parts.count
                guard !here.isEmpty else { continue }
                if let last = passes.last, last.block == block, !inside.contains(next) {
                    passes[passes.count - 1] = Pass(
                        block: block, parts: last.parts.lowerBound..<here.upperBound, isClean: false)
                } else {
                    passes.append(Pass(block: block, parts: here, isClean: isClean))
                }
            }
        }
        for pass in passes {
            var output = parts[pass.parts.lowerBound].start
            for index in pass.parts {
                parts[index].outputStart = output
                output += parts[index].outputs.count
            }
        }
        // Clean passes first, so that others can be edited with what they hold.
        passes = passes.filter(\.isClean) + passes.filter { !$0.isClean }
        return Layer(parts: parts, passes: passes, count: start)
    }

    /// Where the rows of the latest layer lie in the stack, `[run][pair][tree row]`: those of its keys and values, and those of its
    /// outputs, −1 where none was computed.
    func places(in latest: Layer) -> (keys: [[[Int32]]], outputs: [[[Int32]]]) {
        let layer = plan.layers[next - 1]
        return (
            resolve(layer, latest.parts, \.rows, \.start), resolve(layer, latest.parts, \.outputs, \.outputStart)
        )
    }

    /// Each run's rows where it computed them itself, its companion's elsewhere.
    private func resolve(
        _ layer: Plan.Layer, _ parts: [Layer.Part], _ rows: KeyPath<Layer.Part, [Int]>,
        _ start: KeyPath<Layer.Part, Int>
    ) -> [[[Int32]]] {
        var found: [[[Int32]]?] = layer.runs.map { _ in nil }
        let partsOf = Dictionary(grouping: parts, by: \.run)
        func rowsOf(_ run: Int) -> [[Int32]] {
            if let known = found[run] { return known }
            var result =
                layer.companions[run].map { rowsOf($0.run) }
                ?? group.map { [Int32](repeating: -1, count: $0.tree.rows) }
            for part in partsOf[run] ?? [] {
                var next = Int32(part[keyPath: start])
                for row in part[keyPath: rows] {
                    result[part.pair][row] = next
                    next += 1
                }
            }
            found[run] = result
            return result
        }
        return layer.runs.indices.map { layer.isNeeded[$0] ? rowsOf($0) : [] }
    }
}
