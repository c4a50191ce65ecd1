import Markdown

/// Binds every block of a notebook that can be bound, and gathers all that is wrong.
struct Binder {
    let catalogue: Catalogue
    /// Names and texts of `-P name=value`.
    let overrides: [(String, String)]
    /// The folder to which a path among the overrides is relative.
    let folder: String
    /// Whether the files that blocks name are looked for.
    let checksFiles: Bool
    /// The point of a sweep that the overrides make.
    let point: String

    func analysis(of notebook: Notebook, in project: Project) -> Analysis {
        var log = ProblemLog(notebook.source, notebook.problems)
        var project = project
        let frontMatter = notebook.frontMatter
        let declared = frontMatter.parameters
        let settable = declared + frontMatter.seedParameter
        // The name of a point holds no other commas and signs.
        let swept = point.split(separator: ",").map { $0.prefix { $0 != "=" }.description }
        var parameters = settable.values(
            frontMatter.isRead ? overrides : [], swept: swept, folder: folder, project: &project, log: &log)
        var seed = frontMatter.seed
        if settable.count > declared.count, parameters.last?.name == Parameter.seed {
            if case .one(.int(let given))? = parameters.popLast()?.content { seed = UInt64(given) }
        }
        let substitution = ParameterSubstitution(
            values: parameters, declared: declared.map(\.name) + frontMatter.brokenParameters,
            isComplete: frontMatter.isRead)
        let headers = BlockHeader.headers(of: notebook, log: &log)
        var surroundings = Surroundings(project: project, checksFiles: checksFiles)
        surroundings.parameters = parameters.map { (name: $0.name, value: $0.shown) }
        surroundings.broken =
            frontMatter.brokenParameters
            + declared.map(\.name).filter { name in !parameters.contains { $0.name == name } }
        surroundings.knowsParameters = frontMatter.isRead
        surroundings.hasBibliography = frontMatter.bibliography != nil
        var footnotes = notebook.footnotes
        var quoted = ProseReferences()
        quoted.add(notebook.document.title + notebook.document.subtitle)
        quoted.add(notebook.document.publication.abstract)
        quoted.add(notebook.document.publication.headline.map { .value($0.value) })
        let ids = headers.map(\.id)
        var index = 0
        var document = notebook.document.map { block in
            let header = headers[index]
            index += 1
            surroundings.own = header.id
            surroundings.below = ids[index...]
            let result =
                log.isFull
                ? AnalysedBlock.broken(block.head(header))
                : bind(block, header, surroundings, substitution, &footnotes, &log)
            quoted.add(result.head.caption)
            quoted.add(result.head.alt)
            surroundings.append(
                BlockAbove(
                    id: header.id, command: catalogue[block.command] == nil ? "" : block.command,
                    show: result.head.show, bound: result.bound?.command,
                    references: result.bound?.references ?? [], outputs: result.bound?.head.outputs))
            return result
        }
        document.parameters = surroundings.parameters
        document.seed = seed
        document.arithmetic = catalogue.arithmetic
        for part in document.parts { if case .prose(let blocks) = part { quoted.add(blocks) } }
        for (text, footnotes) in zip([notebook.source] + notebook.source.included, footnotes) {
            var found = ProblemLog(text)
            footnotes.checkMentions(&found)
            for problem in found.all where !log.isFull { log.add(problem) }
        }
        ReferenceCheck(surroundings).check(quoted, log: &log)
        CitationCheck(notebook).check(quoted.citations, log: &log)
        let linked = quoted.files.map { FileLink($0.target).path }.filter { !$0.isEmpty }
        let broken = document.blocks.flatMap { block -> [String] in
            if case .broken(_, let paths) = block { paths } else { [] }
        }
        return Analysis(
            notebook: notebook, project: project, point: point, parameters: settable, document: document,
            prose: quoted, problems: Diagnostics(log.all),
            textFiles: notebook.textFiles + quoted.pictures.compactMap { try? project.resolve($0.target) },
            absentFiles: notebook.missingFiles + (linked + broken).compactMap { try? project.resolve($0) })
    }

    /// One block. What is wrong so far is its own only while it is bound, so that it is not copied when it grows.
    private func bind(
        _ block: WrittenBlock, _ header: BlockHeader, _ surroundings: Surroundings,
        _ substitution: ParameterSubstitution, _ footnotes: inout [Footnotes], _ log: inout ProblemLog
    ) -> AnalysedBlock {
        let problems = log
        log = ProblemLog(problems.source)
        let file = block.text.file
        var binding = BlockBinding(
            block: block, head: block.head(header), isWell: header.isWell, surroundings: surroundings,
            substitution: substitution, footnotes: file < footnotes.count ? footnotes[file] : Footnotes(), log: problems
        )
        let result = binding.bind(catalogue)
        if file < footnotes.count { footnotes[file] = binding.footnotes }
        log = binding.log
        return result.map(AnalysedBlock.bound) ?? .broken(binding.head, paths: binding.paths)
    }
}

extension WrittenBlock {
    fileprivate func head(_ header: BlockHeader) -> BlockHead {
        BlockHead(
            id: header.id, isAnonymous: header.isAnonymous, command: command, source: source, location: location)
    }
}

/// A block's id, known for all blocks before any is bound.
struct BlockHeader {
    let id: String
    let isAnonymous: Bool
    /// False for a block whose id another block has already, or cannot be one.
    let isWell: Bool

    static func headers(of notebook: Notebook, log: inout ProblemLog) -> [BlockHeader] {
        let blocks = notebook.document.blocks
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
