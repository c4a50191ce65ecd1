/// The tokens of a model and their ids, both ways.
struct Vocabulary: Sendable {
    private(set) var ids: [ByteKey: Int]
    private(set) var tokens: [Int: ArraySlice<UInt8>]

    var count: Int { ids.count }

    /// A vocabulary out of pairs in any order.
    /// - Throws: `TokenizerError` where an id is out of range or used twice, or a token stands twice.
    init(_ pairs: [(token: String, id: Int)], place: String) throws(TokenizerError) {
        ids = Dictionary(minimumCapacity: pairs.count)
        tokens = Dictionary(minimumCapacity: pairs.count)
        for pair in pairs { try add(Array(pair.token.utf8), pair.id, place: place) }
    }

    private mutating func add(_ token: [UInt8], _ id: Int, place: String) throws(TokenizerError) {
        let text = String(decoding: token, as: UTF8.self)
        guard (0...Int(Int32.max)).contains(id) else { throw .idOutOfRange(token: text, id: id) }
        if let other = tokens.updateValue(token[...], forKey: id) {
            throw .sharedID(id: id, first: String(decoding: other, as: UTF8.self), second: text)
        }
        guard ids.updateValue(id, forKey: ByteKey(token[...])) == nil else {
            throw .repeatedToken(place: place, token: text)
        }
    }

    func id(of token: String) -> Int? { ids[ByteKey(token)] }
}
