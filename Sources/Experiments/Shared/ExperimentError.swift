import Interventions
import Transformers

/// Why an experiment cannot be run on these models and pairs.
public enum ExperimentError: Error, Sendable, Equatable {
    /// Positions that select no token of a pair; of any pair where none is named.
    case emptySelection(Positions, pair: Int?)
    /// Heads one by one at a site that has none.
    case noHeads(Site)
    /// More directions than a site has dimensions.
    case rankAboveWidth(Int, width: Int)
    /// More directions than a spectrum kept.
    case rankAboveDirections(Int, kept: Int)
    /// Distances of other pairs than those scored.
    case differentPairs
    /// Distances of another number of pairs than were scored.
    case differentCounts(distances: Int, scores: Int)
}
