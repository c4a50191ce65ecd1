/// A text on its way through the pipeline: one buffer of UTF-8, cut into pieces.
struct Pieces {
    /// A stretch of the buffer.
    struct Piece {
        var range: Range<Int>
        /// The id, where the piece is an added token and no longer subject to any step.
        var id: Int?
        /// Whether the piece begins where the whole text does.
        var opensText: Bool
    }

    private(set) var text: [UInt8]
    private(set) var pieces: [Piece]

    /// The whole text as one piece.
    init(_ text: [UInt8]) {
        self.text = text
        pieces = text.isEmpty ? [] : [Piece(range: 0..<text.count, id: nil, opensText: true)]
    }

    /// Replaces each open piece by the parts of it that are not empty.
    mutating func split(_ parts: ([UInt8], Range<Int>) -> [(range: Range<Int>, id: Int?)]) {
        var split: [Piece] = []
        split.reserveCapacity(pieces.count)
        for piece in pieces {
            guard piece.id == nil else {
                split.append(piece)
                continue
            }
            for part in parts(text, piece.range) where !part.range.isEmpty {
                let opens = piece.opensText && part.range.lowerBound == piece.range.lowerBound
                split.append(Piece(range: part.range, id: part.id, opensText: opens))
            }
        }
        pieces = split
    }

    /// Writes each open piece anew; pieces that become empty are dropped.
    mutating func rewrite(_ write: (_ text: [UInt8], _ piece: Piece, _ out: inout [UInt8]) -> Void) {
        var out: [UInt8] = []
        out.reserveCapacity(text.count + text.count / 4)
        var rewritten: [Piece] = []
        rewritten.reserveCapacity(pieces.count)
        for var piece in pieces {
            let start = out.count
            if piece.id == nil {
                write(text, piece, &out)
                if out.count == start { continue }
            }
            piece.range = start..<out.count
            rewritten.append(piece)
        }
        text = out
        pieces = rewritten
    }
}
