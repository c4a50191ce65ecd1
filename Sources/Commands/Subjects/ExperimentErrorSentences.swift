import Experiments

/// The experiments' errors in the words of a notebook.
extension ExperimentError: CustomStringConvertible {
    /// The sentence for the reader.
    public var description: String {
        switch self {
        case .emptySelection(let positions, let pair):
            "positions '\(positions.name)' select no token of "
                + (pair.map { "pair \($0)" } ?? "the pairs") + ", so there is nothing to read"
        case .noHeads(let site):
            "'heads: each' needs a site that has heads, such as 'z', and '\(site.rawValue)' has none"
        case .rankAboveWidth(let rank, let width):
            "rank \(rank) is more than the \(width) dimensions there are"
        case .rankAboveDirections(let rank, let kept):
            "rank \(rank) is more than the \(kept) directions that the spectrum produced; raise its option 'keep', or lower 'ranks'"
        case .differentPairs:
            "'x' and 'y' are of different pairs; both must come from one {pairs} block"
        case .differentCounts(let distances, let scores):
            "'x' has distances of \(distances) pairs and 'y' scores \(scores); both must be of the same pairs"
        }
    }
}
