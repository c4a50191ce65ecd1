/// Which stored rows make up a weight, in the order that the model means them.
public struct RowMap: Sendable, Equatable {
    /// How many rows the weight has.
    public let count: Int
    /// The stored row of each row; `nil` where row `i` is stored row `i`.
    private let stored: [Int]?

    /// The first `count` stored rows as they are.
    public init(count: Int) {
        self.count = count
        stored = nil
    }

    /// Stored rows in the order of a list.
    public init(_ rows: some Sequence<Int>) {
        let rows = Array(rows)
        count = rows.count
        stored = rows.elementsEqual(rows.indices) ? nil : rows
    }

    /// The query, key or value part of rows that are stored head by head, each head's `parts` of `width` rows together.
    public static func interleaved(part: Int, of parts: Int, heads: Int, width: Int) -> RowMap {
        RowMap((0..<heads).flatMap { head in (0..<width).map { (head * parts + part) * width + $0 } })
    }

    /// llama.cpp's order for rotation by neighbours: of each head, stored row `2i + j` is row `j · half + i`.
    public static func interleavedHalves(heads: Int, width: Int) -> RowMap {
        RowMap(
            (0..<heads).flatMap { head in
                (0..<width).map { head * width + 2 * ($0 % (width / 2)) + $0 / (width / 2) }
            })
    }

    /// The same rows of a module in which they begin at `start`.
    func shifted(by start: Int) -> RowMap { RowMap((stored ?? Array(0..<count)).map { $0 + start }) }

    /// One more than the largest stored row.
    var end: Int { stored.map { ($0.max() ?? -1) + 1 } ?? count }

    /// Calls `body` with stretches of stored rows that follow one another, and the place of each stretch among `rows`.
    func eachStretch(of rows: Range<Int>, _ body: (_ stored: Range<Int>, _ place: Int) -> Void) {
        guard let stored else { return body(rows, 0) }
        var first = rows.lowerBound
        while first < rows.upperBound {
            var last = first + 1
            while last < rows.upperBound, stored[last] == stored[last - 1] + 1 { last += 1 }
            body(stored[first]..<stored[first] + last - first, first - rows.lowerBound)
            first = last
        }
    }

    /// The numbers of the mapped rows of a vector, `[count]`.
    func select(_ values: [Float]) -> [Float] { stored.map { $0.map { values[$0] } } ?? Array(values.prefix(count)) }
}
