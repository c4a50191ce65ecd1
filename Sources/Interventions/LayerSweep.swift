import Transformers

/// Which model gives the activation and which receives it.
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
    /// A random direction as long as the difference between donor and recipient.
    case random
}

/// One patch per layer, direction and control, all in one walk.
public struct LayerSweep: Sendable {
    /// Which activation is patched.
    public let site: Site
    /// At which tokens.
    public let positions: Positions
    /// After which blocks, one patch each.
    public let layers: [Int]
    /// In the order of the results.
    public let directions: [Direction]
    /// The patch itself and its controls, in the order of the results.
    public let controls: [Control]
    /// Seeds the random control.
    public let seed: UInt64

    /// A sweep; nothing runs yet.
    public init(
        site: Site, positions: Positions, layers: [Int], directions: [Direction], controls: [Control], seed: UInt64
    ) {
        self.site = site
        self.positions = positions
        self.layers = layers
        self.directions = directions
        self.controls = controls
        self.seed = seed
    }

    /// Margins by pair for one patch.
    public struct Cell: Sendable, Equatable {
        /// The block after which it was made.
        public let layer: Int
        /// From which model into which.
        public let direction: Direction
        /// What stood in for the donor's activation.
        public let control: Control
        /// `[pair]`, in nats.
        public let margins: [Double]
    }

    /// What a sweep measured; every margin list is `[pair]`, in nats.
    public struct Result: Sendable, Equatable {
        /// The base model's clean margins.
        public let base: [Double]
        /// The tuned model's clean margins.
        public let tuned: [Double]
        /// Layers within controls within directions.
        public let cells: [Cell]
        /// The recipient with the donor's embedding only, by direction: the hybrid before layer 0.
        public let embeddings: [[Double]]
        /// The recipient patched at every position of the last layer, under the donor's head, by direction; it must equal the
        /// donor's own run (identity 3 of `docs/method.md`).
        public let heads: [[Double]]

        /// The clean margins of one model.
        public subscript(source: Source) -> [Double] { source == .base ? base : tuned }

        /// The cell of one patch, where the sweep made it.
        public func cell(_ layer: Int, _ direction: Direction, _ control: Control) -> Cell? {
            cells.first { $0.layer == layer && $0.direction == direction && $0.control == control }
        }
    }

    /// Runs the sweep.
    /// - Throws: ``PatchError`` as ``Walk/run(_:over:stored:finished:progress:)``.
    public func run(
        _ models: ModelPair, over pairs: [PackedPair], threads: Int, memory: Int? = nil,
        stored: (Range<Int>) -> FinishedGroup? = { _ in nil }, finished: (FinishedGroup) -> Void = { _ in },
        progress: (Int) -> Void = { _ in }
    ) throws(PatchError) -> Result {
        result(
            of: try Walk(models, threads: threads, memory: memory)
                .run(routes(models), over: pairs, stored: stored, finished: finished, progress: progress))
    }

    /// What a walk over ``routes(_:)`` measured.
    public func result(of margins: Margins) -> Result {
        let places = places
        let firstEnd = 2 + places.count
        return Result(
            base: margins.margins(ofRoute: 0), tuned: margins.margins(ofRoute: 1),
            cells: places.enumerated().map { index, place in
                Cell(
                    layer: place.layer, direction: place.direction, control: place.control,
                    margins: margins.margins(ofRoute: 2 + index))
            },
            embeddings: directions.indices.map { margins.margins(ofRoute: firstEnd + 2 * $0) },
            heads: directions.indices.map { margins.margins(ofRoute: firstEnd + 2 * $0 + 1) })
    }

    private var places: [(direction: Direction, control: Control, layer: Int)] {
        directions.flatMap { direction in
            controls.flatMap { control in layers.map { (direction: direction, control: control, layer: $0) } }
        }
    }

    /// The routes that the sweep runs: both clean runs, a patch a layer, control and direction, and each direction's two ends.
    public func routes(_ models: ModelPair) -> [Route] {
        Source.allCases.map { Route(clean: $0, layers: models.layers) }
            + places.map { place in
                Route(
                    recipient: place.direction.recipient, layers: models.layers,
                    edit: Edit(
                        site: site, layer: place.layer, positions: positions,
                        change: change(place.direction, place.control)))
            } + directions.flatMap { ends($0, models.layers) }
    }

    private func change(_ direction: Direction, _ control: Control) -> Change {
        switch control {
        case .none: .replace(donor: direction.donor)
        case .itself: .replaceUnshared(donor: direction.recipient)
        case .shuffled: .replaceFromOtherPair(donor: direction.donor)
        case .random: .randomDirection(donor: direction.donor, seed: seed)
        }
    }

    private func ends(_ direction: Direction, _ layers: Int) -> [Route] {
        var embedding = Route(clean: direction.recipient, layers: layers)
        embedding.embedding = direction.donor
        var head = Route(
            recipient: direction.recipient, layers: layers,
            edit: Edit(
                site: .residualPost, layer: layers - 1, positions: .all,
                change: .replaceUnshared(donor: direction.donor)))
        head.head = direction.donor
        return [embedding, head]
    }
}
