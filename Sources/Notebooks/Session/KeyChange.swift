import Markdown

/// One difference between what a result was made of and what it would be made of now.
public struct KeyChange: Sendable, Equatable, CustomStringConvertible {
    /// What it was; nil when it is new.
    public let old: BlockKey.Ingredient?
    /// What it is; nil when it is gone.
    public let new: BlockKey.Ingredient?

    /// Every difference, in the order of the ingredients.
    public static func between(_ old: [BlockKey.Ingredient], _ new: [BlockKey.Ingredient]) -> [KeyChange] {
        var left = old
        var changes: [KeyChange] = []
        for ingredient in new {
            guard let place = left.firstIndex(where: { $0.isSame(as: ingredient) }) else {
                changes.append(KeyChange(old: nil, new: ingredient))
                continue
            }
            let before = left.remove(at: place)
            if before.value != ingredient.value { changes.append(KeyChange(old: before, new: ingredient)) }
        }
        return changes + left.map { KeyChange(old: $0, new: nil) }
    }

    /// The difference in words: `base weights digest changed (12ab34cd… to 56ef78ab…)`.
    public var description: String {
        guard let either = new ?? old else { return "" }
        let name = either.words
        guard let old else { return "\(name) is new" }
        guard let new else { return "\(name) is gone" }
        switch new.kind {
        case .input: return "\(name) digest changed (\(old.value.prefix(8))… to \(new.value.prefix(8))…)"
        case .reference:
            let moved = old.label == new.label ? "" : ", and it was '\(old.label)'"
            return "\(name) changed" + moved
        default: return "\(name) changed from \(old.value.shortened) to \(new.value.shortened)"
        }
    }
}

extension BlockKey.Ingredient {
    /// Whether both are the same ingredient, whatever their values.
    fileprivate func isSame(as other: BlockKey.Ingredient) -> Bool {
        kind == other.kind && name == other.name && (!name.isEmpty || kind != .reference || label == other.label)
    }

    /// The ingredient in words: `option 'limit'`, `base weights`, `the result of 'pairs'`.
    public var words: String {
        switch kind {
        case .command: "the command"
        case .option: "option '\(name)'"
        case .reference: "the result of '\(label)'"
        case .parameter: "parameter '\(name)'"
        case .input: name
        case .seed: "the seed"
        case .version:
            switch name {
            case "engine": "the engine's version"
            case "arithmetic": "the library that calculates"
            default: "the \(name) version"
            }
        }
    }
}
