import Numerics

/// The final norm and the unembedding, fused into log-probabilities: rows × vocabulary is never held at once.
public struct Head: Sendable {
    /// Gain of the final norm, `[width]`.
    let gain: [Float]
    let epsilon: Float
    /// `[vocabulary, width]`
    let unembedding: StoredTensor

    /// Vocabulary entries scored together; fixed, so that no result hangs on memory or threads.
    static let panel = 1024

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
        scores(
            normed, rows: rows, sequences: sequences, targets: targets, against: nil, workers: workers,
            scratch: &scratch
        ).logProbabilities
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
        eachRun(workers, &scratch) { entries, weights in
            workers.run(tasks: tiles.count) { task, _ in
                let tile = tiles[task]
                multiply(
                    normed, tile, weights, of: entries, into: logits.row(tile.lowerBound) + entries.lowerBound,
                    stride: vocabulary)
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

    /// Panels that are decoded together where the unembedding is narrow, so that a tile goes through all of them in one task.
    var panelsTogether: Int { max((1 << 22) / (Self.panel * width), 1) }

    /// Decodes the unembedding, so many panels at a time.
    func eachRun(
        of panels: Int = 1, _ workers: Workers, _ scratch: inout Scratch,
        _ body: (_ entries: Range<Int>, _ weights: FloatBuffer) -> Void
    ) {
        let most = panels * Self.panel
        let weights = scratch.buffer("unembedding", count: min(most, vocabulary) * width)
        for start in stride(from: 0, to: vocabulary, by: most) {
            let entries = start..<min(start + most, vocabulary)
            decode(entries, into: weights, workers)
            body(entries, weights)
        }
    }

    /// Decodes some entries of the unembedding, `[entries, width]`.
    func decode(_ entries: Range<Int>, into weights: FloatBuffer, _ workers: Workers) {
        let slice = 64
        workers.run(tasks: (entries.count + slice - 1) / slice) { task, _ in
            let rows =
                entries.lowerBound + task * slice..<min(entries.lowerBound + (task + 1) * slice, entries.upperBound)
            unembedding.decode(rows: rows, into: weights.pointer + task * slice * width)
        }
    }
}
