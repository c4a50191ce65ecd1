import Transformers

/// What a sweep estimates, layer by layer.
public enum Estimand: String, Sendable, Hashable, CaseIterable {
    /// The donor's activation at one site of one layer in the recipient's run.
    case patch
    /// One block's weights are the donor's, on the recipient's own state.
    case swap
    /// All is the donor's but one block.
    case leaveOneOut = "leave_one_out"
    /// What a layer adds, averaged over orders in which the donor's blocks join.
    case shapley
}

/// Which model gives the activation, or the block, and which receives it.
public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// Donor tuned, recipient base: is it sufficient?
    case tunedToBase = "tuned_to_base"
    /// Donor base, recipient tuned: is it necessary?
    case baseToTuned = "base_to_tuned"

    /// Whose activation is taken.
    public var donor: Source { self == .tunedToBase ? .tuned : .base }
    /// Whose run it is put into.
    public var recipient: Source { donor.other }
}

/// What stands in for the donor's activation.
public enum Control: String, Sendable, Hashable, CaseIterable {
    /// Nothing: the patch itself.
    case none
    /// The recipient's own activation; must change nothing.
    case itself = "self"
    /// The donor's activation for another pair.
    case shuffled
    /// The recipient's own activation plus the difference between donor and recipient for another pair.
    case shuffledDifference = "shuffled_difference"
    /// The donor's activation for the pair's other response.
    case exchanged
    /// The donor's activation for another, neutral text.
    case neutral
    /// A random direction as long as the difference between donor and recipient.
    case random
    /// A random direction of that length, drawn where the base's own activations vary.
    case covariance
    /// A direction of that length along the difference of two of the base's own activations.
    case baseDifference = "base_difference"
    /// The difference between donor and recipient with its sign changed.
    case flipped
    /// The patch itself, over the pairs whose responses are about equally long.
    case lengthMatched = "length_matched"

    /// Whether it takes runs of its own.
    public var isRun: Bool { self != .lengthMatched }
}

/// Where and how one run of a sweep differs from the recipient's clean run.
public struct Place: Sendable, Hashable {
    /// The block.
    public let layer: Int
    /// The head, where one head is patched by itself.
    public let head: Int?
    /// At which tokens.
    public let positions: Positions
    /// From which model into which.
    public let direction: Direction
    /// What stood in for the donor.
    public let control: Control

    /// A place out of its parts.
    public init(layer: Int, head: Int? = nil, positions: Positions, direction: Direction, control: Control) {
        self.layer = layer
        self.head = head
        self.positions = positions
        self.direction = direction
        self.control = control
    }
}
