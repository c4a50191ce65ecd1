import Interventions

/// What a sweep says in few numbers: choices made on the fit pairs, and what the confirm pairs say of them.
public struct PatchSummary: Sendable {
    /// The place of the largest effect in size on the fit pairs.
    public let peak: PatchEffects.Row?
    /// What the confirm pairs say of it.
    public let judgedPeak: PatchEffects.Judged?
    /// The layer that itself adds most on the fit pairs.
    public let step: Int?
    /// What it adds on the confirm pairs.
    public let judgedStep: PatchEffects.Judged?
    /// Layers whose own part differs from zero at 5 % over all layers at once; nil where there are too few prompts.
    public let carriers: [Int]?
    /// Layers whose own part at equal length does; nil where the responses' lengths are not known.
    public let carriersAtEqualLength: [Int]?
    /// Layers whose own part is negligible at 5 %; nil where there are too few prompts.
    public let negligible: [Int]?
    /// The layer where what lies below and what lies above interact most on the fit pairs.
    public let interaction: Int?
    /// That interaction on the confirm pairs.
    public let judgedInteraction: PatchEffects.Judged?

    init(_ effects: PatchEffects) {
        let direction = effects.direction
        peak = effects.peak(direction)
        judgedPeak = peak.map { effects.confirmed(effects.telling($0)) }
        let own = effects.own(direction)
        let largest = own.largest { $0.values.at(effects.halves.fit).mean }
        step = largest?.layer
        judgedStep = largest.map { effects.confirmed($0.values) }
        // Of several heads or positions in a layer, one that carries is enough, and all must be negligible.
        func layers(_ p: (EffectStatistics.Row) -> Double?, below: Bool = true) -> [Int]? {
            let tests = own.compactMap { layer, _, statistics in p(statistics).map { (layer: layer, p: $0) } }
            guard tests.count == own.count else { return nil }
            return Set(tests.filter { ($0.p < 0.05) == below }.map(\.layer)).sorted()
        }
        carriers = layers(\.p)
        carriersAtEqualLength = effects.excess == nil ? nil : layers(\.equalLengthP)
        negligible = layers(\.equivalence, below: false).map { something in
            Set(own.map(\.layer)).subtracting(something).sorted()
        }
        let interacting = effects.rows(direction, .none).compactMap { row in
            row.interactions.map { (layer: row.place.layer, values: $0) }
        }
        let most = interacting.largest { $0.values.at(effects.halves.fit).mean }
        interaction = most?.layer
        judgedInteraction = most.map { effects.confirmed($0.values) }
    }
}
