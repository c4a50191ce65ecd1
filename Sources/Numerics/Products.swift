import COpenBLAS

/// Matrix products in f32, one thread a call: the engine splits work over its own threads, so that no result depends on
/// their number.
public enum Products {
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// The name of OpenBLAS's kernels for this processor, such as `SkylakeX`: the last bits of a product depend on them.
    public static let kernel = openblas_get_corename().map { String(cString: $0) } ?? "unknown"

    /// The library, its version and its kernels, on which the last bits of every result depend: `OpenBLAS 0.3.21 SkylakeX`.
    public static let library: String = {
        let words = openblas_get_config().map { String(cString: $0).split(separator: " ").prefix(2) } ?? ["OpenBLAS"]
        return (words.map(String.init) + [kernel]).joined(separator: " ")
    }()

    /// A row-major matrix inside a larger one: `stride` floats from one row to the next.
    public struct View {
        let start: UnsafeMutablePointer<Float>
        /// How many rows.
        public let rows: Int
        /// Numbers a row.
        public let columns: Int
        let stride: Int

        /// A matrix of `rows` by `columns` at `start`; the rows follow each other where no stride is given.
        public init(_ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
            self.start = start
            self.rows = rows
            self.columns = columns
            self.stride = stride ?? columns
        }
    }

    /// `target = scale · left · rightᵀ + keep · target`, with `left` `[m, k]`, `right` `[n, k]`, `target` `[m, n]`.
    public static func timesTransposed(
        _ left: View, _ right: View, into target: View, scale: Float = 1, keep: Float = 0
    ) {
        precondition(
            left.columns == right.columns && target.rows == left.rows && target.columns == right.rows,
            "[\(left.rows), \(left.columns)] · [\(right.rows), \(right.columns)]ᵀ into [\(target.rows), \(target.columns)]"
        )
        multiply(left, right, CblasTrans, target, scale, keep)
    }

    /// `target = scale · left · right + keep · target`, with `left` `[m, k]`, `right` `[k, n]`, `target` `[m, n]`.
    public static func times(_ left: View, _ right: View, into target: View, scale: Float = 1, keep: Float = 0) {
        precondition(
            left.columns == right.rows && target.rows == left.rows && target.columns == right.columns,
            "[\(left.rows), \(left.columns)] · [\(right.rows), \(right.columns)] into [\(target.rows), \(target.columns)]"
        )
        multiply(left, right, CblasNoTrans, target, scale, keep)
    }

    private static func multiply(
        _ left: View, _ right: View, _ transposition: CBLAS_TRANSPOSE, _ target: View, _ scale: Float, _ keep: Float
    ) {
        _ = singleThreaded
        guard target.rows > 0, target.columns > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, transposition, blasint(target.rows), blasint(target.columns),
            blasint(left.columns), scale, left.start, blasint(left.stride), right.start, blasint(right.stride), keep,
            target.start, blasint(target.stride))
    }
}
