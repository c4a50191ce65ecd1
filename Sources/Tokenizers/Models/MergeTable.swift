/// Two tokens that are merged into one.
struct Merge: Sendable, Equatable {
    let left: String
    let right: String

    init(_ left: String, _ right: String) {
        self.left = left
        self.right = right
    }

    /// Reads a merge written as two tokens with one space between them.
    /// - Throws: `TokenizerError.badMerge`.
    init(_ text: String, place: String) throws(TokenizerError) {
        let halves = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard halves.count == 2 else { throw .badMerge(place: place, merge: text) }
        self.init(String(Substring(halves[0])), String(Substring(halves[1])))
    }
}

/// The rank and the result of every pair of ids that merges: a hash table of open addressing.
struct MergeTable: MergeRule, Sendable {
    /// Both ids of a pair; `free` where a slot holds none, for no id is that large.
    private var pairs: [UInt64]
    /// The rank of each pair in the upper half, the merged id in the lower one.
    private var merges: [UInt64]

    private static let free = UInt64.max
    /// Keeps a file from choosing pairs that all fall on one slot; nothing but speed depends on it.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    init(_ list: [Merge], vocabulary: Vocabulary, place: String) throws(TokenizerError) {
        var size = 16
        while size < 2 * list.count { size *= 2 }
        pairs = Array(repeating: Self.free, count: size)
        merges = Array(repeating: 0, count: size)
        for (rank, merge) in list.enumerated() {
            func id(_ token: String) throws(TokenizerError) -> UInt64 {
                guard let id = vocabulary.id(of: token) else {
                    throw .tokenNotInVocabulary(place: "\(place)[\(rank)]", token: token)
                }
                return UInt64(id)
            }
            let result = try id(merge.left + merge.right)
            let pair = try id(merge.left) << 32 | id(merge.right)
            let slot = slot(of: pair)
            pairs[slot] = pair
            // A pair that is listed again counts by its last place, as in Hugging Face's tokenizers.
            merges[slot] = UInt64(rank) << 32 | result
        }
    }

    func merge(_ left: Symbol, _ right: Symbol) -> (rank: UInt32, id: Int32)? {
        if left.id < 0 || right.id < 0 { return nil }
        let pair = UInt64(UInt32(bitPattern: left.id)) << 32 | UInt64(UInt32(bitPattern: right.id))
        let slot = slot(of: pair)
        guard pairs[slot] == pair else { return nil }
        return (UInt32(merges[slot] >> 32), Int32(truncatingIfNeeded: merges[slot]))
    }

    /// The slot where a pair is or would be.
    private func slot(of pair: UInt64) -> Int {
        let mask = pairs.count - 1
        let hash = (pair ^ pair >> 31) &* Self.factor
        var slot = Int(truncatingIfNeeded: hash >> 24) & mask
        while pairs[slot] != pair, pairs[slot] != Self.free { slot = (slot + 1) & mask }
        return slot
    }
}
