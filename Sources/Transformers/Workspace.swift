import Numerics

/// Who shares out a walk's work, and the buffers that it keeps from step to step, so that it allocates almost nothing on its way.
///
/// It belongs to one walk, whose own thread asks for buffers before tasks share out the work: that is what its `Sendable` stands on.
public final class Workspace: @unchecked Sendable {
    /// What a buffer is for; what it held before is stale whenever it is asked for again.
    public enum Slot: Hashable, Sendable {
        /// The residual stream of even and odd layers.
        case residual(isOdd: Bool)
        case queries, keys, values
        /// What a half adds, before it reaches the residual stream.
        case added(isSecond: Bool)
        /// The feed-forward's inner rows.
        case inner
        /// Decoded weights.
        case panels
        /// Rows after the final norm, and those of a reference.
        case normed, reference
        case unembedding, referenceUnembedding, referenceLogits
        /// A worker's own: input rows of a product, its outputs, attention's tiles, a tile's inner rows, logits.
        case input(Int), product(Int), attention(Int), tile(Int), logits(Int)
    }

    /// Floats of decoded weights held at once by default: 16 MiB.
    public static let panelFloats = 1 << 22

    /// Threads that share out the work.
    public let workers: Workers
    /// Floats of decoded weights held at once; no bit of a result depends on it.
    let panelFloats: Int
    private var buffers: [Slot: FloatBuffer] = [:]

    /// - Parameter panelFloats: floats of decoded weights held at once.
    public init(_ workers: Workers, panelFloats: Int = Workspace.panelFloats) {
        self.workers = workers
        self.panelFloats = panelFloats
    }

    /// A buffer of at least `count` floats.
    func buffer(_ slot: Slot, count: Int) -> FloatBuffer {
        if let buffer = buffers[slot], buffer.count >= count { return buffer }
        // Drop the small one first: both are never held at once.
        buffers[slot] = nil
        let buffer = FloatBuffer(count: count)
        buffers[slot] = buffer
        return buffer
    }

    /// Rows under their numbers.
    public func rows(_ slot: Slot, _ indices: Range<Int>, width: Int) -> Rows {
        Rows(buffer(slot, count: indices.count * width), indices: indices, width: width)
    }

    /// One buffer for each worker.
    func buffers(_ slot: (Int) -> Slot, count: Int) -> [FloatBuffer] {
        (0..<workers.count).map { buffer(slot($0), count: count) }
    }
}
