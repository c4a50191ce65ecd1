/// A token on its way: an id, −1 where there is none, and the stretch of text that it covers.
struct Symbol {
    var id: Int32
    var lower: Int32
    var upper: Int32
    fileprivate var previous: Int32 = -1
    fileprivate var next: Int32 = -1

    init(id: Int, _ range: Range<Int>) {
        self.id = Int32(id)
        lower = Int32(range.lowerBound)
        upper = Int32(range.upperBound)
    }

    var range: Range<Int> { Int(lower)..<Int(max(lower, upper)) }

    /// The id of a symbol that another one has taken.
    fileprivate static let taken: Int32 = -2
}

/// Which neighbours merge, in what order, and into what.
protocol MergeRule {
    /// The rank of a merge, the lowest first, and the id of its result; nil where the two do not merge.
    func merge(_ left: Symbol, _ right: Symbol) -> (rank: UInt32, id: Int32)?
}

/// Merges the symbols of one piece in O(n log n): a linked list of symbols, and a heap of the merges that are possible,
/// lowest rank first and leftmost among equals.
///
/// It keeps its memory from piece to piece.
struct Merger {
    private var symbols: [Symbol] = []
    private var heap = MergeHeap()

    mutating func reset() {
        symbols.removeAll(keepingCapacity: true)
    }

    mutating func append(_ symbol: Symbol) {
        let index = Int32(symbols.count)
        var symbol = symbol
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbol.previous = index - 1
        symbols.append(symbol)
    }

    mutating func merge(by rule: some MergeRule) {
        heap.removeAll()
        for index in symbols.indices.dropLast() { push(index, index + 1, rule) }
        while let (position, result) = heap.pop() {
            let left = symbols[position]
            guard left.id != Symbol.taken, left.next >= 0 else { continue }
            let right = symbols[Int(left.next)]
            // The entry is stale where another merge has taken one of the two since.
            guard rule.merge(left, right)?.id == result else { continue }
            symbols[Int(left.next)].id = Symbol.taken
            symbols[position].id = result
            symbols[position].upper = right.upper
            symbols[position].next = right.next
            if right.next >= 0 {
                symbols[Int(right.next)].previous = Int32(position)
                push(position, Int(right.next), rule)
            }
            if left.previous >= 0 { push(Int(left.previous), position, rule) }
        }
    }

    /// Calls `body` with what is left, in order.
    func forEach(_ body: (Symbol) -> Void) {
        for symbol in symbols where symbol.id != Symbol.taken { body(symbol) }
    }

    private mutating func push(_ left: Int, _ right: Int, _ rule: some MergeRule) {
        guard let merge = rule.merge(symbols[left], symbols[right]) else { return }
        heap.push(MergeHeap.Entry(rank: merge.rank, position: left, id: merge.id))
    }
}

/// A binary heap of merges, the smallest rank on top and the leftmost among equals.
private struct MergeHeap {
    struct Entry {
        let key: UInt64
        let id: Int32

        init(rank: UInt32, position: Int, id: Int32) {
            key = UInt64(rank) << 32 | UInt64(UInt32(position))
            self.id = id
        }
    }

    private var entries: [Entry] = []

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
    }

    mutating func push(_ entry: Entry) {
        var index = entries.count
        entries.append(entry)
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.key < entries[parent].key else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = entry
    }

    mutating func pop() -> (position: Int, id: Int32)? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        if !entries.isEmpty {
            var index = 0
            while true {
                var child = 2 * index + 1
                guard child < entries.count else { break }
                if child + 1 < entries.count, entries[child + 1].key < entries[child].key { child += 1 }
                guard entries[child].key < last.key else { break }
                entries[index] = entries[child]
                index = child
            }
            entries[index] = last
        }
        return (Int(top.key & 0xFFFF_FFFF), top.id)
    }
}
