import Numerics
import Transformers

/// A norm or a linear module that differs between the two models of a pair.
public struct ParameterChange: Sendable {
    /// The block; `nil` outside the blocks.
    public let layer: Int?
    /// The module's name in Hugging Face's layout.
    public let name: String
    /// ‖ΔW‖ and ‖W‖ of the base in the Frobenius norm; `nil` where only one model has the module, or in another shape.
    public let norms: (difference: Double, base: Double)?
}

extension ModelPair {
    /// What tuning changed, in the order in which a forward pass uses it. A tied unembedding counts as the embedding's table where the
    /// other model has one of its own.
    public func changes(workers: Workers) -> [ParameterChange] {
        let (mine, theirs) = (parameters(of: base), parameters(of: tuned))
        let byKey = Dictionary(uniqueKeysWithValues: theirs.map { ($0.key, $0) })
        let known = Set(mine.map(\.key))
        let pairs =
            mine.map { (item: $0, base: Optional($0.parameter), tuned: byKey[$0.key]?.parameter) }
            + theirs.filter { !known.contains($0.key) }.map { (item: $0, base: nil, tuned: Optional($0.parameter)) }
        let changed = pairs.filter { $0.base != $0.tuned }
        return workers.map(changed.count) { index in
            let (item, base, tuned) = changed[index]
            var change = ParameterChange(layer: item.key.layer, name: item.name, norms: nil)
            if let base = base?.weight, let tuned = tuned?.weight, base.outputs == tuned.outputs,
                base.inputs == tuned.inputs
            {
                change = ParameterChange(
                    layer: item.key.layer, name: item.name,
                    norms: (tuned.distance(to: base), base.distance(to: nil)))
            }
            return change
        }
    }

    private struct Key: Hashable {
        let layer: Int?
        let name: String
        /// Parts of a fused module share its name.
        let part: Int
    }

    private struct Item: Sendable {
        let key: Key
        let name: String
        let parameter: Parameter
    }

    private func parameters(of model: Decoder) -> [Item] {
        var parts: [String: Int] = [:]
        var items = model.parameters.map { layer, parameter in
            let name = parameter.weight.name
            defer { parts[name, default: 0] += 1 }
            return Item(key: Key(layer: layer, name: name, part: parts[name] ?? 0), name: name, parameter: parameter)
        }
        if model.isTied, let other = [base, tuned].first(where: { !$0.isTied }) {
            let name = other.head.unembeddingName
            items.append(
                Item(key: Key(layer: nil, name: name, part: 0), name: name, parameter: .weight(model.embedding.tokens)))
        }
        return items
    }
}
