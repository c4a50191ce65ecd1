/// What becomes of a match when a text is split at it; the names are those of `tokenizer.json`.
enum SplitBehavior: String, Sendable, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// The pieces that remain of a text that was cut into matches and non-matches.
    func pieces(of cuts: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        switch self {
        case .removed: return cuts.filter { !$0.isMatch }.map(\.range)
        case .isolated: return cuts.map(\.range)
        case .contiguous: return joined(cuts) { isMatch, previous in isMatch == previous }
        case .mergedWithPrevious: return joined(cuts) { isMatch, previous in isMatch && !previous }
        case .mergedWithNext: return joined(cuts.reversed()) { isMatch, previous in isMatch && !previous }.reversed()
        }
    }

    /// Joins each cut to the one before it (in the given order) where `joins` says so.
    private func joined(
        _ cuts: [(range: Range<Int>, isMatch: Bool)], where joins: (Bool, Bool) -> Bool
    ) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var previous = false
        for cut in cuts {
            if joins(cut.isMatch, previous), let last = pieces.popLast() {
                pieces.append(
                    min(last.lowerBound, cut.range.lowerBound)..<max(last.upperBound, cut.range.upperBound))
            } else {
                pieces.append(cut.range)
            }
            previous = cut.isMatch
        }
        return pieces
    }
}
