import Interventions
import Numerics
import Transformers

/// How far tuning moved each layer's weights.
struct LayerNorms {
    /// ‖ΔW‖ in the Frobenius norm over a layer's weights together, `[layer]`.
    let byLayer: [Double]

    init(_ models: ModelPair, threads: Int) {
        var squares = [Double](repeating: 0, count: models.layers)
        for change in models.changes(workers: Workers(count: threads)) {
            if let layer = change.layer, let norm = change.norms?.difference { squares[layer] += norm * norm }
        }
        byLayer = squares.map { $0.squareRoot() }
    }
}
