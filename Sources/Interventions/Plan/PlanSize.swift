import Foundation
import Transformers

/// Floating-point operations that routes need, a multiplication and an addition counting as two; norms, activations and the
/// decoding of weights are not counted.
public struct OperationCount: Sendable, Equatable {
    /// Of the blocks' linear modules.
    public var blocks = 0
    /// Of attention's own products: one for every query and every key that it sees, and likewise for values.
    public var attention = 0
    /// Of the unembedding.
    public var head = 0

    /// All of them.
    public var total: Int { blocks + attention + head }

    static func + (left: OperationCount, right: OperationCount) -> OperationCount {
        OperationCount(
            blocks: left.blocks + right.blocks, attention: left.attention + right.attention,
            head: left.head + right.head)
    }
}

/// What a plan costs for one group of pairs.
struct PlanSize {
    private(set) var operations = OperationCount()
    /// Bytes of activations that a walk holds at once, about.
    private(set) var bytes = 0
    /// Rows of the largest layer.
    private(set) var mostRows = 0

    /// - Parameter end: the layer before which the walk ends; nil for all layers.
    init(
        _ plan: Plan, _ group: [PackedPair], _ models: ModelPair, captures: [Capture] = [], before end: Int? = nil
    ) {
        var tracker = GroupWalk.tracker(plan, group, captures)
        let shape = models.base.shape
        var before = plan.embeddings.count * group.reduce(0) { $0 + $1.tree.rows }
        for layer in plan.layers.indices.prefix(end ?? plan.layers.count) {
            func width(_ site: Site) -> Int {
                Source.allCases.map { models[$0].shape(of: site, layer: layer)?.width ?? 0 }.max() ?? 0
            }
            let perRow = width(.query) + width(.key) + width(.value)
            let rows = tracker.advance()
            for part in rows.parts {
                let cost = models[plan.layers[layer].runs[part.run].block].blocks[layer].cost
                let tree = group[part.pair].tree
                operations.blocks += part.rows.count * cost.perKeyRow + part.outputs.count * cost.perOutputRow
                operations.attention +=
                    cost.perScore
                    * part.outputs.reduce(0) {
                        $0 + min(tree.position(of: $1) + 1, cost.window ?? .max)
                    }
            }
            let isEdited = plan.layers[layer].runs.contains { !$0.changes.isEmpty }
            let inner = (isEdited ? rows.count : min(rows.count, 4096)) * width(.feedForwardActivation)
            bytes = max(bytes, 4 * ((before + rows.count) * shape.width + rows.count * perRow + inner))
            before = rows.count
            mostRows = max(mostRows, rows.count)
        }
        let predicting = group.map { Set($0.tree.predictions.map(\.row)) }
        var scored = 0
        for leaf in plan.leaves.indices {
            for (pair, packed) in group.enumerated() {
                var rows = predicting[pair]
                if let companion = plan.leafCompanions[leaf] {
                    let edits = (companion.edits + plan.leaves[leaf].changes.edits).map { plan.edits[$0] }
                    rows.formIntersection(
                        edits.flatMap { RowTracker.rows(of: $0, in: packed) }
                            + companion.runs.flatMap { tracker.computed[$0][pair] })
                }
                scored += rows.count
            }
        }
        operations.head = 2 * scored * shape.width * shape.vocabulary
        bytes = max(bytes, 4 * (before + scored) * shape.width)
    }
}

/// What the machine has free.
enum FreeMemory {
    /// Bytes that can be had without swapping, as the system tells; 4 GiB where it does not.
    static func bytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kibibytes = line.split(separator: " ").compactMap({ Int($0) }).first
        else { return 4 << 30 }
        return kibibytes << 10
    }
}
