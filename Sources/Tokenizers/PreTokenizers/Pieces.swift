/// A text on its way through the pipeline: one buffer of UTF-8, cut into pieces.
struct Pieces {
    /// A stretch of the buffer; offsets are 32 bits wide because a text may be cut into single bytes.
    struct Piece {
        fileprivate var lower: Int32
        fileprivate var upper: Int32
        fileprivate var token: Int32
        /// Whether the piece begins in what the whole text's first scalar became.
        fileprivate(set) var opensText: Bool

        fileprivate init(_ range: Range<Int>, id: Int?, opensText: Bool) {
            lower = Int32(range.lowerBound)
            upper = Int32(range.upperBound)
            token = id.map(Int32.init) ?? -1
            self.opensText = opensText
        }

        var range: Range<Int> { Int(lower)..<Int(upper) }
        /// The id, where the piece is an added token and no longer subject to any step.
        var id: Int? { token < 0 ? nil : Int(token) }
    }

    private(set) var text: [UInt8]
    private(set) var pieces: [Piece]
    /// Where each byte of `text` comes from, and where the text ends: `[text.count + 1]`; nil where nobody asks.
    private(set) var origins: [Int32]?
    /// How many bytes at the front of `text` come from the whole text's first scalar.
    private(set) var opening: Int

    /// The whole text as one piece.
    init(_ text: [UInt8], tracksOrigins: Bool) {
        self.text = text
        pieces = text.isEmpty ? [] : [Piece(0..<text.count, id: nil, opensText: true)]
        origins = tracksOrigins ? (0...text.count).map(Int32.init) : nil
        opening = text.first.map(UTF8Text.length(of:)) ?? 0
    }

    var isASCII: Bool { text.allSatisfy { $0 < 0x80 } }

    /// Replaces each open piece by the parts of it that `cut` gives and that are not empty.
    mutating func split(
        _ cut: (_ text: [UInt8], _ piece: Piece, _ add: (Range<Int>, _ id: Int?) -> Void) throws(TokenizerError)
            -> Void
    ) throws(TokenizerError) {
        var split: [Piece] = []
        split.reserveCapacity(pieces.count)
        for piece in pieces {
            guard piece.id == nil else {
                split.append(piece)
                continue
            }
            try cut(text, piece) { range, id in
                if range.isEmpty { return }
                split.append(Piece(range, id: id, opensText: range.lowerBound < opening))
            }
        }
        pieces = split
    }

    /// Rewrites each open piece; pieces that become empty are dropped.
    mutating func rewrite(
        _ write: (_ text: [UInt8], _ piece: Piece, _ writer: inout TextWriter) throws(TokenizerError) -> Void
    ) throws(TokenizerError) {
        var writer = TextWriter(text, origins, opening: opening)
        var rewritten: [Piece] = []
        rewritten.reserveCapacity(pieces.count)
        for piece in pieces {
            let start = writer.bytes.count
            if piece.id == nil { try write(text, piece, &writer) } else { writer.copy(piece.range) }
            let range = start..<writer.bytes.count
            if !range.isEmpty { rewritten.append(Piece(range, id: piece.id, opensText: piece.opensText)) }
        }
        origins = writer.finish()
        (text, opening) = (writer.bytes, writer.opening)
        pieces = rewritten
    }
}

/// Rewrites a text and keeps how much of it the text's first scalar became, and, where asked for, where each byte comes from.
struct TextWriter {
    private let source: [UInt8]
    private let sourceOrigins: [Int32]?
    private(set) var bytes: [UInt8] = []
    private var origins: [Int32] = []
    private let sourceOpening: Int
    fileprivate private(set) var opening = 0

    fileprivate init(_ source: [UInt8], _ origins: [Int32]?, opening: Int) {
        self.source = source
        sourceOpening = opening
        sourceOrigins = origins
        bytes.reserveCapacity(source.count + source.count / 4)
        if origins != nil { self.origins.reserveCapacity(source.count + 1) }
    }

    /// Writes a stretch of the source as it is.
    mutating func copy(_ range: Range<Int>) {
        bytes += source[range]
        opening += max(0, min(range.upperBound, sourceOpening) - range.lowerBound)
        if let sourceOrigins { origins += sourceOrigins[range] }
    }

    /// Writes bytes that stand for a stretch of the source.
    /// - Parameter opens: whether they count as coming from the text's first scalar, where the stretch's start does not say.
    mutating func put(_ written: some Collection<UInt8>, for range: Range<Int>, opens: Bool? = nil) {
        bytes += written
        if opens ?? comesFromOpening(range.lowerBound) { opening += written.count }
        if let sourceOrigins {
            origins += repeatElement(sourceOrigins[range.lowerBound], count: written.count)
        }
    }

    /// Whether the byte at a position of the source comes from the text's first scalar.
    func comesFromOpening(_ position: Int) -> Bool { position < sourceOpening }

    fileprivate mutating func finish() -> [Int32]? {
        guard let end = sourceOrigins?.last else { return nil }
        return origins + [end]
    }
}
