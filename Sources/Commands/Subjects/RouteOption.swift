import Interventions
import Markdown
import Notebooks

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
    }

    let kind: Kind

    static let type = "'base', 'tuned', {swap: LAYERS}, {hybrid: LAYER} or {without: LAYERS}"

    /// The run's name in tables.
    var name: String {
        func list(_ layers: [Int]) -> String { layers.map(String.init).joined(separator: ", ") }
        return switch kind {
        case .base: "base"
        case .tuned: "tuned"
        case .swap(let layers): "swap \(list(layers))"
        case .hybrid(let layer): "hybrid \(layer)"
        case .without(let layers): "without \(list(layers))"
        }
    }

    /// The layers it names.
    private var layers: [Int] {
        switch kind {
        case .base, .tuned: []
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

    /// - Throws: an error that names a layer that is not there.
    func route(layers count: Int) throws(CommandError) -> Route {
        if let problem = problem(layers: count) { throw CommandError(problem) }
        return switch kind {
        case .base: Route(clean: .base, layers: count)
        case .tuned: Route(clean: .tuned, layers: count)
        case .swap(let layers): Route(recipient: .base, layers: count, donated: layers)
        case .without(let layers): Route(recipient: .tuned, layers: count, donated: layers)
        case .hybrid(let layer): Route(donor: .tuned, upTo: layer, layers: count)
        }
    }

    var normal: OptionValue {
        func list(_ layers: [Int]) -> OptionValue { .list(layers.map { .scalar(.int($0)) }) }
        return switch kind {
        case .base, .tuned: .scalar(.string(name))
        case .swap(let layers): .map([.init(key: "swap", value: list(layers))])
        case .without(let layers): .map([.init(key: "without", value: list(layers))])
        case .hybrid(let layer): .map([.init(key: "hybrid", value: .scalar(.int(layer)))])
        }
    }
}
