import Notebooks
import Preferences
import Values

/// What a reader must know about how pairs were read: what was dropped, added or cut otherwise than by the text.
struct PairsAudit {
    private let selected: SelectedPairs

    init(_ selected: SelectedPairs) { self.selected = selected }

    static let values = OutputValues<SelectedPairs> {
        Output("rendered.count", "pairs written by the chat template") { $0.rendered }
        Output(
            "straddled.count", "pairs in which one token spans the end of the prompt"
        ) { $0.straddled }
        Output("apart.count", "pairs whose response, encoded by itself, has other ids") {
            $0.differingApart
        }
        Output(
            "own_opening.count", "pairs whose text begins with the opening token itself"
        ) { $0.withOwnOpening }
    }

    static let reasons = OutputTable<(reason: String, count: Int)>("reasons") {
        Output("reason", "why rows were not used") { $0.reason }
        Output("count", "how many rows") { $0.count }
    }

    /// How often each reason dropped a pair, in the order in which they came.
    var reasons: [(reason: String, count: Int)] {
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
        return counts
    }

    /// Sets the counts, and says in words what is out of the ordinary.
    func report(to outcome: inout Outcome) {
        outcome.set(Self.values, of: selected)
        let count = selected.kept.count
        if selected.straddled > 0 {
            outcome.notes.append(
                "In \(selected.straddled) of \(count) pairs one token holds the end of the prompt and the beginning of a response."
            )
        }
        if selected.differingApart > 0 {
            outcome.notes.append(
                "In \(selected.differingApart) of \(count) pairs a response encoded by itself ('encode: apart') has other token ids "
                    + "than after its prompt.")
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
