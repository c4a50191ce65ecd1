/// How pages write lists in which neighbours are often the same.
public enum Runs {
    /// The cells of a list in order, taken together where `[cell,5]` is shorter than the cell five times; all others alone.
    /// - Parameter cells: how each cell is written.
    public static func worthwhile(_ cells: [String]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        while start < cells.count {
            var end = start + 1
            while end < cells.count, cells[end] == cells[start] { end += 1 }
            let count = end - start
            let size = cells[start].utf8.count
            if count > 1, size + String(count).utf8.count + 3 < count * (size + 1) - 1 {
                runs.append(start..<end)
            } else {
                runs += (start..<end).map { $0..<$0 + 1 }
            }
            start = end
        }
        return runs
    }
}
