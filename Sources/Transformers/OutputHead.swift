import Numerics

/// The final norm and the unembedding, fused into log-probabilities: rows × vocabulary is never held at once.
///
/// Two heads are equal where they give every state the same log-probabilities.
public struct OutputHead: Sendable, Equatable {
    let norm: Norm
    /// `[vocabulary, width]`; the embedding's where they are tied.
    let unembedding: Weight
    /// Logits become `cap · tanh(logit / cap)`.
    let softCap: Float?

    /// Vocabulary entries scored together; fixed, so that no result depends on memory or threads.
    static let panel = 1024

    /// A head.
    public init(norm: Norm, unembedding: Weight, softCap: Double? = nil) {
        self.norm = norm
        self.unembedding = unembedding
        self.softCap = softCap.map { Float($0) }
    }

    /// The unembedding's name in Hugging Face's layout.
    public var unembeddingName: String { unembedding.name }
    /// Entries of the vocabulary.
    public var vocabulary: Int { unembedding.outputs }
    /// Width of the residual stream.
    public var width: Int { unembedding.inputs }

    /// Writes the final norm of one row.
    public func norm(_ state: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        norm.apply(state, rows: 1, into: target)
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
    ///   - normed: rows after the final norm, numbered from 0.
    ///   - sequences: row ranges that fill the rows in order.
    ///   - targets: in rising order of rows.
    public func logProbabilities(
        _ normed: Rows, sequences: [Range<Int>], targets: [Target], workspace: Workspace
    ) -> [Double] {
        scores(normed, sequences: sequences, targets: targets, against: nil, workspace: workspace).logProbabilities
    }

    /// All logits of some states before the final norm, `[rows, width]` to `[rows, vocabulary]`.
    public func logits(of states: [Float], workspace: Workspace) -> [Float] {
        logits(ofNormed: normed(states), workspace: workspace)
    }

    /// All logits of rows after the final norm, `[rows, width]` to `[rows, vocabulary]`.
    public func logits(ofNormed normed: Rows, workspace: Workspace) -> [Float] {
        let logits = Rows(count: normed.count, width: vocabulary)
        let workers = workspace.workers
        let tiles = Products.tiles(of: normed.indices, sequences: [normed.indices], workers: workers.count)
        eachRun(of: 1, workspace) { entries, weights in
            workers.run(tasks: tiles.count) { task, _ in
                let tile = tiles[task]
                multiply(
                    normed[tile], weights, of: entries,
                    into: logits.row(tile.lowerBound - normed.indices.lowerBound) + entries.lowerBound,
                    stride: vocabulary)
            }
        }
        return logits.values
    }

    /// log p of one token after each state before the final norm, in nats: the logit lens at any layer.
    public func logProbabilities(of states: [Float], tokens: [Int], workspace: Workspace) -> [Double] {
        let rows = states.count / width
        precondition(rows == tokens.count, "\(rows) states and \(tokens.count) tokens")
        return logProbabilities(
            normed(states), sequences: [0..<rows], targets: tokens.enumerated().map { Target(row: $0, token: $1) },
            workspace: workspace)
    }

    private func normed(_ states: [Float]) -> Rows {
        precondition(states.count % width == 0, "\(states.count) numbers do not fill rows of \(width)")
        let normed = Rows(count: states.count / width, width: width)
        norm.apply(states, rows: normed.count, into: normed.buffer.pointer)
        return normed
    }

    /// Panels that are decoded together where the unembedding is narrow, so that a tile goes through all of them in one task.
    func panelsTogether(_ workspace: Workspace) -> Int { max(workspace.panelFloats / (Self.panel * width), 1) }

    /// Decodes the unembedding, some panels at a time.
    func eachRun(
        of panels: Int, _ workspace: Workspace, _ body: (_ entries: Range<Int>, _ weights: FloatBuffer) -> Void
    ) {
        let most = panels * Self.panel
        let weights = workspace.buffer(.unembedding, count: min(most, vocabulary) * width)
        let decoder = Weight.Decoder(unembedding)
        for start in stride(from: 0, to: vocabulary, by: most) {
            let entries = start..<min(start + most, vocabulary)
            decode(entries, decoder, into: weights, workspace.workers)
            body(entries, weights)
        }
    }

    /// Decodes some entries of the unembedding, `[entries, width]`.
    func decode(_ entries: Range<Int>, _ decoder: Weight.Decoder, into weights: FloatBuffer, _ workers: Workers) {
        let slice = 64
        workers.run(tasks: (entries.count + slice - 1) / slice) { task, _ in
            let first = entries.lowerBound + task * slice
            decoder.decode(
                first..<min(first + slice, entries.upperBound), into: weights.pointer + task * slice * width)
        }
    }

    /// Some rows' logits of the entries whose weights were decoded, or of some of them.
    func multiply(
        _ normed: Rows, _ weights: FloatBuffer, of decoded: Range<Int>, only some: Range<Int>? = nil,
        into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let entries = some ?? decoded
        let first = weights.pointer + (entries.lowerBound - decoded.lowerBound) * width
        Products.stackedTimesTransposed(
            normed.view, Products.View(first, rows: entries.count, columns: width),
            into: Products.View(target, rows: normed.count, columns: entries.count, stride: stride))
        guard let softCap else { return }
        for row in 0..<normed.count { Kernels.softCap(target + row * stride, softCap, count: entries.count) }
    }
}
