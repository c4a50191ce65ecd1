/// How fast this machine multiplies.
public enum MachineSpeed {
    /// Floating-point operations per second of f32 products of a transformer's shape, all workers together; takes about a fifth of a
    /// second.
    public static func measure(_ workers: Workers) -> Double {
        let (rows, columns, inner) = (256, 512, 1024)
        let sizes = [rows * inner, columns * inner, rows * columns]
        let buffers = (0..<workers.count).map { _ in
            sizes.map { count in
                let buffer = FloatBuffer(count: count)
                buffer.pointer.update(repeating: 0.5, count: count)
                return buffer
            }
        }
        func run(_ tasks: Int) -> Double {
            let clock = ContinuousClock()
            let start = clock.now
            workers.run(tasks: tasks) { _, worker in
                let (left, right, target) = (buffers[worker][0], buffers[worker][1], buffers[worker][2])
                Products.timesTransposed(
                    Products.View(left.pointer, rows: rows, columns: inner),
                    Products.View(right.pointer, rows: columns, columns: inner),
                    into: Products.View(target.pointer, rows: rows, columns: columns))
            }
            return Double(tasks) * Double(2 * rows * columns * inner) / (start.duration(to: clock.now) / .seconds(1))
        }
        _ = run(2 * workers.count)
        return (0..<3).map { _ in run(16 * workers.count) }.max() ?? 0
    }
}
