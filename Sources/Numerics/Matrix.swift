/// Rows of f32 one after another in a buffer, `[rows, columns]`.
///
/// As with ``FloatBuffer``, tasks that run side by side write disjoint rows.
public struct Matrix: Sendable {
    /// What holds the numbers.
    public let buffer: FloatBuffer
    /// Numbers a row.
    public let columns: Int
    private let start: Int

    /// The rows that begin `start` floats into a buffer.
    public init(_ buffer: FloatBuffer, columns: Int, start: Int = 0) {
        self.buffer = buffer
        self.columns = columns
        self.start = start
    }

    /// A row's first number; valid for as long as the buffer lives.
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> { buffer.pointer + start + index * columns }

    /// The same rows without the first `rows`.
    public func dropping(_ rows: Int) -> Matrix { Matrix(buffer, columns: columns, start: start + rows * columns) }
}

/// Buffers that are kept from step to step, so that a walk allocates as good as nothing on its way.
public struct Scratch {
    private var buffers: [String: FloatBuffer] = [:]

    /// None yet.
    public init() {}

    /// A buffer of at least `count` floats under a name; what it held before under that name is gone or stale.
    public mutating func buffer(_ name: String, count: Int) -> FloatBuffer {
        if let buffer = buffers[name], buffer.count >= count { return buffer }
        // Drop the small one first: both are never held at once.
        buffers[name] = nil
        let buffer = FloatBuffer(count: count)
        buffers[name] = buffer
        return buffer
    }

    /// Room for `rows` rows of `columns` under a name.
    public mutating func matrix(_ name: String, rows: Int, columns: Int) -> Matrix {
        Matrix(buffer(name, count: rows * columns), columns: columns)
    }

    /// One buffer a worker under a name.
    public mutating func buffers(_ name: String, count: Int, workers: Int) -> [FloatBuffer] {
        (0..<workers).map { buffer("\(name) \($0)", count: count) }
    }

    /// Bytes held now.
    public var bytes: Int { buffers.values.reduce(0) { $0 + $1.count * 4 } }
}
