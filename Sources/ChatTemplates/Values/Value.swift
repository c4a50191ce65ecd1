/// A value of the template language: what Python's objects are to Jinja.
enum Value {
    /// Nothing under a name or member; the words say which, for an error.
    case undefined(String)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(Text)
    case list(List)
    case tuple(List)
    case dictionary(Dictionary)
    /// `dict.items()` and its kin: they have a length and no index.
    case view(List, kind: String)
    case range(Range)
    /// What can be gone through once: the result of `map`, `select` and others.
    case generator(Generator)
    case namespace(Namespace)
    case loop(Loop)
    case callable(Callable)

    /// Values in a row, with how deep they nest, so that no walk over them can exhaust the stack.
    struct List {
        let elements: [Value]
        let depth: Int

        init(_ elements: [Value]) {
            self.elements = elements
            depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
        }
    }

    /// `range(start, stop, step)`.
    struct Range: Equatable {
        let start: Int
        let stop: Int
        let step: Int

        var count: Int {
            step > 0 ? max(0, (stop - start + step - 1) / step) : max(0, (start - stop - step - 1) / -step)
        }
    }

    /// Values that are produced once.
    final class Generator {
        private var rest: ArraySlice<Value>
        let depth: Int

        init(_ values: [Value]) {
            rest = values[...]
            depth = List(values).depth
        }

        /// The next value, which is then gone.
        func next() -> Value? { rest.popFirst() }

        /// All that are left, which are then gone.
        func takeAll() -> [Value] {
            defer { rest = [] }
            return Array(rest)
        }
    }

    /// `namespace(…)`, whose members `set` may change.
    final class Namespace {
        private(set) var members: Dictionary

        init(_ members: Dictionary) { self.members = members }

        func set(_ name: Text, _ value: Value) { members.set(name, value) }
    }
}

extension Value {
    static func list(_ values: [Value]) -> Value { .list(List(values)) }

    static func tuple(_ values: [Value]) -> Value { .tuple(List(values)) }

    static func generator(_ values: [Value]) -> Value { .generator(Generator(values)) }

    /// How many containers lie inside one another.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list), .view(let list, _): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .namespace(let namespace): namespace.members.depth
        case .generator(let generator): generator.depth
        case .callable(let callable): callable.depth
        default: 0
        }
    }
}

extension Value {
    /// Python's name of the value's type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .text: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .view(_, let kind): kind
        case .range: "range"
        case .generator: "generator"
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .callable: "function"
        }
    }

    /// Python's truth value.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.scalars.isEmpty
        case .list(let list), .tuple(let list), .view(let list, _): !list.elements.isEmpty
        case .dictionary(let dictionary): dictionary.count > 0
        case .range(let range): range.count > 0
        case .generator, .namespace, .loop, .callable: true
        }
    }

    /// The value as a number, where Python counts it as one: truth values do.
    var number: Double? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The value as an integer, where Python counts it as one.
    var integer: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        default: nil
        }
    }

    /// `len`, where the value has one.
    var count: Int? {
        switch self {
        case .undefined: 0
        case .text(let text): text.scalars.count
        case .list(let list), .tuple(let list), .view(let list, _): list.elements.count
        case .dictionary(let dictionary): dictionary.count
        case .range(let range): range.count
        case .loop(let loop): loop.items.count
        default: nil
        }
    }

    /// The values that a loop goes through; a generator is used up by it.
    /// - Throws: `invalid`, where the value cannot be gone through.
    func elements() throws(TemplateError.Problem) -> [Value] {
        switch self {
        case .undefined: return []
        case .text(let text): return text.scalars.map { .text(Text([$0])) }
        case .list(let list), .tuple(let list), .view(let list, _): return list.elements
        case .dictionary(let dictionary): return dictionary.keys
        case .range(let range): return (0..<range.count).map { .int(range.start + $0 * range.step) }
        case .generator(let generator): return generator.takeAll()
        default: throw .invalid("'\(typeName)' object cannot be gone through")
        }
    }
}

extension Value {
    /// Python's `==`: numbers and truth values by value, objects by identity.
    /// - Throws: `tooMuchWork`, once the comparison has used up `work`.
    func equals(_ other: Value, work: inout Int) throws(TemplateError.Problem) -> Bool {
        work -= 1
        if work < 0 { throw .tooMuchWork }
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let a), .text(let b)):
            guard a.scalars.count == b.scalars.count else { return false }
            work -= a.scalars.count
            return a == b
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            guard a.elements.count == b.elements.count else { return false }
            for (left, right) in zip(a.elements, b.elements) {
                if !(try left.equals(right, work: &work)) { return false }
            }
            return true
        case (.dictionary(let a), .dictionary(let b)):
            guard a.count == b.count else { return false }
            for (key, value) in zip(a.keys, a.values) {
                guard let other = b[key], try value.equals(other, work: &work) else { return false }
            }
            return true
        case (.range(let a), .range(let b)): return a == b
        case (.namespace(let a), .namespace(let b)): return a === b
        case (.generator(let a), .generator(let b)): return a === b
        case (.loop(let a), .loop(let b)): return a === b
        case (.callable(let a), .callable(let b)): return a === b
        default:
            if let a = integer, let b = other.integer { return a == b }
            if let a = number, let b = other.number { return a == b }
            return false
        }
    }
}
