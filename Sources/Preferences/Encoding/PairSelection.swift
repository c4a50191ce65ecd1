/// Which pairs of a file take part: an order, a part of it, and nothing that has no margin.
///
/// The order is the file's, or a shuffled one. The first `skip` rows are left out; then pairs are kept until there are `limit`, and each
/// pair that was looked at and not kept is in the list of those dropped, with the reason.
public struct PairSelection: Sendable {
    /// What becomes of a row that cannot be read.
    public enum BadRows: String, Sendable, CaseIterable {
        /// It ends the reading.
        case error
        /// It is dropped, and counted.
        case drop
    }

    /// How many rows are skipped first.
    public let skip: Int
    /// How many pairs are kept at most.
    public let limit: Int?
    /// How many tokens the prompt and the longer response may have together.
    public let maximumTokens: Int?
    /// What becomes of a row that cannot be read.
    public let badRows: BadRows

    /// A selection; `nil` bounds nothing.
    public init(skip: Int = 0, limit: Int? = nil, maximumTokens: Int? = nil, badRows: BadRows = .error) {
        precondition(skip >= 0, "a selection skips 0 rows or more, found \(skip)")
        precondition(limit ?? 0 >= 0, "a selection keeps 0 pairs or more, found \(limit ?? 0)")
        self.skip = skip
        self.limit = limit
        self.maximumTokens = maximumTokens
        self.badRows = badRows
    }

    /// Selects and encodes pairs in the source's order, and reads no further than it must.
    public func select(
        from source: some PairSource, renderer: PairRenderer, encoding: PairEncoding, tokenizer: some TextEncoder
    ) throws(PairFileError) -> SelectedPairs {
        var collector = Collector(self, renderer, encoding)
        var index = 0
        try source.forEachRow(at: nil) { (row) throws(PairFileError) in
            index += 1
            if index <= skip { return true }
            return try collector.consider(row, tokenizer)
        }
        return collector.selected
    }

    /// Selects and encodes pairs in a random order, the same for the same generator: Fisher & Yates, as Durstenfeld (1964).
    ///
    /// The source is gone through once to count its rows, and again for those whose turn it is, so that few of them are held at a time.
    public func select(
        from source: some PairSource, renderer: PairRenderer, encoding: PairEncoding, tokenizer: some TextEncoder,
        shufflingWith generator: inout some RandomNumberGenerator
    ) throws(PairFileError) -> SelectedPairs {
        let count = try source.rowCount()
        var order = Array(0..<count)
        for last in order.indices.dropFirst().reversed() {
            order.swapAt(last, index(upTo: last, from: &generator))
        }
        var collector = Collector(self, renderer, encoding)
        var turns = order.dropFirst(skip)
        while !turns.isEmpty {
            let turn = turns.prefix(limit.map { 2 * $0 + 64 } ?? count)
            turns = turns.dropFirst(turn.count)
            for row in try rows(Array(turn), of: source) {
                if try !collector.consider(row, tokenizer) { return collector.selected }
            }
        }
        return collector.selected
    }

    /// The rows at these places of the source, in this order.
    private func rows(_ places: [Int], of source: some PairSource) throws(PairFileError) -> [PairRow] {
        let inOrder = places.sorted()
        var found: [Int: PairRow] = [:]
        try source.forEachRow(at: Set(places)) { (row) throws(PairFileError) in
            found[inOrder[found.count]] = row
            return found.count < places.count
        }
        return places.compactMap { found[$0] }
    }

    /// A uniform index in `0...last`, drawn again where the range does not divide 2⁶⁴ (Lemire 2019).
    ///
    /// Written out, because what the standard library draws may change with its version.
    private func index(upTo last: Int, from generator: inout some RandomNumberGenerator) -> Int {
        let bound = UInt64(last) + 1
        var product = generator.next().multipliedFullWidth(by: bound)
        while product.low < (0 &- bound) % bound { product = generator.next().multipliedFullWidth(by: bound) }
        return Int(product.high)
    }
}

/// Takes rows one at a time, and keeps their pairs or the reasons why not.
private struct Collector {
    private let selection: PairSelection
    private let renderer: PairRenderer
    private let encoding: PairEncoding
    private(set) var selected = SelectedPairs()
    private var clusters: [[Int]: Int] = [:]

    init(_ selection: PairSelection, _ renderer: PairRenderer, _ encoding: PairEncoding) {
        self.selection = selection
        self.renderer = renderer
        self.encoding = encoding
    }

    private var isFull: Bool { selection.limit.map { selected.kept.count >= $0 } ?? false }

    /// Looks at a row; false once no further one is wanted.
    mutating func consider(_ row: PairRow, _ tokenizer: some TextEncoder) throws(PairFileError) -> Bool {
        if isFull { return false }
        do {
            for pair in try row.pairs.get() where !isFull { try consider(pair, of: row, tokenizer) }
        } catch {
            if selection.badRows == .error { throw error }
            if case .unsupportedTemplate = error.problem { throw error }
            selected.dropped.append(DroppedPair(row: row.number, reason: .badRow(error.problem.withoutText)))
        }
        return !isFull
    }

    private mutating func consider(_ pair: PreferencePair, of row: PairRow, _ tokenizer: some TextEncoder)
        throws(PairFileError)
    {
        let text: PairText
        do { text = try renderer.text(of: pair.content) } catch {
            throw PairFileError(file: row.file, row: row.number, problem: error)
        }
        let encoded: EncodedPair
        do { encoded = try encoding.encode(text, with: tokenizer) } catch {
            throw PairFileError(file: row.file, row: row.number, problem: .notEncoded("\(error)"))
        }
        if let reason = reason(against: encoded, text) {
            selected.dropped.append(DroppedPair(row: row.number, reason: reason))
            return
        }
        let cluster = clusters[encoded.prompt] ?? clusters.count
        clusters[encoded.prompt] = cluster
        let kept = TokenizedPair(
            pair: selected.kept.count, row: row.number, prompt: encoded.prompt, chosen: encoded.chosen,
            rejected: encoded.rejected, cluster: cluster)
        if selected.kept.isEmpty {
            selected.first = PairExample(
                pair: kept, text: text, isTogether: encoding.way == .together,
                ownRanges: [true, false].map {
                    text.isRendered ? renderer.ownRanges(of: pair.content, chosen: $0) : []
                })
        }
        selected.kept.append(kept)
        selected.straddled += encoded.isStraddled ? 1 : 0
        selected.withOwnOpening += encoded.hasOwnOpening ? 1 : 0
        selected.differingApart += encoded.differsApart ? 1 : 0
        selected.rendered += text.isRendered ? 1 : 0
    }

    private func reason(against pair: EncodedPair, _ text: PairText) -> DroppedPair.Reason? {
        let length = pair.prompt.count + max(pair.chosen.count, pair.rejected.count)
        if pair.prompt.isEmpty { return text.prompt.isEmpty ? .emptyPrompt : .noSharedToken }
        if pair.chosen.isEmpty || isBlank(text.chosen) { return .emptyChosen }
        if pair.rejected.isEmpty || isBlank(text.rejected) { return .emptyRejected }
        if pair.chosen == pair.rejected { return .identicalResponses }
        if let maximum = selection.maximumTokens, length > maximum { return .tooLong(tokens: length, maximum: maximum) }
        return nil
    }

    private func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
