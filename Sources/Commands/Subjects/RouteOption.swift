import Experiments
import Interventions
import Markdown
import Notebooks
import Values

/// A run that a notebook names: `base`, `tuned`, or a mixture such as `{swap: [5, 6]}` or `{hybrid: 7}`.
struct NamedRoute: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case base, tuned
        /// The base with these blocks of the tuned model.
        case swap([Int])
        /// The tuned model up to a layer, the base after it.
        case hybrid(Int)
        /// The tuned model with these blocks of the base.
        case without([Int])
        /// The base with this share of what tuning changed in the weights.
        case dose(Double)
    }

    let kind: Kind

    static let type = "'base', 'tuned', {swap: LAYERS}, {hybrid: LAYER}, {without: LAYERS} or {dose: SHARE}"

    /// The run's name in tables.
    var name: String {
        func list(_ layers: [Int]) -> String { layers.map(String.init).joined(separator: ", ") }
        return switch kind {
        case .base: "base"
        case .tuned: "tuned"
        case .swap(let layers): "swap \(list(layers))"
        case .hybrid(let layer): "hybrid \(layer)"
        case .without(let layers): "without \(list(layers))"
        case .dose(let share): "dose \(Scalar.number(share).text)"
        }
    }

    /// The layers it names.
    private var layers: [Int] {
        switch kind {
        case .base, .tuned, .dose: []
        case .swap(let layers), .without(let layers): layers
        case .hybrid(let layer): [layer]
        }
    }

    init(_ kind: Kind) { self.kind = kind }

    init(_ value: YAMLValue) throws(OptionMismatch) {
        switch value.text {
        case "base": kind = .base
        case "tuned": kind = .tuned
        default:
            guard let entries = value.mapping, entries.count == 1, let entry = entries.first else {
                throw OptionMismatch("found \(value.inWords)", at: value.location)
            }
            if entry.key == "dose" {
                guard let share = Self.share(entry.value) else {
                    throw OptionMismatch(
                        "\(entry.value.inWords) is not a number from -10 to 10", at: entry.value.location)
                }
                kind = .dose(share)
                return
            }
            let items = entry.value.sequence ?? [entry.value]
            let layers = items.compactMap { item -> Int? in
                if case .int(let layer)? = item.scalar, layer >= 0 { layer } else { nil }
            }
            guard !layers.isEmpty, layers.count == items.count, Set(layers).count == layers.count else {
                throw OptionMismatch("\(entry.value.inWords) is not a layer", at: entry.value.location)
            }
            switch entry.key {
            case "swap": kind = .swap(layers.sorted())
            case "without": kind = .without(layers.sorted())
            case "hybrid" where layers.count == 1: kind = .hybrid(layers[0])
            default: throw OptionMismatch("'\(entry.key)' is not a run", at: entry.keyLocation)
            }
        }
    }

    /// What is said of a layer that the models do not have; nil where they have all.
    func problem(layers count: Int) -> String? {
        layers.first { $0 >= count }.map {
            "'\(name)' names layer \($0), but the models have layers 0 to \(count - 1)"
        }
    }

    /// A share α of what tuning changed: a number from -10 to 10.
    static func share(_ value: YAMLValue) -> Double? {
        value.scalar?.number.flatMap { abs($0) <= 10 ? $0 : nil }
    }

    /// - Throws: an error that names a layer that is not there, or `PatchError` where the models cannot be mixed.
    func run(of models: ModelPair) throws -> ModelRun {
        let count = models.layers
        if let problem = problem(layers: count) { throw CommandError(problem) }
        switch kind {
        case .base: return ModelRun(models, Route(clean: .base, layers: count))
        case .tuned: return ModelRun(models, Route(clean: .tuned, layers: count))
        case .swap(let layers): return ModelRun(models, Route(recipient: .base, layers: count, donated: layers))
        case .without(let layers): return ModelRun(models, Route(recipient: .tuned, layers: count, donated: layers))
        case .hybrid(let layer): return ModelRun(models, Route(donor: .tuned, upTo: layer, layers: count))
        case .dose(let share):
            let scaled = try models.mixture(share: Float(share), layers: nil)
            return ModelRun(try ModelPair(base: models.base, tuned: scaled), Route(clean: .tuned, layers: count))
        }
    }

    var normal: OptionValue {
        func list(_ layers: [Int]) -> OptionValue { .list(layers.map { .scalar(.int($0)) }) }
        return switch kind {
        case .base, .tuned: .scalar(.string(name))
        case .swap(let layers): .map([.init(key: "swap", value: list(layers))])
        case .without(let layers): .map([.init(key: "without", value: list(layers))])
        case .hybrid(let layer): .map([.init(key: "hybrid", value: .scalar(.int(layer)))])
        case .dose(let share): .map([.init(key: "dose", value: .scalar(.number(share)))])
        }
    }
}
