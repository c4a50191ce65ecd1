import Interventions
import Numerics
import Transformers

/// How far tuning moved each layer's weights.
struct LayerNorms {
    /// ‖ΔW‖ in the Frobenius norm over a layer's weights together, `[layer]`.
    let byLayer: [Double]

    init(_ models: ModelPair) {
        let pairs = zip(models.base.weights, models.tuned.weights).filter { !$0.weight.isIdentical(to: $1.weight) }
        let norms = Workers(count: 2).map(pairs.count) { pairs[$0].1.weight.distance(to: pairs[$0].0.weight) }
        var squares = [Double](repeating: 0, count: models.layers)
        for (pair, norm) in zip(pairs, norms) {
            if let layer = pair.0.layer { squares[layer] += norm * norm }
        }
        byLayer = squares.map { $0.squareRoot() }
    }
}
