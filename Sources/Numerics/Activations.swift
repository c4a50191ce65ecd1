/// What a feed-forward puts between its products, and the curves that soften scores.
public enum Activation: Sendable, Equatable {
    /// `x · σ(x)` (Elfwing et al. 2018), also called swish.
    case silu
    /// `x · Φ(x)`, Φ the normal distribution function (Hendrycks & Gimpel 2016).
    case gelu
    /// GELU with Φ approximated by a hyperbolic tangent, from the same paper.
    case geluTanh
}
