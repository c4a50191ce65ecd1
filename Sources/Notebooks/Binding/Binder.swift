import Markdown

/// Binds every block of a notebook before any runs, and gathers all that is wrong.
public struct Binder: Sendable {
    /// The commands that blocks may use.
    public let catalogue: Catalogue

    /// A binder of blocks to these commands.
    public init(catalogue: Catalogue) { self.catalogue = catalogue }

    /// Binds a notebook.
    /// - Parameters:
    ///   - overrides: names and texts of `-P name=value`.
    ///   - folder: the folder to which a path among the overrides is relative; the current one.
    /// - Throws: every problem of the notebook, sorted by place.
    public func bind(
        _ notebook: Notebook, overrides: [(String, String)] = [], project: Project, folder: String? = nil
    ) throws(Diagnostics) -> BoundNotebook {
        var log = ProblemLog(notebook.source, notebook.problems)
        var project = project
        let frontMatter = notebook.frontMatter
        let declared = frontMatter.parameters
        let parameters = declared.values(
            frontMatter.isRead ? overrides : [], folder: folder ?? Project.currentFolder, project: &project, log: &log)
        let substitution = ParameterSubstitution(
            values: parameters, declared: declared.map(\.name) + frontMatter.brokenParameters,
            isComplete: frontMatter.isRead)
        let headers = BlockHeader.headers(of: notebook, log: &log)

        var surroundings = Surroundings(project: project)
        surroundings.parameters = parameters.map { (name: $0.name, value: $0.shown) }
        surroundings.broken = frontMatter.brokenParameters
        surroundings.knowsParameters = frontMatter.isRead
        var bound: [BoundBlock?] = []
        var quoted = ProseReferences()
        quoted.add(notebook.title + notebook.subtitle)
        let ids = headers.map(\.id)
        for (index, (block, header)) in zip(notebook.blocks, headers).enumerated() {
            if log.isFull { throw Diagnostics(log.all) }
            surroundings.own = header.id
            surroundings.below = ids[(index + 1)...]
            let result = bind(block, header, surroundings, substitution, &quoted, &log)
            bound.append(result)
            surroundings.append(
                BlockAbove(
                    id: header.id, command: catalogue[block.command] == nil ? "" : block.command,
                    outputs: result?.command.outputs))
        }

        var pictures = Pictures(project)
        var next = 0
        let parts: [BoundNotebook.Part] = notebook.parts.compactMap { part in
            switch part {
            case .prose(let blocks):
                quoted.add(blocks)
                return .prose(pictures.embedded(blocks, log: &log))
            case .block:
                next += 1
                return bound[next - 1].map(BoundNotebook.Part.block)
            }
        }
        ReferenceCheck(surroundings).check(quoted, log: &log)
        if !log.all.isEmpty { throw Diagnostics(log.all) }
        return BoundNotebook(
            source: notebook.source, title: notebook.title, subtitle: notebook.subtitle, author: frontMatter.author,
            seed: frontMatter.seed, parameters: surroundings.parameters, project: project, parts: parts)
    }

    /// One block. What it sees and what is wrong so far are its own only while it is bound, so that neither is copied when it grows.
    private func bind(
        _ block: Notebook.Block, _ header: BlockHeader, _ surroundings: Surroundings,
        _ substitution: ParameterSubstitution, _ quoted: inout ProseReferences, _ log: inout ProblemLog
    ) -> BoundBlock? {
        let problems = log
        log = ProblemLog(problems.source)
        var binding = BlockBinding(
            block: block, header: header, surroundings: surroundings, substitution: substitution, log: problems)
        let result = binding.bind(catalogue)
        quoted.add(binding.caption + binding.alt)
        log = binding.log
        return result
    }
}

/// A block's id, known for all blocks before any is bound.
struct BlockHeader {
    let id: String
    let isAnonymous: Bool
    /// False for a block whose id another block has already, or cannot be one.
    let isWell: Bool

    static func headers(of notebook: Notebook, log: inout ProblemLog) -> [BlockHeader] {
        let blocks = notebook.blocks
        let written = blocks.map(\.writtenID)
        var seen: [String: SourceLocation] = [:]
        var counts: [String: Int] = [:]
        return zip(blocks, written).map { block, id in
            guard let id else {
                var name = ""
                repeat {
                    counts[block.command, default: 0] += 1
                    name = "\(block.command)-\(counts[block.command, default: 0])"
                } while written.contains(name)
                return BlockHeader(id: name, isAnonymous: true, isWell: true)
            }
            let place = block.body?["id"]?.location ?? block.location
            if let first = seen[id] {
                let text = first.file == place.file ? "" : " of \(notebook.source.text(of: first).name)"
                log.add(
                    .duplicateID, at: place,
                    "the id '\(id.shortened)' is taken by the block on line \(first.line)\(text)")
                return BlockHeader(id: id, isAnonymous: false, isWell: false)
            }
            seen[id] = block.location
            if id == "params" {
                log.add(.badID, at: place, "the id 'params' stands for the notebook's parameters")
            } else if !SharedOptions.isID(id) {
                log.add(
                    .badID, at: place, "'\(id.shortened)' cannot be an id",
                    help: "an id is small letters, digits and '-', and starts with a letter")
            } else {
                return BlockHeader(id: id, isAnonymous: false, isWell: true)
            }
            return BlockHeader(id: id, isAnonymous: false, isWell: false)
        }
    }
}
