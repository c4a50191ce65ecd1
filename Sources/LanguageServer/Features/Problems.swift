import JSON
import Markdown
import Notebooks

/// Problems as an editor shows them, and what puts them right.
struct Problems {
    let view: View

    /// The problems of the notebook's texts, by the URI of the file that each is in.
    /// - Parameter uri: that of the notebook's own text.
    func byURI(_ uri: String) -> [String: [JSON]] {
        var found: [String: [JSON]] = [uri: []]
        var known: [String: TextPositions] = [:]
        for problem in view.analysis.problems.all {
            let positions = known[problem.file] ?? TextPositions(problem.source, view.encoding)
            known[problem.file] = positions
            let isOwn = (problem.location?.file ?? 0) == 0
            found[isOwn ? uri : view.uri(ofFile: Project.real(problem.file)), default: []].append(
                json(problem, positions))
        }
        return found
    }

    /// - Parameter positions: those of the text that the problem stands in.
    private func json(_ problem: Diagnostic, _ positions: TextPositions) -> JSON {
        let severity =
            switch problem.severity {
            case .error: 1
            case .warning: 2
            case .note: 3
            }
        return .members([
            "range": problem.location.map { positions.range($0) } ?? positions.range(0..<0), "severity": .int(severity),
            "code": .string(problem.code.rawValue), "source": .string("patchbook"),
            "message": .string(problem.message + (problem.help.map { "\n\($0)" } ?? "")),
        ])
    }

    /// The `CodeAction`s for problems that touch a range of this text: one for each text that may stand in the place of what is wrong.
    func fixes(_ range: Range<Int>) -> [JSON] {
        view.analysis.problems.all.flatMap { problem -> [JSON] in
            guard let place = problem.location, place.file == view.file else { return [] }
            let bytes = view.source.bytes(of: place)
            guard bytes.lowerBound <= range.upperBound, range.lowerBound <= bytes.upperBound else { return [] }
            return problem.replacements.map { text in
                .members([
                    "title": .string("Write '\(text)'"), "kind": .string("quickfix"),
                    "diagnostics": .array([json(problem, view.positions)]),
                    "isPreferred": .bool(problem.replacements.count == 1),
                    "edit": view.edit([place], text),
                ])
            }
        }
    }
}
