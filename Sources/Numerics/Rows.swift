/// Rows of f32 in a buffer, addressed by the row numbers of the stack they belong to: a slice keeps the numbers of its rows.
///
/// As with ``FloatBuffer``, tasks that run side by side write disjoint rows.
public struct Rows: Sendable {
    /// What holds the numbers.
    public let buffer: FloatBuffer
    /// The numbers of the rows.
    public let indices: Range<Int>
    /// Numbers in a row.
    public let width: Int
    /// Floats from one row to the next, at least `width`.
    public let stride: Int
    /// Floats of the buffer before the first row.
    private let start: Int

    /// Rows that lie one after another from the beginning of a buffer.
    /// - Parameter stride: floats from one row to the next; `width` where it is not given.
    public init(_ buffer: FloatBuffer, indices: Range<Int>, width: Int, stride: Int? = nil) {
        self.init(buffer, indices, width, stride ?? width, start: 0)
    }

    /// New rows, whatever they hold.
    public init(count: Int, width: Int) {
        self.init(FloatBuffer(count: count * width), indices: 0..<count, width: width)
    }

    private init(_ buffer: FloatBuffer, _ indices: Range<Int>, _ width: Int, _ stride: Int, start: Int) {
        precondition(
            width <= stride && start + indices.count * stride <= buffer.count,
            "\(indices.count) rows of \(width) in steps of \(stride) from \(start) in \(buffer.count) floats")
        self.buffer = buffer
        self.indices = indices
        self.width = width
        self.stride = stride
        self.start = start
    }

    /// How many rows.
    public var count: Int { indices.count }

    /// A row's first number; valid for as long as the buffer lives.
    @inline(__always)
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> {
        precondition(indices.contains(index), "row \(index) of \(indices)")
        return buffer.pointer + start + (index - indices.lowerBound) * stride
    }

    /// Some of the rows, under their own numbers.
    public subscript(range: Range<Int>) -> Rows {
        precondition(
            range.lowerBound >= indices.lowerBound && range.upperBound <= indices.upperBound,
            "rows \(range) of \(indices)")
        return Rows(buffer, range, width, stride, start: start + (range.lowerBound - indices.lowerBound) * stride)
    }

    /// The first numbers of each row.
    public func narrowed(to width: Int) -> Rows {
        precondition(width <= self.width, "\(width) of \(self.width) numbers in a row")
        return Rows(buffer, indices, width, stride, start: start)
    }

    /// The rows as a matrix for ``Products``.
    public var view: Products.View {
        Products.View(buffer.pointer + start, rows: count, columns: width, stride: stride)
    }

    /// All numbers, row after row.
    public var values: [Float] {
        indices.flatMap { UnsafeBufferPointer(start: row($0), count: width) }
    }
}
