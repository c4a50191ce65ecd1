import Foundation
import Tensors

/// The final norm and the unembedding, fused into log-probabilities: rows × vocabulary is never held at once.
public struct Head: Sendable {
    /// Gain of the final norm, `[width]`.
    let gain: [Float]
    let epsilon: Float
    /// `[vocabulary, width]`
    let unembedding: StoredTensor

    /// Vocabulary entries scored together; fixed, so that no result hangs on memory or threads.
    private static let panel = 1024

    /// Entries of the vocabulary.
    public var vocabulary: Int { unembedding.rows }
    /// Width of the residual stream.
    public var width: Int { gain.count }

    /// Whether both give every state the same log-probabilities, bit for bit.
    public func isIdentical(to other: Head) -> Bool {
        gain == other.gain && epsilon == other.epsilon && unembedding.isIdentical(to: other.unembedding)
    }

    /// Writes the final norm of one row.
    public func norm(_ state: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        Kernels.rmsNorm(state, gain: gain, epsilon: epsilon, rows: 1, width: width, into: target)
    }

    /// A log-probability that is asked for.
    public struct Target: Sendable, Equatable {
        /// The row whose logits predict.
        public let row: Int
        /// The token predicted.
        public let token: Int

        /// The log-probability of a token after a row.
        public init(row: Int, token: Int) {
            self.row = row
            self.token = token
        }
    }

    /// log p of each target in nats, with log-sum-exp and result in f64.
    /// - Parameters:
    ///   - normed: rows after the final norm, `[rows, width]`.
    ///   - sequences: row ranges that fill `0..<rows`, one a sequence.
    ///   - targets: in rising order of rows.
    public func logProbabilities(
        _ normed: Matrix, rows: Int, sequences: [Range<Int>], targets: [Target], workers: Workers,
        scratch: inout Scratch
    ) -> [Double] {
        let tiles = Products.tiles(of: 0..<rows, sequences: sequences, workers: workers.count)
        guard let largest = tiles.map(\.count).max() else { return [] }
        var next = 0
        let tallies = tiles.map { tile in
            let first = next
            while next < targets.count, targets[next].row < tile.upperBound { next += 1 }
            return Tally(tile, targets[first..<next])
        }
        let rooms = scratch.buffers("logits", count: largest * Self.panel, workers: workers.count)
        eachPanel(workers, &scratch) { entries, weights in
            workers.run(tasks: tiles.count) { task, worker in
                let tile = tiles[task]
                let logits = rooms[worker].pointer
                Products.stackedTimesTransposed(
                    Products.View(normed.row(tile.lowerBound), rows: tile.count, columns: width),
                    Products.View(weights.pointer, rows: entries.count, columns: width),
                    into: Products.View(logits, rows: tile.count, columns: entries.count))
                tallies[task].add(logits, entries: entries)
            }
        }
        return tallies.flatMap { $0.values() }
    }

    /// All logits of some states before the final norm, `[rows, width]` to `[rows, vocabulary]`.
    public func logits(of states: [Float], workers: Workers) -> [Float] {
        logits(ofNormed: normed(states), rows: states.count / width, workers: workers)
    }

    /// All logits of rows after the final norm, `[rows, width]` to `[rows, vocabulary]`.
    public func logits(ofNormed normed: Matrix, rows: Int, workers: Workers) -> [Float] {
        var scratch = Scratch()
        let logits = Matrix(FloatBuffer(count: rows * vocabulary), columns: vocabulary)
        let tiles = Products.tiles(of: 0..<rows, sequences: [0..<rows], workers: workers.count)
        eachPanel(workers, &scratch) { entries, weights in
            workers.run(tasks: tiles.count) { task, _ in
                let tile = tiles[task]
                Products.stackedTimesTransposed(
                    Products.View(normed.row(tile.lowerBound), rows: tile.count, columns: width),
                    Products.View(weights.pointer, rows: entries.count, columns: width),
                    into: Products.View(
                        logits.row(tile.lowerBound) + entries.lowerBound, rows: tile.count, columns: entries.count,
                        stride: vocabulary))
            }
        }
        return Array(UnsafeBufferPointer(start: logits.row(0), count: rows * vocabulary))
    }

    /// log p of one token after each state before the final norm, in nats: the logit lens at any layer.
    public func logProbabilities(of states: [Float], tokens: [Int], workers: Workers) -> [Double] {
        let rows = states.count / width
        precondition(rows == tokens.count, "\(rows) states and \(tokens.count) tokens")
        var scratch = Scratch()
        return logProbabilities(
            normed(states), rows: rows, sequences: [0..<rows],
            targets: tokens.enumerated().map { Target(row: $0, token: $1) }, workers: workers, scratch: &scratch)
    }

    private func normed(_ states: [Float]) -> Matrix {
        precondition(states.count % width == 0, "\(states.count) numbers do not fill rows of \(width)")
        let normed = Matrix(FloatBuffer(count: states.count), columns: width)
        states.withUnsafeBufferPointer { states in
            guard let start = states.baseAddress else { return }
            for row in 0..<states.count / width { norm(start + row * width, into: normed.row(row)) }
        }
        return normed
    }

    /// Decodes the unembedding panel by panel.
    private func eachPanel(
        _ workers: Workers, _ scratch: inout Scratch, _ body: (_ entries: Range<Int>, _ weights: FloatBuffer) -> Void
    ) {
        let slice = 64
        let weights = scratch.buffer("unembedding", count: min(Self.panel, vocabulary) * width)
        for start in stride(from: 0, to: vocabulary, by: Self.panel) {
            let entries = start..<min(start + Self.panel, vocabulary)
            workers.run(tasks: (entries.count + slice - 1) / slice) { task, _ in
                let rows = start + task * slice..<min(start + (task + 1) * slice, entries.upperBound)
                unembedding.decode(rows: rows, into: weights.pointer + task * slice * width)
            }
            body(entries, weights)
        }
    }
}

/// The running log-sum-exp of one tile's rows and the logits of its targets; only one task at a time adds to it.
private final class Tally: @unchecked Sendable {
    private let tile: Range<Int>
    private let targets: [Head.Target]
    private var largest: [Float]
    private var sum: [Double]
    private var found: [Float]

    init(_ tile: Range<Int>, _ targets: ArraySlice<Head.Target>) {
        self.tile = tile
        self.targets = Array(targets)
        largest = Array(repeating: -.infinity, count: tile.count)
        sum = Array(repeating: 0, count: tile.count)
        found = Array(repeating: 0, count: targets.count)
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

    func values() -> [Double] {
        zip(targets, found).map { target, logit in
            let slot = target.row - tile.lowerBound
            return Double(logit) - Double(largest[slot]) - log(sum[slot])
        }
    }
}
