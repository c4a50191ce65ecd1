/// Merges the tokens of one piece in O(n log n): a linked list of tokens, and a heap of the merges that are possible,
/// lowest rank first and leftmost among equals.
///
/// It keeps its memory from piece to piece.
struct Merger {
    private struct Symbol {
        var id: Int32
        var previous: Int32
        var next: Int32
    }

    private static let none: Int32 = -1

    private var symbols: [Symbol] = []
    private var heap = MergeHeap()

    mutating func reset() {
        symbols.removeAll(keepingCapacity: true)
    }

    mutating func append(_ id: Int) {
        let index = Int32(symbols.count)
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbols.append(Symbol(id: Int32(id), previous: index - 1, next: Self.none))
    }

    mutating func merge(by table: MergeTable) {
        heap.removeAll()
        for index in symbols.indices.dropLast() { push(index, index + 1, table) }
        while let (rank, position) = heap.pop() {
            let left = symbols[position]
            guard left.id != Self.none, left.next != Self.none else { continue }
            let right = symbols[Int(left.next)]
            // The entry is stale where another merge has taken one of the two since.
            let result = table.result(of: rank)
            guard table.merge(left.id, right.id)?.result == result else { continue }
            symbols[Int(left.next)].id = Self.none
            symbols[position].id = result
            symbols[position].next = right.next
            if right.next != Self.none {
                symbols[Int(right.next)].previous = Int32(position)
                push(position, Int(right.next), table)
            }
            if left.previous != Self.none { push(Int(left.previous), position, table) }
        }
    }

    func read(into out: inout [Int]) {
        for symbol in symbols where symbol.id != Self.none { out.append(Int(symbol.id)) }
    }

    private mutating func push(_ left: Int, _ right: Int, _ table: MergeTable) {
        guard let merge = table.merge(symbols[left].id, symbols[right].id) else { return }
        heap.push(rank: merge.rank, position: left)
    }
}

/// A binary heap of (rank, position), the smallest on top.
private struct MergeHeap {
    private var keys: [UInt64] = []

    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }

    mutating func push(rank: UInt32, position: Int) {
        let key = UInt64(rank) << 32 | UInt64(UInt32(position))
        var index = keys.count
        keys.append(key)
        while index > 0 {
            let parent = (index - 1) / 2
            guard key < keys[parent] else { break }
            keys[index] = keys[parent]
            index = parent
        }
        keys[index] = key
    }

    mutating func pop() -> (rank: UInt32, position: Int)? {
        guard let top = keys.first, let last = keys.popLast() else { return nil }
        if !keys.isEmpty {
            var index = 0
            while true {
                var child = 2 * index + 1
                guard child < keys.count else { break }
                if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
                guard keys[child] < last else { break }
                keys[index] = keys[child]
                index = child
            }
            keys[index] = last
        }
        return (UInt32(top >> 32), Int(top & 0xFFFF_FFFF))
    }
}
