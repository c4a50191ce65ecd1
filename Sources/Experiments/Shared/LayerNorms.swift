import Interventions
import Numerics

extension ModelPair {
    /// How far tuning moved each layer: ‖ΔW‖ in the Frobenius norm over the layer's weights together, `[layer]`.
    public func layerNorms(threads: Int) -> [Double] {
        var squares = [Double](repeating: 0, count: layers)
        for change in changes(workers: Workers(count: threads)) {
            if let layer = change.layer, let norm = change.norms?.difference { squares[layer] += norm * norm }
        }
        return squares.map { $0.squareRoot() }
    }
}
