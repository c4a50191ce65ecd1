/// What becomes of a match when a text is split at it; the names are those of `tokenizer.json`.
enum SplitBehavior: String, Sendable, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
}

/// Joins the cuts of a text, which come in order, to the pieces that a behavior makes of them.
struct CutJoiner {
    private let behavior: SplitBehavior
    private var piece: Range<Int>?
    private var lastIsMatch = false

    init(_ behavior: SplitBehavior) {
        self.behavior = behavior
    }

    /// Takes the next cut and gives the pieces that are complete to `add`.
    mutating func take(_ cut: Range<Int>, isMatch: Bool, _ add: (Range<Int>) -> Void) {
        let joins =
            switch behavior {
            case .removed, .isolated: false
            case .mergedWithPrevious: isMatch && !lastIsMatch
            case .mergedWithNext: !isMatch && lastIsMatch
            case .contiguous: isMatch == lastIsMatch
            }
        if joins, let open = piece {
            piece = open.lowerBound..<cut.upperBound
        } else {
            finish(add)
            piece = behavior == .removed && isMatch ? nil : cut
        }
        lastIsMatch = isMatch
    }

    /// Gives the last piece to `add`.
    mutating func finish(_ add: (Range<Int>) -> Void) {
        if let piece { add(piece) }
        piece = nil
    }
}
