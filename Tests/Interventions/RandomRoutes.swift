import Interventions
import Numerics
import Random
import Transformers

/// Draws routes of every kind: blocks of either model, and up to three edits at any site, with any change.
struct RandomRoutes {
    private var generator: SeededGenerator
    private let models: ModelPair

    init(seed: UInt64, _ models: ModelPair) {
        generator = SeededGenerator(seed: seed)
        self.models = models
    }

    /// - Parameter alone: whether changes must need no other pair and no other response.
    mutating func draw(_ count: Int, alone: Bool = false) -> [Route] {
        (0..<count).map { _ in
            var route = Route(clean: source(), layers: models.layers)
            if Bool.random(using: &generator) {
                route.blocks = route.blocks.map { _ in source() }
                route.embedding = source()
                route.head = source()
            }
            for _ in 0..<Int.random(in: 0...3, using: &generator) { route.edits.append(edit(alone)) }
            return route
        }
    }

    mutating func edit(_ alone: Bool) -> Edit {
        let site = Site.allCases.randomElement(using: &generator) ?? .residualPost
        let layer =
            switch site {
            case .embedding: 0
            case .finalNorm: models.layers - 1
            default: Int.random(in: 0..<models.layers, using: &generator)
            }
        let shape = models.base.shape(of: site, layer: 0) ?? SiteShape(headWidth: 1)
        let takesHeads = shape.heads > 1 && Bool.random(using: &generator)
        let heads = takesHeads ? [Int.random(in: 0..<shape.heads, using: &generator)] : nil
        let width = takesHeads ? shape.headWidth : shape.width
        let positions: [Positions] = [
            .all, .prompt, .lastPrompt, .response, .response(to: 1), .explicit([0]), .explicit([2, 4]),
        ]
        return Edit(
            site: site, layer: layer, positions: positions.randomElement(using: &generator) ?? .all, heads: heads,
            change: change(width, alone))
    }

    /// Every operation, with donors from every sequence.
    private mutating func change(_ width: Int, _ alone: Bool) -> Change {
        let basis = Basis(spanning: [vector(width), vector(width)])
        let donor = source()
        let sequences: [Change.Sequence] =
            alone ? [.own] : [.own, .own, .otherPair, .otherResponse, .text([3, 1, 4, 1, 5])]
        let sequence = sequences.randomElement(using: &generator) ?? .own
        let headings: [Change.Heading] = [.uniform, .along(Axes([vector(width), vector(width)])), .baseDifference]
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return .replace(donor: donor, isShared: false)
        case 1: return .mix(donor: donor, from: sequence, weight: Float(generator.nextUnit()))
        case 2: return .project(donor: donor, from: sequence, onto: basis)
        // What is drawn depends on the row in the pair's tree, so a sequence of its own draws otherwise.
        case 3 where !alone:
            return .push(donor: donor, from: sequence, headings.randomElement(using: &generator) ?? .uniform, seed: 3)
        case 4: return .add(vector(width))
        case 5: return .set(vector(width))
        case 6: return .setToZero
        case 7: return .remove(basis)
        case 8: return .addDifference(donor: donor, from: sequence)
        default: return .replace(donor: donor, from: sequence)
        }
    }

    private mutating func source() -> Source { Bool.random(using: &generator) ? .base : .tuned }
    private mutating func vector(_ width: Int) -> [Float] { (0..<width).map { _ in Float(generator.nextNormal()) / 4 } }

    /// Pairs of random tokens, some with a common prompt, none too short for the positions above.
    mutating func pairs(_ count: Int, longest: Int = 20) -> [PackedPair] {
        (0..<count).map { index in
            PackedPair(
                id: index, cluster: index / 2, prompt: tokens(in: 5...longest), chosen: tokens(in: 1...longest),
                rejected: tokens(in: 1...longest))
        }
    }

    private mutating func tokens(in range: ClosedRange<Int>) -> [Int] {
        (0..<Int.random(in: range, using: &generator)).map { _ in Int.random(in: 0..<80, using: &generator) }
    }
}
