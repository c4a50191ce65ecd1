import Interventions

/// What a sweep says in few numbers: choices made on the fit pairs, and what the confirm pairs say of them.
public struct PatchSummary: Sendable {
    /// The place of the largest effect in size on the fit pairs.
    public let peak: PatchEffects.Row?
    /// Its statistics on the confirm pairs.
    public let judgedPeak: EffectStatistics.Row?
    /// The layer that itself adds most on the fit pairs.
    public let step: Int?
    /// What it adds on the confirm pairs.
    public let judgedStep: EffectStatistics.Row?
    /// Layers whose own part differs from zero at 5 % over all layers at once.
    public let carriers: [Int]
    /// Layers whose own part is negligible at 5 %.
    public let negligible: [Int]
    /// Where what lies below a layer and what lies above interact most.
    public let interaction: PatchEffects.Row?

    init(_ effects: PatchEffects) {
        let direction = effects.direction
        peak = effects.peak(direction)
        judgedPeak = peak.map { effects.confirmed(effects.telling($0)) }
        let own = effects.own(direction)
        let largest = own.largest { $0.values.at(effects.halves.fit).mean }
        step = largest?.layer
        judgedStep = largest.map { effects.confirmed($0.values) }
        // Of several heads or positions in a layer, one that carries is enough, and all must be negligible.
        carriers = Set(own.filter { $0.statistics.p < 0.05 }.map(\.layer)).sorted()
        let something = Set(own.filter { $0.statistics.equivalence >= 0.05 }.map(\.layer))
        negligible = Set(own.map(\.layer)).subtracting(something).sorted()
        interaction = effects.rows(direction, .none).filter { $0.interaction != nil }.largest { $0.interaction ?? 0 }
    }
}
