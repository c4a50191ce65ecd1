import JSON
import Markdown
import Notebooks

/// What the open page of a notebook shows beside its own text: problems, and blocks that are not up to date.
struct PageState {
    let json: JSON

    /// The state of a notebook and of the run under way.
    init(_ notebook: PreviewedNotebook, _ run: PreviewRun?, speed: () -> Double) {
        let heads = notebook.session?.analysis.document.blocks.map(\.head) ?? []
        let current = run?.current
        let blocks = heads.compactMap { head -> JSON? in
            if head.id == current?.id { return Self.running(head, run?.pace) }
            return notebook.standings[head.id].map { Self.block(head, $0, speed) }
        }
        json = .object([
            .init("version", .int(notebook.page.version)),
            .init("problems", .array(notebook.problems.map { Self.problem($0, heads) })),
            .init("blocks", .array(blocks)),
        ])
    }

    /// The state of a page without blocks.
    init(version: Int) {
        json = .object([.init("version", .int(version)), .init("problems", .array([])), .init("blocks", .array([]))])
    }

    private static func block(
        _ head: BlockHead, _ standing: PreviewedNotebook.Standing, _ speed: () -> Double
    ) -> JSON {
        switch standing {
        case .stale: view(head, "stale", "Not up to date.")
        case .outdated: view(head, "stale", "Not up to date: this is the last result.")
        case .failed: view(head, "failed", "Not up to date: this is the last result.", action: "start", "Run again")
        case .waits(nil): view(head, "waits", "Stopped. What was finished is kept.", action: "start", "Run")
        case .waits(let forecast?): view(head, "waits", words(for: forecast, speed()) + ".", action: "start", "Run")
        }
    }

    private static func running(_ head: BlockHead, _ pace: Pace?) -> JSON {
        view(head, "runs", pace.map { "Runs: \($0.words)." } ?? "Runs.", action: "stop", "Stop")
    }

    /// `Takes about 3 min: 231 pairs`
    static func words(for forecast: Forecast, _ speed: Double) -> String {
        let start = forecast.start
        let kept = start.kept > 0 ? ", \(start.kept) of them kept" : ""
        let time = Pace.time(forecast.operations / speed)
        return "Takes \(forecast.isWhole ? "about \(time)" : "\(time) or more"): \(start.total) \(start.unit)\(kept)"
    }

    private static func view(
        _ head: BlockHead, _ state: String, _ words: String, action: String? = nil, _ label: String = ""
    ) -> JSON {
        .object([
            .init("id", .string(head.id)), .init("anchor", .string("block-\(head.id)")), .init("state", .string(state)),
            .init("words", .string(words)), .init("action", action.map { .string($0) } ?? .null),
            .init("label", .string(label)),
        ])
    }

    /// A problem as `check --json` tells it, with the block that it is in, or the last one above it.
    private static func problem(_ problem: Diagnostic, _ heads: [BlockHead]) -> JSON {
        let place = problem.location
        let above = heads.last { head in
            place.map { head.location.file == $0.file && head.location.line <= $0.line } ?? false
        }
        let isInside = above.map { head in
            let lines = head.source.utf8.count { $0 == UInt8(ascii: "\n") }
            return (place?.line ?? 0) <= head.location.line + lines
        }
        return .object(
            (problem.json.object ?? []) + [
                .init("anchor", above.map { .string("block-\($0.id)") } ?? .null),
                .init("inside", .bool(isInside ?? false)),
            ])
    }
}
