import Charts
import Notebooks
import Preferences
import Tokenizers
import Values

/// What a reader must know about how pairs were read: what was dropped, added or cut otherwise than by the text.
struct PairsAudit {
    private let selected: SelectedPairs

    init(_ selected: SelectedPairs) { self.selected = selected }

    /// The values that `report` sets.
    static let values = ["rendered.count", "straddled.count", "apart.count", "own_opening.count"]

    /// Whether the texts are not simply the file's, so that a figure tells something.
    var isWorthShowing: Bool { selected.rendered + selected.straddled + selected.withOwnOpening > 0 }

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

    /// The tokens of a pair as the models read them: what is scored has a colour.
    static func figure(of pair: TokenizedPair, _ tokenizer: Tokenizer) -> Figure {
        let parts = [("prompt", pair.prompt, 0), ("chosen", pair.chosen, 1), ("rejected", pair.rejected, 1)]
        func text(_ id: Int) -> String { String(decoding: tokenizer.text(of: id) ?? [], as: UTF8.self) }
        var rows: [[Scalar]] = []
        var passages: [TokenStrip.Passage] = []
        for (name, ids, scored) in parts {
            let start = name == "prompt" ? 0 : pair.prompt.count
            for (place, id) in ids.enumerated() {
                rows.append([
                    .string(name), .int(start + place), .int(id), .string(text(id)), .int(scored),
                ])
            }
            passages.append(
                TokenStrip.Passage(
                    name == "prompt" ? name : "\(name) response",
                    tokens: ids.map { TokenStrip.Token(text($0), value: scored == 1 ? 1 : nil, note: "id \($0)") }))
        }
        return Figure(
            name: "audit", title: "What the models read: the first pair, row \(pair.row)",
            description:
                "Each token of the prompt and of both responses; the responses' tokens, which are scored, have a colour.",
            chart: TokenStrip(passages, valueTitle: "scored", scale: .sequential),
            data: Table(columns: ["part", "position", "id", "token", "scored"], rows: rows))
    }
}
