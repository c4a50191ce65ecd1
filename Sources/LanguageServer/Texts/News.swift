import JSON

/// The problems that an editor has, by the notebook that has them: several notebooks may include one text.
struct News {
    /// Notebooks that have changed since.
    private var changed: Set<String> = []
    /// The problems by notebook, and then by the address of the text that they stand in.
    private var told: [String: [String: [JSON]]] = [:]

    mutating func add(_ addresses: some Sequence<String>) { changed.formUnion(addresses) }

    /// The next notebook that has changed.
    mutating func next() -> String? {
        let next = changed.min()
        if let next { changed.remove(next) }
        return next
    }

    /// Looks again at a text that was taken for a notebook.
    mutating func forget(_ address: String) { if told[address] != nil { changed.insert(address) } }

    /// Takes the problems of a notebook, nil for one that is gone, and gives those of every text that they concern.
    mutating func publish(_ problems: [String: [JSON]]?, of notebook: String) -> [(address: String, problems: [JSON])] {
        let before = told.updateValue(problems ?? [:], forKey: notebook) ?? [:]
        if problems == nil { told[notebook] = nil }
        return Set(before.keys).union((problems ?? [:]).keys).sorted().map { address in
            var all: [JSON] = []
            for found in told.sorted(by: { $0.key < $1.key }).compactMap({ $0.value[address] }).joined()
            where !all.contains(found) { all.append(found) }
            return (address, all)
        }
    }
}
