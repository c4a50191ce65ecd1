/// What an edit puts in place of the recipient's activation h: an operation on h, and for some a donor whose activation d it uses.
///
/// Norms, projections and given vectors are over the edited heads side by side, or over the whole site.
public struct Change: Sendable, Hashable {
    /// Whose activation is d; `nil` for an operation on h alone.
    public let donor: Donor?
    /// What becomes of h.
    public let operation: Operation
    /// Whether equal runs may be merged, so that the engine proves the result instead of computing it. The self-patch control, which
    /// exists to test the engine, says no.
    public let isShared: Bool

    /// Where d comes from: the clean run of a model over a sequence.
    public struct Donor: Sendable, Hashable {
        /// Whose run.
        public let model: Source
        /// Over which sequence.
        public let sequence: Sequence
    }

    /// The sequence whose clean run gives d.
    public enum Sequence: Sendable, Hashable {
        /// h's own, at the same position.
        case own
        /// Another pair's at the aligned position: prompt with prompt, response with response, each from its start; a donor that is
        /// shorter gives its last position for the rest.
        case otherPair
        /// The same pair's other response at the aligned position; prompt positions keep their own d.
        case otherResponse
        /// Another text, in token ids, at the same position from the sequence's start; a text that is shorter gives its last position
        /// for the rest.
        case text([Int])
    }

    /// What becomes of h.
    public enum Operation: Sendable, Hashable {
        /// d
        case replace
        /// h + weight · (d − h); −1 is the sign-flipped difference.
        case mix(weight: Float)
        /// h + (d − e), e the other model's activation where d is: d's difference on top of h.
        case addDifference
        /// h + P (d − h), P the projection on a basis.
        case project(Basis)
        /// h + ‖d − h‖ · u, u a unit vector drawn for each pair, layer and position.
        case push(Heading, seed: UInt64)
        /// h + v
        case add([Float])
        /// 0
        case setToZero
        /// v, such as a mean activation.
        case set([Float])
        /// h − P h: what a basis spans is removed.
        case remove(Basis)
    }

    /// Which way a push goes.
    public enum Heading: Sendable, Hashable {
        /// Uniform on the sphere.
        case uniform
        /// A normal mixture of axes: a random direction that is as likely as activations are.
        case along(Axes)
        /// The difference of the base's own activations at two places of the same pair; two places with the same activation are drawn
        /// again.
        case baseDifference
    }

    private init(_ operation: Operation, donor: Donor? = nil, isShared: Bool = true) {
        self.operation = operation
        self.donor = donor
        self.isShared = isShared
    }

    /// d
    public static func replace(donor: Source, from sequence: Sequence = .own, isShared: Bool = true) -> Change {
        Change(.replace, donor: Donor(model: donor, sequence: sequence), isShared: isShared)
    }

    /// h + weight · (d − h)
    public static func mix(donor: Source, from sequence: Sequence = .own, weight: Float) -> Change {
        Change(.mix(weight: weight), donor: Donor(model: donor, sequence: sequence))
    }

    /// h + (d − e), e the other model's activation where d is
    public static func addDifference(donor: Source, from sequence: Sequence) -> Change {
        Change(.addDifference, donor: Donor(model: donor, sequence: sequence))
    }

    /// h + P (d − h)
    public static func project(donor: Source, from sequence: Sequence = .own, onto basis: Basis) -> Change {
        Change(.project(basis), donor: Donor(model: donor, sequence: sequence))
    }

    /// h + ‖d − h‖ · u
    public static func push(donor: Source, from sequence: Sequence = .own, _ heading: Heading, seed: UInt64) -> Change {
        Change(.push(heading, seed: seed), donor: Donor(model: donor, sequence: sequence))
    }

    /// h + v
    public static func add(_ vector: [Float]) -> Change { Change(.add(vector)) }
    /// v
    public static func set(_ vector: [Float]) -> Change { Change(.set(vector)) }
    /// 0
    public static let setToZero = Change(.setToZero)
    /// h − P h
    public static func remove(_ basis: Basis) -> Change { Change(.remove(basis)) }

    // MARK: - What a plan needs to know

    private var usesBaseDifference: Bool { if case .push(.baseDifference, _) = operation { true } else { false } }

    /// Whose clean runs it reads: the donor's, the base's where that gives a direction, and the other's for a difference.
    var reads: [Source] {
        guard let donor else { return [] }
        let readsBoth = operation == .addDifference || usesBaseDifference && donor.model != .base
        return readsBoth ? [donor.model, donor.model.other] : [donor.model]
    }

    /// Whether h = d, row by row, means that nothing changes.
    var isNothingForEqualDonor: Bool { donor?.sequence == .own && isShared && operation != .addDifference }

    /// Whether every row becomes the donor's own at the same position.
    var isDonorItself: Bool { operation == .replace && isNothingForEqualDonor }

    /// Whether it reads a clean run at another position than h's.
    var movesDonor: Bool { donor.map { $0.sequence != .own } ?? false || usesBaseDifference }

    /// The tokens of another text that gives d.
    var text: [Int]? { if case .text(let tokens) = donor?.sequence { tokens } else { nil } }

    /// Numbers in a row of a given vector or basis, where the change holds one.
    var givenWidth: Int? {
        switch operation {
        case .add(let vector), .set(let vector): vector.count
        case .project(let basis), .remove(let basis): basis.width
        case .push(.along(let axes), _): axes.width
        default: nil
        }
    }
}
