import Markdown
import Values

/// Checks what prose refers to against what the blocks will hand on.
struct ReferenceCheck {
    private let surroundings: Surroundings
    private let paths: ValuePaths

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        paths = ValuePaths(surroundings)
    }

    func check(_ prose: ProseReferences, log: inout ProblemLog) {
        for value in prose.values where !log.isFull { check(value, log: &log) }
        for reference in prose.references where !log.isFull { check(reference, log: &log) }
        guard !prose.links.isEmpty else { return }
        let anchors = PageAnchors(prose.headings)
        for link in prose.links where !log.isFull { check(link, anchors, log: &log) }
    }

    /// A computed value: its path, its format and, where the format asks for one, its interval.
    private func check(_ value: InlineValue, log: inout ProblemLog) {
        var isKnown = true
        do {
            try paths.check(value.path)
        } catch {
            isKnown = false
            log.add(
                error.code, at: value.location, error.problem,
                help: Suggestion.question(error.suggestions) ?? error.help)
        }
        do {
            let format = try ValueFormat(value.format)
            guard format.showsInterval, isKnown, paths.interval(of: value.path) == nil else { return }
            let known = paths.pathsWithInterval(besides: value.path)
            log.add(
                .unknownValue, at: value.formatLocation,
                "the value '\(value.path.shortened)' has no interval",
                help: Surroundings.list("the values of this block with one are", known) ?? "leave 'interval' out")
        } catch {
            log.add(.badFormat, at: value.formatLocation, error.description, help: ValueFormat.help)
        }
    }

    /// A link to a heading or a block of the page.
    private func check(_ link: PageLink, _ anchors: PageAnchors, log: inout ProblemLog) {
        let id = link.target.hasPrefix("block-") ? String(link.target.dropFirst(6)) : link.target
        guard surroundings.block(id) == nil, !anchors.may(lead: link.target) else { return }
        // Looking through any number of names for any number of links would take too long.
        let known = log.all.count < 100 ? anchors.headings.prefix(500) + surroundings.above.prefix(500).map(\.id) : []
        log.add(
            .deadLink, at: link.location,
            "the link leads to '#\(link.target.shortened)', but no heading and no block has that name",
            help: Suggestion.question(Suggestion.closest(to: link.target, among: Array(known)).map { "#" + $0 })
                ?? "a heading's name is its words in small letters, with hyphens between them")
    }

    /// A figure or a table: its block, and the table's name.
    private func check(_ reference: CrossReference, log: inout ProblemLog) {
        guard let block = surroundings.block(reference.block) else {
            let ids = surroundings.above.map(\.id)
            log.add(
                .unknownTarget, at: reference.location,
                "[\(reference.word)] refers to '#\(reference.target.shortened)', but no block has the id "
                    + "'\(reference.block.shortened)'",
                help: Suggestion.question(Suggestion.closest(to: reference.block, among: ids).map { "#" + $0 })
                    ?? "a figure or a table is named by its block's id, as in [Figure](#sweep)")
            return
        }
        guard reference.kind == .table, let outputs = block.outputs else { return }
        let tables = outputs.tables.keys.sorted()
        if let name = reference.name, outputs.tables[name] == nil {
            log.add(
                .unknownTarget, at: reference.location,
                "block '\(reference.block)' has no table '\(name.shortened)'",
                help: Suggestion.question(
                    Suggestion.closest(to: name, among: tables).map { "#\(reference.block).\($0)" })
                    ?? Surroundings.list("its tables are", tables) ?? "it has no tables")
        } else if tables.isEmpty {
            log.add(.unknownTarget, at: reference.location, "block '\(reference.block)' has no table")
        }
    }
}
