import JSON

/// The problems that an editor has, by the notebook that has them: several notebooks may include one text.
struct PublishedDiagnostics {
    /// Notebooks to look at again.
    private var changed: Set<String> = []
    /// The problems by notebook, and then by the URI of the text that they are in.
    private var published: [String: [String: [JSON]]] = [:]

    mutating func add(_ uris: some Sequence<String>) { changed.formUnion(uris) }

    /// The next notebook to look at.
    mutating func next() -> String? {
        let next = changed.min()
        if let next { changed.remove(next) }
        return next
    }

    /// Looks again at a text that was taken for a notebook.
    mutating func recheck(_ uri: String) { if published[uri] != nil { changed.insert(uri) } }

    /// Takes the problems of a notebook, nil for one that is gone, and gives those of every text that they concern.
    mutating func publish(_ problems: [String: [JSON]]?, of notebook: String) -> [(uri: String, problems: [JSON])] {
        let before = published.updateValue(problems ?? [:], forKey: notebook) ?? [:]
        if problems == nil { published[notebook] = nil }
        return Set(before.keys).union((problems ?? [:]).keys).sorted().map { uri in
            var all: [JSON] = []
            for found in published.sorted(by: { $0.key < $1.key }).compactMap({ $0.value[uri] }).joined()
            where !all.contains(found) { all.append(found) }
            return (uri, all)
        }
    }
}
