/// Working memory for activations and decoded weights: uninitialised f32, aligned for vector code.
///
/// A buffer is scratch of the engine, never a result. Tasks that run side by side write disjoint rows of it, which is the one
/// promise that its `Sendable` stands on.
public final class FloatBuffer: @unchecked Sendable {
    /// How many floats it holds.
    public let count: Int
    /// The first of them; valid for as long as the buffer lives.
    public let pointer: UnsafeMutablePointer<Float>

    /// `count` uninitialised floats.
    public init(count: Int) {
        precondition(count >= 0, "a buffer of \(count) floats")
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
