extension Outputs {
    /// How an outcome differs from what was declared; nil when it does not.
    func difference(from outcome: Outcome) -> String? {
        var found: [String] = []
        let given = outcome.values.map(\.path)
        found += values.filter { !given.contains($0) }.map { "value '\($0)' is missing" }
        found += given.filter { !values.contains($0) }.map { "value '\($0)' was not declared" }
        for (name, columns) in tables.sorted(by: { $0.key < $1.key }) {
            guard let table = outcome.table(name) else {
                found.append("table '\(name)' is missing")
                continue
            }
            let withheld = self.withheld[name] ?? []
            if table.without(withheld).columns != columns || !withheld.allSatisfy(table.columns.contains) {
                found.append("table '\(name)' has the columns \(table.columns), not \(columns + withheld)")
            }
        }
        found += outcome.tables.filter { tables[$0.name] == nil }.map { "table '\($0.name)' was not declared" }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }
}
