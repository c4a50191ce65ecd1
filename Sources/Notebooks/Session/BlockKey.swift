import Digests
import JSON
import Values

/// What a block's result depends on, ingredient by ingredient, with the one digest over them all under which the result is kept.
public struct BlockKey: Sendable, Equatable {
    /// One thing that a result depends on.
    public struct Ingredient: Sendable, Equatable {
        /// What sort of thing it is.
        public enum Kind: String, Sendable, CaseIterable {
            /// The command's name.
            case command
            /// A computational option in its normal form, parameters filled in.
            case option
            /// A block that it refers to, by its result's digest.
            case reference
            /// A parameter that the command reads by name.
            case parameter
            /// Files outside the notebook, by digest.
            case input
            /// The notebook's seed.
            case seed
            /// The versions of the engine, of the shape of results, and of the library that calculates.
            case version
        }

        /// What sort of thing it is.
        public let kind: Kind
        /// The option's, parameter's or input's name.
        public let name: String
        /// A digest, or the value as JSON.
        public let value: String
        /// What messages call it, where that is not its name: a block's id. No key depends on it alone.
        public let label: String

        /// An ingredient out of its parts.
        public init(_ kind: Kind, _ name: String, _ value: String, label: String? = nil) {
            self.kind = kind
            self.name = name
            self.value = value
            self.label = label ?? name
        }
    }

    /// In a fixed order.
    public let ingredients: [Ingredient]
    /// SHA-256 over all ingredients, as 64 hexadecimal digits.
    public let hex: String

    /// The key of these ingredients.
    public init(_ ingredients: [Ingredient]) {
        self.ingredients = ingredients
        let parts = ingredients.map { JSON.array([.string($0.kind.rawValue), .string($0.name), .string($0.value)]) }
        hex = SHA256.digest(of: JSON.array(parts).text()).hex
    }

    /// A block it refers to counts by its result's digest, so that an equal result does not make it stale; its name counts only where
    /// the outcome holds it.
    init<Block>(
        of block: BoundBlock, inputs: [Input], digests: [String: String], in document: Document<Block>
    ) {
        var options: [Ingredient] = []
        var references: [Ingredient] = []
        var named: Set<String> = []
        func reference(_ name: String, to id: String, table: String = "") -> Ingredient {
            let written = type(of: block.command).writesIDs ? " '\(id)'" : ""
            return Ingredient(.reference, name, (digests[id] ?? "") + table + written, label: id)
        }
        for option in block.options where option.declaration.effect == .computational {
            let name = option.declaration.name
            if let id = option.reference {
                named.insert(id)
                let table = option.value.json.string.map { String($0.dropFirst(id.count)) } ?? ""
                references.append(reference(name, to: id, table: table))
            } else {
                options.append(Ingredient(.option, name, option.value.json.text()))
            }
        }
        // Ids that the command names in its own way, as claims do, are in its options.
        for id in block.references where !named.contains(id) {
            references.append(reference("", to: id))
        }
        let parametersRead = Set(block.command.parametersRead)
        self.init(
            [Ingredient(.command, "", block.name)] + options.sorted { $0.name < $1.name } + references
                + document.parameters.filter { parametersRead.contains($0.name) }
                .map { Ingredient(.parameter, $0.name, $0.value.json.text()) }
                + inputs.map { Ingredient(.input, $0.name, $0.digest) } + [
                    Ingredient(.seed, "", String(document.seed)),
                    Ingredient(.version, "engine", String(Version.engine)),
                    Ingredient(.version, "schema", String(Version.schema)),
                    Ingredient(.version, "arithmetic", document.arithmetic),
                ])
    }
}

extension BlockKey.Ingredient {
    /// The ingredient as JSON.
    public var json: JSON {
        .array([.string(kind.rawValue), .string(name), .string(value), .string(label)])
    }

    /// Reads what ``json`` wrote; nil for anything else.
    public init?(_ json: JSON) {
        guard let parts = json.array?.compactMap(\.string), parts.count == 4, let kind = Kind(rawValue: parts[0]) else {
            return nil
        }
        self.init(kind, parts[1], parts[2], label: parts[3])
    }
}
