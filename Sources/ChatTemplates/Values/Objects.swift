/// The variable `loop` of one loop.
final class Loop {
    let items: [Value]
    /// Which item is current, from 0.
    var index = 0
    /// What `loop.changed` saw last.
    var lastSeen: Value?

    init(_ items: [Value]) { self.items = items }

    /// A member such as `loop.first`; `nil` where there is none of the name.
    func member(_ name: Text) -> Value? {
        switch name.string {
        case "index": .int(index + 1)
        case "index0": .int(index)
        case "revindex": .int(items.count - index)
        case "revindex0": .int(items.count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == items.count - 1)
        case "length": .int(items.count)
        case "depth": .int(1)  // Only recursive loops go deeper.
        case "depth0": .int(0)
        case "previtem": index > 0 ? items[index - 1] : .undefined("there is no previous item")
        case "nextitem": index + 1 < items.count ? items[index + 1] : .undefined("there is no next item")
        case "cycle", "changed": .callable(Callable(name.string, .loopMethod(self)))
        default: nil
        }
    }
}

/// What can be called.
final class Callable {
    enum Kind {
        /// `range`, `namespace` and the other names that transformers defines.
        case function
        /// A method of a string, list or dictionary.
        case method(of: Value)
        case loopMethod(Loop)
        /// A macro, with the scope in which it was defined.
        case macro(Macro, Scope)
    }

    let name: String
    let kind: Kind
    /// How many containers lie inside one another, the receiver's included.
    let depth: Int

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
        if case .method(let receiver) = kind { depth = receiver.depth + 1 } else { depth = 0 }
    }
}

/// The variables of a template, a loop's turn or a macro's call.
final class Scope {
    private let outer: Scope?
    private var values: [Int: Value] = [:]

    init(inside outer: Scope?) { self.outer = outer }

    subscript(name: Name) -> Value? {
        var scope: Scope? = self
        while let current = scope {
            if let value = current.values[name.number] { return value }
            scope = current.outer
        }
        return nil
    }

    func set(_ name: Name, _ value: Value) { values[name.number] = value }
}
