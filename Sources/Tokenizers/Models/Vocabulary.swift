/// The tokens of a model and their ids, both ways: one buffer of all bytes, and a hash table of open addressing over it.
struct Vocabulary: Sendable {
    private struct Entry {
        var lower: Int32
        var upper: Int32
        var id: Int32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// The entry of each hash, −1 where there is none: a power of two, at least twice as many as entries.
    private var slots: [Int32]
    private var places: [Int: Int]
    /// The length of the longest token, in bytes.
    private(set) var longest = 0

    /// Keeps a file from choosing tokens that all fall on one slot; nothing but speed depends on it.
    private static let seed = UInt64.random(in: .min ... .max) | 1

    var count: Int { entries.count }

    /// A vocabulary out of pairs in any order.
    /// - Throws: `TokenizerError` where an id is out of range or used twice, or a token is listed twice.
    init(_ pairs: some Collection<(token: [UInt8], id: Int)>, place: String) throws(TokenizerError) {
        var size = 16
        while size < 2 * pairs.count { size *= 2 }
        slots = Array(repeating: -1, count: size)
        places = Dictionary(minimumCapacity: pairs.count)
        entries.reserveCapacity(pairs.count)
        for pair in pairs { try add(pair.token, pair.id, place: place) }
    }

    private mutating func add(_ token: [UInt8], _ id: Int, place: String) throws(TokenizerError) {
        func text() -> String { String(decoding: token, as: UTF8.self) }
        guard (0...Int(Int32.max)).contains(id) else { throw .idOutOfRange(token: text(), id: id) }
        if let other = places.updateValue(entries.count, forKey: id) {
            throw .sharedID(id: id, first: String(decoding: self.token(at: other), as: UTF8.self), second: text())
        }
        let (entry, slot) = find(token, 0..<token.count)
        guard entry == nil else { throw .repeatedToken(place: place, token: text()) }
        guard bytes.count + token.count <= Int(Int32.max) else {
            throw .unsupported(place: place, found: "of more than 2 GiB", supported: ["a smaller vocabulary"])
        }
        slots[slot] = Int32(entries.count)
        entries.append(Entry(lower: Int32(bytes.count), upper: Int32(bytes.count + token.count), id: Int32(id)))
        bytes += token
        longest = max(longest, token.count)
    }

    /// The id of a stretch of text.
    func id(of text: [UInt8], _ range: Range<Int>) -> Int? {
        if range.count > longest { return nil }
        return find(text, range).entry.map { Int(entries[$0].id) }
    }

    func id(of token: String) -> Int? {
        let text = Array(token.utf8)
        return id(of: text, 0..<text.count)
    }

    /// The bytes of the token that has an id.
    func token(of id: Int) -> ArraySlice<UInt8>? { places[id].map { token(at: $0) } }

    /// All tokens, in the order of their ids.
    var sorted: [(id: Int, token: ArraySlice<UInt8>)] {
        entries.indices.map { (Int(entries[$0].id), token(at: $0)) }.sorted { $0.id < $1.id }
    }

    /// The largest id, −1 where there is no token.
    var lastID: Int { entries.lazy.map { Int($0.id) }.max() ?? -1 }

    private func token(at entry: Int) -> ArraySlice<UInt8> {
        bytes[Int(entries[entry].lower)..<Int(entries[entry].upper)]
    }

    /// The entry of a text, and the slot where it is or would be.
    private func find(_ text: [UInt8], _ range: Range<Int>) -> (entry: Int?, slot: Int) {
        let mask = slots.count - 1
        var slot = Self.hash(text, range) & mask
        while slots[slot] >= 0 {
            let entry = Int(slots[slot])
            if matches(entry, text, range) { return (entry, slot) }
            slot = (slot + 1) & mask
        }
        return (nil, slot)
    }

    private func matches(_ entry: Int, _ text: [UInt8], _ range: Range<Int>) -> Bool {
        let lower = Int(entries[entry].lower)
        guard Int(entries[entry].upper) - lower == range.count else { return false }
        for offset in 0..<range.count where bytes[lower + offset] != text[range.lowerBound + offset] { return false }
        return true
    }

    private static func hash(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var hash = seed
        for position in range {
            hash = (hash ^ UInt64(text[position])) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        return Int(truncatingIfNeeded: hash >> 20)
    }
}
