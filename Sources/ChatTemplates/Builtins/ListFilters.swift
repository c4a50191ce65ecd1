extension Evaluator {
    /// The filters that go through a value; `nil` where the name is not one of them.
    func listFilter(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Value? {
        switch name {
        case "length", "count":
            guard let count = value.count else { throw .invalid("'\(value.typeName)' object has no length") }
            return .int(count)
        case "list": return .list(try value.elements())
        case "first":
            if case .generator(let generator) = value { return generator.next() ?? .undefined("the sequence is empty") }
            return try value.elements().first ?? .undefined("the sequence is empty")
        case "last":
            if case .generator = value { throw .invalid("'generator' object cannot be reversed") }
            return try value.elements().last ?? .undefined("the sequence is empty")
        case "items":
            if case .undefined = value { return .generator([]) }
            guard case .dictionary(let dictionary) = value else {
                throw .invalid("'items' takes a dictionary, found '\(value.typeName)'")
            }
            return .generator(dictionary.items)
        case "dictsort": return try sortedPairs(value, arguments)
        case "sort":
            let bound = try arguments.bound(to: "reverse", "case_sensitive", "attribute", for: name)
            let keyed = try keyed(try value.elements(), by: bound[2], isCaseSensitive: bound[1]?.isTrue ?? false)
            return .list(try stablySorted(keyed, descending: bound[0]?.isTrue ?? false))
        case "min", "max":
            let bound = try arguments.bound(to: "case_sensitive", "attribute", for: name)
            let keyed = try keyed(try value.elements(), by: bound[1], isCaseSensitive: bound[0]?.isTrue ?? false)
            return try stablySorted(keyed, descending: name == "max").first ?? .undefined("the sequence is empty")
        case "unique": return .generator(try unique(value, arguments))
        case "sum":
            let bound = try arguments.bound(to: "attribute", "start", for: name)
            var sum = bound[1] ?? .int(0)
            for item in try value.elements() {
                let term = if let path = bound[0] { try member(path, of: item, default: nil) } else { item }
                sum = try arithmetic(.add, sum, term)
            }
            return sum
        default: return nil
        }
    }

    private func keyed(_ items: [Value], by path: Value?, isCaseSensitive: Bool) throws(TemplateError.Problem)
        -> [(key: Value, item: Value)]
    {
        try charge(8 * items.count)
        var keyed: [(key: Value, item: Value)] = []
        for item in items {
            var key = item
            if let path { key = try member(path, of: item, default: nil) }
            keyed.append((isCaseSensitive ? key : folded(key), item))
        }
        return keyed
    }

    private func folded(_ value: Value) -> Value {
        if case .text(let text) = value { .text(text.lowercased) } else { value }
    }

    private func sortedPairs(_ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Value {
        guard case .dictionary(let dictionary) = value else {
            if case .undefined(let reason) = value { throw .undefined(reason) }
            throw .invalid("'dictsort' takes a dictionary, found '\(value.typeName)'")
        }
        let bound = try arguments.bound(to: "case_sensitive", "by", "reverse", for: "dictsort")
        let byValue = if case .text("value")? = bound[1] { true } else { false }
        let keys = byValue ? dictionary.values : dictionary.keys
        let isCaseSensitive = bound[0]?.isTrue ?? false
        try charge(8 * keys.count)
        let keyed = zip(keys, dictionary.items).map { (key: isCaseSensitive ? $0.0 : folded($0.0), item: $0.1) }
        return .list(try stablySorted(keyed, descending: bound[2]?.isTrue ?? false))
    }

    private func unique(_ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> [Value] {
        let bound = try arguments.bound(to: "case_sensitive", "attribute", for: "unique")
        var seen = Value.Dictionary()
        var kept: [Value] = []
        for (key, item) in try keyed(try value.elements(), by: bound[1], isCaseSensitive: bound[0]?.isTrue ?? false)
        where seen[key] == nil {
            try seen.set(key, .none)
            kept.append(item)
        }
        return kept
    }
}
