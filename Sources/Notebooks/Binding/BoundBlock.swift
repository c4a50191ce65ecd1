import Markdown

/// A block with its command bound to its options.
public struct BoundBlock: Sendable {
    /// An option in its normal form.
    public struct NormalOption: Sendable {
        /// The option as data.
        public let declaration: OptionDeclaration
        /// The value, parameters filled in.
        public let value: OptionValue
        /// Where its value stands; nil when the author did not give it.
        public let location: SourceLocation?
    }

    /// What the block is on its page.
    public let head: BlockHead
    /// The command with its options taken.
    public let command: any Command
    /// The command's own options, in the order of their declaration.
    public let options: [NormalOption]
    /// The paths that it reads, as written.
    let paths: [String]
    /// The ids of the blocks it refers to, in document order.
    public let references: [String]

    /// The block's id, given or made from its command's name.
    public var id: String { head.id }
    /// The command's name.
    public var name: String { head.command }
}

/// A block as far as it could be bound.
public enum AnalysedBlock: Sendable {
    case bound(BoundBlock)
    /// A block with a problem of its own, or one that refers to such a block.
    case broken(BlockHead, paths: [String] = [])

    /// What the block is on its page.
    public var head: BlockHead {
        switch self {
        case .bound(let block): block.head
        case .broken(let head, _): head
        }
    }

    /// The block, where it is bound.
    public var bound: BoundBlock? { if case .bound(let block) = self { block } else { nil } }
}

/// What is known of a notebook before anything runs: every block that could be bound, and every problem.
public struct Analysis: Sendable {
    /// The notebook as it was written.
    public let notebook: Notebook
    /// How its paths are resolved.
    public let project: Project
    /// The point of a sweep that it is bound for, `adapter=a,seed=1`; empty outside a sweep.
    public let point: String
    /// The parameters that may be set from outside: those of the front matter, and the seed.
    public let parameters: [Parameter]
    /// The document with every block, bound or broken.
    public let document: Document<AnalysedBlock>
    /// What its text refers to: title, subtitle, abstract, headline, captions and descriptions, then prose.
    public let prose: ProseReferences
    /// All problems, sorted by place.
    public let problems: Diagnostics
    /// Files that its text needs: included texts, the bibliography, pictures.
    let textFiles: [String]
    /// Files that it names and that a run does not read: those that are missing, those of broken blocks, and those that links lead to.
    let absentFiles: [String]

    /// The text that it was read from, with those that it includes.
    public var source: SourceText { notebook.source }

    /// The blocks that are bound, in document order.
    public var blocks: [BoundBlock] { document.blocks.compactMap(\.bound) }

    /// The same analysis, where no problem is an error.
    /// - Throws: all problems, when one of them is.
    public func sound() throws(Diagnostics) -> Analysis {
        if problems.all.contains(where: { $0.severity == .error }) { throw problems }
        return self
    }

    /// The file of one of its texts, by its number; nil for a text without a file. Symbolic links are resolved.
    package func path(ofText number: Int) -> String? {
        if number == 0 { return try? project.resolve(source.fileName) }
        return includedPaths.indices.contains(number - 1) ? includedPaths[number - 1] : nil
    }

    /// The files of its other texts, included ones and the bibliography, by their numbers from 1, symbolic links resolved.
    package var includedPaths: [String] { notebook.textFiles }

    /// The text of its bibliography, which is the last that is read.
    package var bibliography: SourceText? { document.citationSource == nil ? nil : source.included.last }

    /// Every file and folder that a run may read, as absolute paths: the notebook, what it includes, and what its blocks name.
    public var inputPaths: [String] {
        let texts = [project.notebookFolder + "/" + source.fileName] + textFiles
        return texts + blocks.flatMap(\.paths).compactMap { try? project.resolve($0) }
    }

    /// Every file and folder that it names, as absolute paths: when one of them changes, so may its problems.
    public var namedPaths: [String] { inputPaths + absentFiles }

    /// What a block's result is noted as in a store.
    func place(of block: BoundBlock) -> BlockPlace { BlockPlace(notebook: path, point: point, block: block.id) }

    /// The notebook's path inside its project: `notebooks/x.md`.
    public var path: String {
        let folder = project.notebookFolder.split(separator: "/")
        let root = project.root.split(separator: "/")
        let inside = folder.starts(with: root) ? folder.dropFirst(root.count) : folder[...]
        return (inside.map(String.init) + [source.fileName]).joined(separator: "/")
    }
}
