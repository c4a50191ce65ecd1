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

    /// Whether both give every state the same log-probabilities, bit for bit.
    public func isIdentical(to other: Head) -> Bool {
        gain == other.gain && epsilon == other.epsilon && unembedding.isIdentical(to: other.unembedding)
    }

    /// One tree's final states that wait for their log-probabilities.
    public struct Job: Sendable {
        let tree: TokenTree
        /// Rows that predict something, in rising order.
        let rows: [Int]
        /// Their states after the final norm, `[rows, width]`.
        let normed: FloatBuffer

        /// Gathers the predicting rows of `state` (`[tree.rows, width]`) and norms them.
        public init(_ tree: TokenTree, state: UnsafePointer<Float>, head: Head) {
            self.tree = tree
            rows = Set(tree.predictions.map(\.row)).sorted()
            let width = head.gain.count
            normed = FloatBuffer(count: rows.count * width)
            for (slot, row) in rows.enumerated() {
                Kernels.rmsNorm(
                    state + row * width, gain: head.gain, epsilon: head.epsilon, rows: 1, width: width,
                    into: normed.pointer + slot * width)
            }
        }
    }

    /// Σ log p of each branch's tokens, in nats, `[job][branch]`: log-sum-exp and sums in f64.
    public func logProbabilities(of jobs: [Job], workers: Workers) -> [[Double]] {
        let tallies = jobs.map { Tally($0) }
        let scratch = (0..<workers.count).map { _ in
            FloatBuffer(count: Self.panel * (jobs.map(\.rows.count).max() ?? 0))
        }
        let width = gain.count
        let weights = FloatBuffer(count: Self.panel * width)
        for start in stride(from: 0, to: unembedding.rows, by: Self.panel) {
            let entries = start..<min(start + Self.panel, unembedding.rows)
            let slice = 64
            workers.run(tasks: (entries.count + slice - 1) / slice) { task, _ in
                let rows = start + task * slice..<min(start + (task + 1) * slice, entries.upperBound)
                unembedding.decode(rows: rows, into: weights.pointer + task * slice * width)
            }
            workers.run(tasks: jobs.count) { task, worker in
                let job = jobs[task]
                let logits = scratch[worker].pointer
                Products.timesTransposed(
                    Products.View(job.normed.pointer, rows: job.rows.count, columns: width),
                    Products.View(weights.pointer, rows: entries.count, columns: width),
                    into: Products.View(logits, rows: job.rows.count, columns: entries.count))
                tallies[task].add(logits, entries: entries)
            }
        }
        return tallies.map { $0.sums() }
    }

    /// All logits of `rows` states, `[rows, vocabulary]`.
    func logits(_ state: UnsafePointer<Float>, rows: Int) -> [Float] {
        let width = gain.count
        let normed = FloatBuffer(count: rows * width)
        Kernels.rmsNorm(state, gain: gain, epsilon: epsilon, rows: rows, width: width, into: normed.pointer)
        let weights = FloatBuffer(count: Self.panel * width)
        let vocabulary = unembedding.rows
        var logits = [Float](repeating: 0, count: rows * vocabulary)
        logits.withUnsafeMutableBufferPointer { logits in
            guard let target = logits.baseAddress else { return }
            for start in stride(from: 0, to: vocabulary, by: Self.panel) {
                let entries = start..<min(start + Self.panel, vocabulary)
                unembedding.decode(rows: entries, into: weights.pointer)
                Products.timesTransposed(
                    Products.View(normed.pointer, rows: rows, columns: width),
                    Products.View(weights.pointer, rows: entries.count, columns: width),
                    into: Products.View(target + start, rows: rows, columns: entries.count, stride: vocabulary))
            }
        }
        return logits
    }
}

/// The running log-sum-exp of one job's rows and the logits of its targets; only one task at a time adds to it.
private final class Tally: @unchecked Sendable {
    private let job: Head.Job
    private let predictions: [TokenTree.Prediction]
    private let slots: [Int]
    private var largest: [Float]
    private var sum: [Double]
    private var targets: [Float]

    init(_ job: Head.Job) {
        self.job = job
        predictions = job.tree.predictions
        let slotOfRow = Dictionary(uniqueKeysWithValues: job.rows.enumerated().map { ($1, $0) })
        slots = predictions.map { slotOfRow[$0.row, default: 0] }
        largest = Array(repeating: -.infinity, count: job.rows.count)
        sum = Array(repeating: 0, count: job.rows.count)
        targets = Array(repeating: 0, count: predictions.count)
    }

    func add(_ logits: UnsafePointer<Float>, entries: Range<Int>) {
        for slot in job.rows.indices {
            let row = logits + slot * entries.count
            let top = Kernels.maximum(row, count: entries.count)
            if top > largest[slot] {
                sum[slot] *= exp(Double(largest[slot]) - Double(top))
                largest[slot] = top
            }
            sum[slot] += Kernels.sumOfExponentials(row, shift: largest[slot], count: entries.count)
        }
        for (index, prediction) in predictions.enumerated() where entries.contains(prediction.token) {
            targets[index] = logits[slots[index] * entries.count + prediction.token - entries.lowerBound]
        }
    }

    func sums() -> [Double] {
        var sums = [Double](repeating: 0, count: job.tree.branches.count)
        for (index, prediction) in predictions.enumerated() {
            let slot = slots[index]
            sums[prediction.branch] += Double(targets[index]) - Double(largest[slot]) - log(sum[slot])
        }
        return sums
    }
}
