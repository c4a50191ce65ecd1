import Notebooks
import Preferences
import Values

/// What a reader must know about how pairs were read: what was dropped, added or cut otherwise than by the text.
struct PairsAudit {
    private let selected: SelectedPairs

    init(_ selected: SelectedPairs) { self.selected = selected }

    /// The values that `report` sets.
    static let values = ["rendered.count", "straddled.count", "apart.count", "own_opening.count"]

    /// How often each reason dropped a pair, in the order in which they came.
    var reasons: Table {
        var counts: [(reason: String, count: Int)] = []
        var places: [String: Int] = [:]
        for dropped in selected.dropped {
            let place = places[dropped.reason.kind] ?? counts.count
            if place == counts.count {
                places[dropped.reason.kind] = place
                counts.append((dropped.reason.kind, 0))
            }
            counts[place].count += 1
        }
        return Table(columns: ["reason", "count"], rows: counts.map { [.string($0.reason), .int($0.count)] })
    }

    /// Sets the counts, and says in words what is out of the ordinary.
    func report(to outcome: inout Outcome) {
        let count = selected.kept.count
        for (name, value) in zip(
            Self.values, [selected.rendered, selected.straddled, selected.differingApart, selected.withOwnOpening])
        { outcome.set(name, .int(value)) }
        if selected.straddled > 0 {
            outcome.notes.append(
                "In \(selected.straddled) of \(count) pairs one token holds the end of the prompt and the beginning of a response."
            )
        }
        if selected.differingApart > 0 {
            outcome.notes.append(
                "In \(selected.differingApart) of \(count) pairs a response encoded by itself ('encode: apart') has other token ids "
                    + "than behind its prompt.")
        }
        if selected.withOwnOpening > 0 {
            outcome.notes.append(
                "\(selected.withOwnOpening) of \(count) texts begin with the opening token themselves, so none was added."
            )
        }
        let bad = selected.dropped.count { if case .badRow = $0.reason { true } else { false } }
        if bad > 0 { outcome.notes.append("\(bad) rows could not be read and were dropped.") }
    }
}
