extension Value {
    /// A Python `dict`: keys in the order in which they came.
    struct Dictionary {
        private(set) var keys: [Value] = []
        private(set) var values: [Value] = []
        private var places: [Key: Int] = [:]
        /// How many containers lie inside one another, this one included.
        private(set) var depth = 1

        init() {}

        var count: Int { keys.count }

        /// The pairs as tuples.
        var items: [Value] { zip(keys, values).map { .tuple([$0.0, $0.1]) } }

        /// The value under a key; `nil` where there is none, or where the key cannot be one.
        subscript(key: Value) -> Value? { Key(key).flatMap { places[$0] }.map { values[$0] } }

        subscript(key: Text) -> Value? { places[.text(key)].map { values[$0] } }

        /// Adds a pair, or replaces the key's value.
        /// - Throws: `invalid`, where the key cannot be one.
        mutating func set(_ key: Value, _ value: Value) throws(TemplateError.Problem) {
            guard let hashed = Key(key) else { throw .invalid("'\(key.typeName)' object cannot be a key") }
            depth = max(depth, value.depth + 1)
            if let place = places[hashed] {
                values[place] = value
            } else {
                places[hashed] = keys.count
                keys.append(key)
                values.append(value)
            }
        }

        mutating func set(_ key: Text, _ value: Value) {
            depth = max(depth, value.depth + 1)
            if let place = places[.text(key)] {
                values[place] = value
            } else {
                places[.text(key)] = keys.count
                keys.append(.text(key))
                values.append(value)
            }
        }
    }

    /// What Python hashes alike: `1`, `1.0` and `True` are one key.
    private enum Key: Hashable {
        case none
        case int(Int)
        case float(Double)
        case text(Text)
        case tuple([Key])

        init?(_ value: Value) {
            switch value {
            case .none: self = .none
            case .bool(let value): self = .int(value ? 1 : 0)
            case .int(let value): self = .int(value)
            case .float(let value): self = Int(exactly: value).map(Key.int) ?? .float(value)
            case .text(let text): self = .text(text)
            case .tuple(let list) where list.depth == 1:
                let keys = list.elements.compactMap(Key.init)
                guard keys.count == list.elements.count else { return nil }
                self = .tuple(keys)
            default: return nil
            }
        }
    }
}
