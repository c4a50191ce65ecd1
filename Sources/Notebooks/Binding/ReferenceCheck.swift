import Markdown
import Values

/// Checks what prose refers to against what the blocks will produce.
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
        if !prose.links.isEmpty {
            let anchors = PageAnchors(prose.headings, blocks: Set(surroundings.above.map(\.id)))
            for link in prose.links where !log.isFull { check(link, anchors, log: &log) }
        }
        guard surroundings.checksFiles else { return }
        var notebooks = LinkedNotebooks(surroundings.project)
        for link in prose.files where !log.isFull { check(file: link, &notebooks, log: &log) }
        var pictures = Pictures(surroundings.project)
        for picture in prose.pictures where !log.isFull {
            do {
                _ = try pictures.address(picture.target)
            } catch {
                log.add(
                    error.code, at: picture.location, error.sentence, replacements: error.replacements, help: error.help
                )
            }
        }
    }

    /// A link to a file, or to another notebook.
    private func check(file link: PageLink, _ notebooks: inout LinkedNotebooks, log: inout ProblemLog) {
        let file = FileLink(link.target)
        guard !file.path.isEmpty else { return }
        do {
            let target = try surroundings.project.resolve(file.path)
            if RegularFile.exists(target) {
                guard let name = notebooks.missingName(file, at: target) else { return }
                log.add(
                    .deadLink, at: link.location,
                    "the link leads to '\(name.shortened)' in '\(file.path.shortened)', but no heading and no block there has that name",
                    replacements: notebooks.names(like: name, at: target).map { "\(file.path)#\($0)" })
                return
            }
        } catch  where error.target != nil {
            log.add(.outsideProject, at: link.location, error.description, help: error.help)
            return
        } catch {
            log.add(.deadLink, at: link.location, error.description)
            return
        }
        // A link to a report is a link to its notebook.
        let notebook = file.path.hasSuffix(".html") ? file.path.dropLast(4) + "md" : ""
        let isReport =
            !notebook.isEmpty && (try? surroundings.project.resolve(notebook)).map(RegularFile.exists) == true
        log.add(
            .deadLink, at: link.location, "the link leads to '\(file.path.shortened)', but that file does not exist",
            replacements: (isReport ? [notebook] : surroundings.project.near(file.path)).map { $0 + file.suffix },
            help: "like every path, a link is relative to the notebook's folder")
    }

    /// A computed value: its path, its format and, where the format asks for one, its interval.
    private func check(_ value: InlineValue, log: inout ProblemLog) {
        var isKnown = true
        do {
            try paths.check(value.path)
        } catch {
            isKnown = false
            let isWhole = error.code != .unknownBlock
            log.add(
                error.code, at: isWhole ? value.location : value.location.prefix(value.id.utf8.count), error.problem,
                replacements: error.suggestions, help: error.help)
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
        guard !anchors.may(lead: link.target) else { return }
        // Looking through any number of names for any number of links would take too long.
        log.addDeadLink(link, among: log.all.count < 100 ? anchors.names : [])
    }

    /// A figure or a table: its block, the table's name, and whether the page shows any.
    private func check(_ reference: CrossReference, log: inout ProblemLog) {
        guard let block = surroundings.block(reference.block) else {
            let ids = surroundings.above.map(\.id)
            log.add(
                .unknownTarget, at: reference.location,
                "[\(reference.word)] refers to '#\(reference.target.shortened)', but no block has the id "
                    + "'\(reference.block.shortened)'",
                replacements: Suggestion.closest(to: reference.block, among: ids).map {
                    "#" + $0 + (reference.name.map { ".\($0)" } ?? "")
                },
                help: "a figure or a table is named by its block's id, as in [Figure](#sweep)")
            return
        }
        guard let command = block.bound, let outputs = block.outputs else { return }
        let tables = outputs.tables.keys.sorted()
        let display = type(of: command).display
        guard display.mayShow(reference.kind, block.show, of: outputs) else {
            let other = reference.kind == .figure ? CrossReference.Kind.table : .figure
            log.add(
                .unknownTarget, at: reference.link,
                "block '\(reference.block)' shows no \(reference.kind.rawValue)",
                help: block.show != .main
                    ? "its option 'show' is '\(block.show.text)'"
                    : display.mayShow(other, block.show, of: outputs)
                        ? "it shows a \(other.rawValue): write [\(other.word)]" : nil)
            return
        }
        guard reference.kind == .table else {
            guard let name = reference.name, !outputs.figures.contains(name) else { return }
            log.add(
                .unknownTarget, at: reference.location,
                "block '\(reference.block)' has no figure '\(name.shortened)'",
                replacements: Suggestion.closest(to: name, among: outputs.figures).map { "#\(reference.block).\($0)" },
                help: Surroundings.list("its figures are", outputs.figures))
            return
        }
        if let name = reference.name, outputs.tables[name] == nil {
            log.add(
                .unknownTarget, at: reference.location,
                "block '\(reference.block)' has no table '\(name.shortened)'",
                replacements: Suggestion.closest(to: name, among: tables).map { "#\(reference.block).\($0)" },
                help: Surroundings.list("its tables are", tables) ?? "it has no tables")
        } else if tables.isEmpty {
            log.add(.unknownTarget, at: reference.location, "block '\(reference.block)' has no table")
        }
    }
}

extension ProblemLog {
    /// A link to a place that the page does not have.
    package mutating func addDeadLink(_ link: PageLink, among names: [String]) {
        add(
            .deadLink, at: link.location,
            "the link leads to '#\(link.target.shortened)', but no heading and no block has that name",
            replacements: Suggestion.closest(to: link.target, among: names).map { "#" + $0 },
            help: "a heading's name is its words in small letters, with hyphens between them")
    }
}

extension Analysis {
    /// References to figures and tables that the page of an evaluation does not show; binding cannot always tell.
    public func danglingReferences(in evaluation: Evaluation) -> [Diagnostic] {
        let numbering = Numbering(evaluation)
        let failed = Set(evaluation.blocks.filter { $0.failure != nil }.map(\.head.id))
        var log = ProblemLog(source)
        for reference in ProseReferences(of: evaluation).references
        where !failed.contains(reference.block) && numbering[reference] == nil {
            let shown = numbering.items(of: reference.block, reference.kind).map(\.name)
            log.add(
                .unknownTarget, at: reference.location,
                "block '\(reference.block)' shows no \(reference.kind.rawValue)"
                    + (reference.name.map { " '\($0.shortened)'" } ?? ""),
                replacements: Suggestion.closest(to: reference.name ?? "", among: shown).map {
                    "#\(reference.block).\($0)"
                }, help: Surroundings.list("it shows", shown))
        }
        return log.all
    }
}
