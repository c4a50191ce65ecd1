import Transformers

/// One patch per layer, head, choice of positions, control and direction: the runs of the estimand `patch`.
public struct PatchSweep: Sendable {
    /// Which activation is patched.
    public var site: Site
    /// At which tokens, one patch each.
    public var positions: [Positions]
    /// Which head, one patch each; nil for all together.
    public var heads: [Int?]
    /// In which blocks, one patch each.
    public var layers: [Int]
    /// In the order of the results.
    public var directions: [Direction]
    /// The patch itself and its controls, in the order of the results.
    public var controls: [Control]
    /// Seeds the random controls.
    public var seed: UInt64
    /// Where the patch keeps to few directions: those of each layer; for the control `random` others of as many dimensions.
    public var bases: [Control: [Int: Basis]]
    /// Where the base's activations vary, by layer: what the control `covariance` draws from.
    public var axes: [Int: Axes]
    /// The tokens of the text that the control `neutral` takes donors from.
    public var neutral: [Int] = []

    /// A sweep of whole activations at every position; nothing runs yet.
    public init(
        site: Site = .residualPost, positions: [Positions] = [.all], heads: [Int?] = [nil], layers: [Int],
        directions: [Direction] = Direction.allCases, controls: [Control] = [.none], seed: UInt64 = 0,
        bases: [Control: [Int: Basis]] = [:], axes: [Int: Axes] = [:]
    ) {
        self.site = site
        self.positions = positions
        self.heads = heads
        self.layers = layers
        self.directions = directions
        self.controls = controls
        self.seed = seed
        self.bases = bases
        self.axes = axes
    }

    /// Whether a patch after a layer is exactly "donor up to the layer, recipient after".
    public var isHybrid: Bool {
        site == .residualPost && positions == [.all] && heads == [nil] && bases.isEmpty
    }

    /// The patches in the order of their routes: layers within heads within positions within controls within directions.
    public var places: [Place] {
        directions.flatMap { direction in
            controls.filter(\.isRun).flatMap { control in
                positions.flatMap { positions in
                    heads.flatMap { head in
                        layers.map {
                            Place(layer: $0, head: head, positions: positions, direction: direction, control: control)
                        }
                    }
                }
            }
        }
    }

    /// One route a place.
    public func routes(layers count: Int) -> [Route] {
        places.map { place in
            Route(
                recipient: place.direction.recipient, layers: count,
                edit: Edit(
                    site: site, layer: place.layer, positions: place.positions, heads: place.head.map { [$0] },
                    change: change(place)))
        }
    }

    /// The two ends of a direction: the recipient with the donor's embedding only, the hybrid before layer 0; and the recipient
    /// patched everywhere after the last layer, under the donor's head, which must equal the donor's own run (identity 3 of
    /// `docs/method.md`).
    public static func ends(_ direction: Direction, layers: Int) -> (embedding: Route, head: Route) {
        var head = Route(
            recipient: direction.recipient, layers: layers,
            edit: Edit(
                site: .residualPost, layer: layers - 1, positions: .all,
                change: .replace(donor: direction.donor, isShared: false)))
        head.head = direction.donor
        return (Route(donor: direction.donor, upTo: -1, layers: layers), head)
    }

    private func change(_ place: Place) -> Change {
        let donor = place.direction.donor
        if let basis = bases[place.control]?[place.layer] { return .project(donor: donor, onto: basis) }
        switch place.control {
        case .none, .lengthMatched: return .replace(donor: donor)
        case .itself: return .replace(donor: place.direction.recipient, isShared: false)
        case .shuffled: return .replace(donor: donor, from: .otherPair)
        case .shuffledDifference: return .addDifference(donor: donor, from: .otherPair)
        case .exchanged: return .replace(donor: donor, from: .otherResponse)
        case .random: return .push(donor: donor, .uniform, seed: seed)
        case .covariance:
            guard let axes = axes[place.layer] else { preconditionFailure("no axes for layer \(place.layer)") }
            return .push(donor: donor, .along(axes), seed: seed)
        case .neutral: return .replace(donor: donor, from: .text(neutral))
        case .baseDifference: return .push(donor: donor, .baseDifference, seed: seed)
        case .flipped: return .mix(donor: donor, weight: -1)
        }
    }
}

/// One run per layer and direction with blocks of both models: the estimands `swap` and `leave_one_out`.
public struct BlockSweep: Sendable {
    /// Whether all but one block is the donor's, with embedding and head; else one block alone.
    public let leavesOneOut: Bool
    /// Which blocks, one run each.
    public let layers: [Int]
    /// In the order of the results.
    public let directions: [Direction]

    /// A sweep of swaps; nothing runs yet.
    public init(leavesOneOut: Bool, layers: [Int], directions: [Direction]) {
        self.leavesOneOut = leavesOneOut
        self.layers = layers
        self.directions = directions
    }

    /// The runs in the order of their routes: layers within directions.
    public var places: [Place] {
        directions.flatMap { direction in
            layers.map { Place(layer: $0, positions: .all, direction: direction, control: .none) }
        }
    }

    /// One route a place.
    public func routes(layers count: Int) -> [Route] {
        places.map { place in
            leavesOneOut
                ? Route(recipient: place.direction.donor, layers: count, donated: [place.layer])
                : Route(recipient: place.direction.recipient, layers: count, donated: [place.layer])
        }
    }
}
