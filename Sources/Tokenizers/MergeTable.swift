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

/// The rank and the result of every pair of ids that merges.
struct MergeTable: Sendable {
    private var merges: [UInt64: UInt64]
    /// The merged id of each rank.
    private var results: [Int32] = []

    init(_ merges: [Merge], vocabulary: Vocabulary, place: String) throws(TokenizerError) {
        self.merges = Dictionary(minimumCapacity: merges.count)
        results.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() {
            func id(_ token: String) throws(TokenizerError) -> UInt64 {
                guard let id = vocabulary.id(of: token) else {
                    throw .tokenNotInVocabulary(place: "\(place)[\(rank)]", token: token)
                }
                return UInt64(id)
            }
            let result = try id(merge.left + merge.right)
            // A pair that is listed again counts by its last place, as in Hugging Face's tokenizers.
            self.merges[try id(merge.left) << 32 | id(merge.right)] = UInt64(rank) << 32 | result
            results.append(Int32(truncatingIfNeeded: result))
        }
    }

    /// The rank and the merged id of two neighbours.
    func merge(_ left: Int32, _ right: Int32) -> (rank: UInt32, result: Int32)? {
        guard let packed = merges[UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))] else {
            return nil
        }
        return (UInt32(packed >> 32), Int32(truncatingIfNeeded: packed))
    }

    /// The merged id of a rank.
    func result(of rank: UInt32) -> Int32 { results[Int(rank)] }
}
