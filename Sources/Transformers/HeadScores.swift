import Foundation
import Numerics

extension OutputHead {
    /// A head's scores of some rows.
    public struct Scores: Sendable, Equatable {
        /// log p of each target, in nats.
        public let logProbabilities: [Double]
        /// KL(reference ‖ row) over the whole vocabulary at each target's row, in nats; empty without a reference.
        public let divergences: [Double]
    }

    /// The rows that others are compared with, under a head of their own.
    public struct Reference: Sendable {
        let head: OutputHead
        let normed: Rows
        let sequences: [Range<Int>]
        let rowOf: [Int]
        let sharesHead: Bool

        /// - Parameters:
        ///   - head: whose final norm made `normed`, and whose unembedding reads it.
        ///   - normed: rows after the final norm, numbered from 0.
        ///   - sequences: ranges that fill the rows in order.
        ///   - rowOf: for each scored row, the row of `normed` that it is compared with.
        ///   - sharesHead: whether the scoring head has the very same unembedding, which then is decoded once.
        public init(head: OutputHead, normed: Rows, sequences: [Range<Int>], rowOf: [Int], sharesHead: Bool) {
            self.head = head
            self.normed = normed
            self.sequences = sequences
            self.rowOf = rowOf
            self.sharesHead = sharesHead
        }
    }

    /// log p of each target in nats, with log-sum-exp and result in f64, and how far each target's row diverges from a reference.
    /// - Parameters:
    ///   - normed: rows after the final norm, numbered from 0.
    ///   - sequences: row ranges that fill the rows in order.
    ///   - targets: in rising order of rows.
    ///   - reference: what KL is taken from; `nil` takes none.
    public func scores(
        _ normed: Rows, sequences: [Range<Int>], targets: [Target], against reference: Reference?, workspace: Workspace
    ) -> Scores {
        let workers = workspace.workers
        let tiles = Products.tiles(of: normed.indices, sequences: sequences, workers: workers.count)
        guard let largest = tiles.map(\.count).max() else { return Scores(logProbabilities: [], divergences: []) }
        var next = 0
        let tallies = tiles.map { tile in
            let first = next
            while next < targets.count, targets[next].row < tile.upperBound { next += 1 }
            return Tally(tile, targets[first..<next], hasReference: reference != nil)
        }
        let buffers = workspace.buffers(Workspace.Slot.logits, count: largest * Self.panel)
        let held = reference.map { ReferenceLogits($0, workspace) }
        // The reference holds the logits of one panel.
        eachRun(of: held == nil ? panelsTogether(workspace) : 1, workspace) { run, weights in
            held?.advance(run, shared: weights)
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let logits = buffers[worker].pointer
                for start in stride(from: run.lowerBound, to: run.upperBound, by: Self.panel) {
                    let entries = start..<min(start + Self.panel, run.upperBound)
                    multiply(
                        normed[tile], weights, of: run, only: entries, into: logits, stride: entries.count)
                    tallies[task].add(logits, entries: entries)
                    if let held { tallies[task].compare(logits, entries: entries, with: held) }
                }
            }
        }
        return Scores(
            logProbabilities: tallies.flatMap { $0.values() },
            divergences: reference == nil ? [] : tallies.flatMap { $0.divergences() })
    }
}

/// The reference rows' logits of one panel of the vocabulary at a time, `[reference row, panel]`.
private struct ReferenceLogits: Sendable {
    let reference: OutputHead.Reference
    let logits: Rows
    private let tiles: [Range<Int>]
    /// Decodes the reference's own unembedding, and where to; `nil` where it shares the other's.
    private let own: (decoder: Weight.Decoder, weights: FloatBuffer)?
    private let workers: Workers

    init(_ reference: OutputHead.Reference, _ workspace: Workspace) {
        let normed = reference.normed
        self.reference = reference
        workers = workspace.workers
        tiles = Products.tiles(of: normed.indices, sequences: reference.sequences, workers: workers.count)
        logits = workspace.rows(.referenceLogits, normed.indices, width: OutputHead.panel)
        own =
            reference.sharesHead
            ? nil
            : (
                Weight.Decoder(reference.head.unembedding),
                workspace.buffer(.referenceUnembedding, count: OutputHead.panel * reference.head.width)
            )
    }

    func advance(_ entries: Range<Int>, shared: FloatBuffer) {
        let weights = own?.weights ?? shared
        if let own { reference.head.decode(entries, own.decoder, into: weights, workers) }
        workers.run(tasks: tiles.count) { task, _ in
            let tile = tiles[task]
            reference.head.multiply(
                reference.normed[tile], weights, of: entries, into: logits.row(tile.lowerBound),
                stride: OutputHead.panel)
        }
    }
}

/// The running log-sum-exp of one tile's rows and the logits of its targets; only one task at a time adds to it.
private final class Tally: @unchecked Sendable {
    private let tile: Range<Int>
    private let targets: [OutputHead.Target]
    private var largest: [Float]
    private var sum: [Double]
    private var found: [Float]
    /// Of the reference's row for each row: its running maximum m and Σ exp(r − m), and Σ exp(r − m) (r − z) with the row's own z.
    private var referenceLargest: [Float] = []
    private var referenceSum: [Double] = []
    private var weighted: [Double] = []

    init(_ tile: Range<Int>, _ targets: ArraySlice<OutputHead.Target>, hasReference: Bool) {
        self.tile = tile
        self.targets = Array(targets)
        largest = Array(repeating: -.infinity, count: tile.count)
        sum = Array(repeating: 0, count: tile.count)
        found = Array(repeating: 0, count: targets.count)
        guard hasReference else { return }
        referenceLargest = largest
        referenceSum = sum
        weighted = sum
    }

    func add(_ logits: UnsafePointer<Float>, entries: Range<Int>) {
        for slot in 0..<tile.count {
            let row = logits + slot * entries.count
            let top = Kernels.maximum(row, count: entries.count)
            if top > largest[slot] {
                sum[slot] *= exp(Double(largest[slot]) - Double(top))
                largest[slot] = top
            }
            sum[slot] += Kernels.sumOfExponentials(row, shift: largest[slot], count: entries.count)
        }
        for (index, target) in targets.enumerated() where entries.contains(target.token) {
            found[index] = logits[(target.row - tile.lowerBound) * entries.count + target.token - entries.lowerBound]
        }
    }

    func compare(_ logits: UnsafePointer<Float>, entries: Range<Int>, with held: ReferenceLogits) {
        for slot in 0..<tile.count {
            let reference = UnsafePointer(held.logits.row(held.reference.rowOf[tile.lowerBound + slot]))
            let top = Kernels.maximum(reference, count: entries.count)
            if top > referenceLargest[slot] {
                let scale = exp(Double(referenceLargest[slot]) - Double(top))
                referenceSum[slot] *= scale
                weighted[slot] *= scale
                referenceLargest[slot] = top
            }
            let sums = Kernels.sumsOfExponentials(
                reference, less: logits + slot * entries.count, shift: referenceLargest[slot], count: entries.count)
            referenceSum[slot] += sums.plain
            weighted[slot] += sums.weighted
        }
    }

    func values() -> [Double] {
        zip(targets, found).map { target, logit in
            let slot = target.row - tile.lowerBound
            return Double(logit) - Double(largest[slot]) - log(sum[slot])
        }
    }

    /// Σ p (log p − log q) = Σ p (r − z) − lse(r) + lse(z), p of the reference's logits r, q of the row's own z.
    func divergences() -> [Double] {
        targets.map { target in
            let slot = target.row - tile.lowerBound
            let own = Double(largest[slot]) + log(sum[slot])
            let reference = Double(referenceLargest[slot]) + log(referenceSum[slot])
            return weighted[slot] / referenceSum[slot] + (own - reference)
        }
    }
}
