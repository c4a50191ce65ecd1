import Markdown
import References

/// Checks what a notebook cites against its bibliography.
struct CitationCheck {
    private let notebook: Notebook

    init(_ notebook: Notebook) { self.notebook = notebook }

    func check(_ citations: [Citation], log: inout ProblemLog) {
        let items = citations.flatMap(\.items)
        guard let written = notebook.frontMatter.bibliography else {
            // Front matter that cannot be read may name one.
            guard notebook.frontMatter.isRead else { return }
            for item in items where !log.isFull {
                log.add(
                    .unknownCitation, at: item.location,
                    "there is no bibliography to cite '\(item.key.shortened)' from",
                    help:
                        "name a file in the front matter, as in 'bibliography: refs.bib', or write \\@ for the sign itself"
                )
            }
            return
        }
        guard let bibliography = notebook.document.citationSource?.bibliography else { return }
        let known = bibliography.references.map(\.key)
        for item in items where bibliography[item.key] == nil && !log.isFull {
            log.add(
                .unknownCitation, at: item.location,
                "the bibliography '\((written.text ?? "").shortened)' has no entry '\(item.key.shortened)'",
                replacements: Suggestion.closest(to: item.key, among: known).map { "@\($0)" },
                help: "write \\@ for the sign itself")
        }
        let cited = Set(items.map(\.key))
        let unused = known.filter { !cited.contains($0) }
        guard !unused.isEmpty else { return }
        let shown = unused.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        log.add(
            .unusedEntry, severity: .note, at: written.location,
            "\(unused.count) of \(known.count == 1 ? "1 entry" : "\(known.count) entries") \(unused.count == 1 ? "is" : "are") never cited: \(shown)\(unused.count > 5 ? ", …" : "")"
        )
    }
}
