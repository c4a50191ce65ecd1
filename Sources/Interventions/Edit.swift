import Transformers

/// One change of an activation: where, and to what.
public struct Edit: Sendable, Hashable {
    /// Which activation.
    public let site: Site
    /// In which block, counted from 0; 0 for `embed` and the last block for `final_norm`.
    public let layer: Int
    /// At which tokens.
    public let positions: Positions
    /// Which heads of a site that has heads (key/value heads at `k`, `k_rot` and `v`); `nil` for all.
    public let heads: [Int]?
    /// To what.
    public let change: Change

    /// A change of one site at one layer.
    public init(site: Site, layer: Int, positions: Positions, heads: [Int]? = nil, change: Change) {
        self.site = site
        self.layer = layer
        self.positions = positions
        self.heads = heads.map { Set($0).sorted() }
        self.change = change
    }
}

/// What an edit puts in place of the recipient's activation h; d is the donor's, from its own clean run of the same sequence.
///
/// Norms, projections and given vectors are over the edited heads side by side, or over the whole site.
public enum Change: Sendable, Hashable {
    /// d
    case replace(donor: Source)
    /// As ``replace(donor:)``, but carried out as its own run even where the engine could prove the result without one: for
    /// the self-patch control, which exists to test the engine.
    case replaceUnshared(donor: Source)
    /// d of another pair at the aligned position: prompt with prompt, response with response, each from its start; a donor
    /// that is shorter gives its last position for the rest.
    case replaceFromOtherPair(donor: Source)
    /// d of the same pair's other response at the aligned position; prompt positions keep their own d.
    case replaceFromOtherResponse(donor: Source)
    /// d of another text at the same position, counted from the sequence's start; a text that is shorter gives its last position for
    /// the rest.
    case replaceFromText(donor: Source, tokens: [Int])
    /// h + ‖d − h‖ · u with u uniform on the sphere, drawn for each pair, layer and position.
    case randomDirection(donor: Source, seed: UInt64)
    /// h + ‖d − h‖ · u with u the direction of a normal mixture of axes: a random direction that is as likely as activations are.
    case randomAlong(donor: Source, axes: Axes, seed: UInt64)
    /// h + ‖d − h‖ · u with u along the difference of the base's own activations at two places of the same pair, drawn for each pair,
    /// layer and position; two places with the same activation are drawn again.
    case baseDifference(donor: Source, seed: UInt64)
    /// h + weight · (d − h); −1 is the sign-flipped difference.
    case interpolate(donor: Source, weight: Float)
    /// h + P (d − h), P the projection on a basis.
    case project(donor: Source, onto: Basis)
    /// h + v
    case add([Float])
    /// 0
    case setToZero
    /// v, such as a mean activation.
    case set([Float])
    /// h − P h: what a basis spans is removed.
    case remove(Basis)

    /// Whose clean run gives d, where the change needs one.
    public var donor: Source? {
        switch self {
        case .replace(let donor), .replaceUnshared(let donor), .replaceFromOtherPair(let donor),
            .replaceFromOtherResponse(let donor), .replaceFromText(let donor, _), .randomDirection(let donor, _),
            .randomAlong(let donor, _, _),
            .baseDifference(let donor, _), .interpolate(let donor, _), .project(let donor, _):
            donor
        case .add, .setToZero, .set, .remove: nil
        }
    }

    /// Whose clean runs it reads: the donor's, and the base's where that gives a direction.
    var reads: [Source] {
        if case .baseDifference(let donor, _) = self, donor != .base { return [donor, .base] }
        return donor.map { [$0] } ?? []
    }

    /// Whether h = d, row by row, means that nothing changes.
    var isNothingForEqualDonor: Bool {
        switch self {
        case .replace, .randomDirection, .randomAlong, .baseDifference, .interpolate, .project: true
        default: false
        }
    }

    /// Whether it reads a clean run at another position than h's.
    var movesDonor: Bool {
        switch self {
        case .replaceFromOtherPair, .replaceFromOtherResponse, .replaceFromText, .baseDifference: true
        default: false
        }
    }

    /// The tokens of another text that gives d.
    var text: [Int]? { if case .replaceFromText(_, let tokens) = self { tokens } else { nil } }

    /// Numbers a row of a given vector or basis has, where the change holds one.
    var givenWidth: Int? {
        switch self {
        case .add(let vector), .set(let vector): vector.count
        case .project(_, let basis), .remove(let basis): basis.width
        case .randomAlong(_, let axes, _): axes.width
        default: nil
        }
    }
}

/// Orthonormal directions of an activation, `[rank, width]`.
public struct Basis: Sendable, Hashable {
    /// How many directions.
    public let rank: Int
    /// Numbers a direction.
    public let width: Int
    /// Row-major, `[rank, width]`.
    public let values: [Float]

    /// Orthonormalises `directions`, `[rank][width]`, in their order (Gram–Schmidt, twice, in f64); one that the others span
    /// already is left out.
    public init(spanning directions: [[Float]]) {
        let width = directions.first?.count ?? 0
        precondition(directions.allSatisfy { $0.count == width }, "directions of widths \(directions.map(\.count))")
        var basis: [[Double]] = []
        for direction in directions {
            var rest = direction.map(Double.init)
            let length = Self.norm(rest)
            for _ in 0..<2 {
                for unit in basis {
                    let along = zip(rest, unit).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in rest.indices { rest[index] -= along * unit[index] }
                }
            }
            let left = Self.norm(rest)
            guard left > 1e-6 * length, left > 0 else { continue }
            basis.append(rest.map { $0 / left })
        }
        rank = basis.count
        self.width = width
        values = basis.flatMap { $0.map(Float.init) }
    }

    private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Few of the numbers are hashed: a basis is large, and two of them are rarely alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        hasher.combine(width)
        hasher.combine(values.first)
        hasher.combine(values.last)
    }
}
