/// Margins of four mixtures of two models that change over at one layer, one number per pair.
///
/// Y(U, L) has the layers before the change from U, and the later layers from L.
public struct FourCells: Sendable {
    /// The first of the later layers; nil where nothing says which it is.
    public let layer: Int?
    /// Y(B, B), Y(B, T), Y(T, B) and Y(T, T), `[pair]` each.
    public let baseBase, baseTuned, tunedBase, tunedTuned: [Double]

    /// Four cells, `[pair]` each.
    public init(layer: Int?, baseBase: [Double], baseTuned: [Double], tunedBase: [Double], tunedTuned: [Double]) {
        self.layer = layer
        self.baseBase = baseBase
        self.baseTuned = baseTuned
        self.tunedBase = tunedBase
        self.tunedTuned = tunedTuned
    }

    /// What the four cells are compared for.
    public enum Effect: String, Sendable, CaseIterable {
        /// What the later layers do when the base's came before: Y(B, T) − Y(B, B).
        case lateGivenBase = "late_given_base"
        /// What they do when the tuned model's came before: Y(T, T) − Y(T, B).
        case lateGivenTuned = "late_given_tuned"
        /// The second minus the first.
        case interaction
    }

    /// Y(T, T) − Y(B, B), `[pair]`.
    public var gain: [Double] { tunedTuned.minus(baseBase) }

    /// One effect, `[pair]`.
    public func values(_ effect: Effect) -> [Double] {
        switch effect {
        case .lateGivenBase: baseTuned.minus(baseBase)
        case .lateGivenTuned: tunedTuned.minus(tunedBase)
        case .interaction: values(.lateGivenTuned).minus(values(.lateGivenBase))
        }
    }

}
