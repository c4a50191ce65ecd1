import Markdown
import Values

/// A notebook after a run: what a report is drawn from.
public typealias Evaluation = Document<EvaluatedBlock>

/// A block with what came of it.
public struct EvaluatedBlock: Sendable {
    /// What the block is on its page.
    public let head: BlockHead
    /// The block's result, or why there is none.
    public let run: Result<BlockResult, BlockFailure>

    /// A block with what came of it.
    public init(head: BlockHead, run: Result<BlockResult, BlockFailure>) {
        self.head = head
        self.run = run
    }

    /// The result; one that holds nothing where there is none.
    public var result: BlockResult {
        switch run {
        case .success(let result): result
        case .failure:
            BlockResult(
                id: head.id, command: head.command, options: [], inputs: [], key: "", digest: "", outcome: Outcome())
        }
    }

    /// Why there is no result; nil when there is one.
    public var failure: BlockFailure? { if case .failure(let failure) = run { failure } else { nil } }
}

extension Document<EvaluatedBlock> {
    /// Why blocks gave no result, and references to figures and tables that no block shows, sorted by place.
    public var problems: Diagnostics { Diagnostics(blocks.flatMap { $0.failure?.problems ?? [] }) }

    /// Whether a block gave no result.
    public var isPartial: Bool { blocks.contains { $0.failure != nil } }

    /// The same evaluation, where every block gave its result.
    /// - Throws: why blocks did not.
    public func whole() throws(Diagnostics) -> Evaluation {
        if isPartial { throw problems }
        return self
    }

    /// The same evaluation with the runs of its text replaced: of title, subtitle and abstract, prose and captions.
    public func rewritten<Failure>(
        _ change: (MarkdownInline) throws(Failure) -> MarkdownInline
    ) throws(Failure) -> Evaluation {
        var evaluation = self
        evaluation.title = try title.rewritten(change)
        evaluation.subtitle = try subtitle.rewritten(change)
        evaluation.publication.abstract = try publication.abstract.rewritten(change)
        for (index, part) in parts.enumerated() {
            switch part {
            case .prose(let blocks): evaluation.parts[index] = .prose(try blocks.rewritten(change))
            case .block(let block):
                var head = block.head
                head.caption = try head.caption.rewritten(change)
                evaluation.parts[index] = .block(EvaluatedBlock(head: head, run: block.run))
            }
        }
        return evaluation
    }

    /// A value quoted in text: parameters (`params.limit`), or `id.path`; nil where its block gave none.
    public func value(_ path: String) -> Scalar? {
        if path.hasPrefix("params.") {
            return parameters.first { "params.\($0.name)" == path }?.value
        }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let id = path[..<dot]
        return blocks.first { $0.head.id == id }?.result.outcome.value(String(path[path.index(after: dot)...]))
    }

    /// The ends of the interval of a value quoted in text, where its block produces them.
    public func interval(of path: String) -> (lower: Scalar, upper: Scalar)? {
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let stem = path[...dot]
        let name = String(path[path.index(after: dot)...])
        guard let ends = ValuePaths.interval(of: name, isKnown: { value(stem + $0) != nil }),
            let lower = value(stem + ends.lower), let upper = value(stem + ends.upper)
        else { return nil }
        return (lower, upper)
    }
}
