import Markdown

/// The numbers of a page's figures and tables, assigned once for captions, cross-references and data files alike.
///
/// Figures and tables are counted apart, in document order, and only where the page shows them: a block that hides its tables
/// takes no table number.
public struct Numbering: Sendable, Equatable {
    /// One numbered figure or table.
    public struct Item: Sendable, Equatable {
        /// What it is.
        public let kind: CrossReference.Kind
        /// Counts from 1 within its kind.
        public let number: Int
        /// The id of the block that it belongs to.
        public let block: String
        /// Its name inside the block: `effects`.
        public let name: String

        /// As captions and references write it, with a space that no line breaks at: `Figure 3`.
        public var label: String { "\(kind.word)\u{A0}\(number)" }
        /// The id of its element on the page: `figure-3`.
        public var anchor: String { "\(kind.rawValue)-\(number)" }
    }

    /// All figures and tables in the order in which the page shows them.
    public let items: [Item]

    /// Numbers what a page of this evaluation shows.
    public init(_ evaluation: Evaluation) {
        var counter = Counter()
        for block in evaluation.blocks { counter.add(block) }
        items = counter.items
    }

    /// The figure or table that a reference means: `sweep` is the block's first figure, or its first table where it shows no figure;
    /// `sweep.pairs` is the figure of that name, else the table. Nil when the page shows no such thing.
    public subscript(reference: String) -> Item? {
        let id = reference.prefix { $0 != "." }
        let name = reference.dropFirst(id.count + 1)
        let found = items.filter { $0.block == id && (name.isEmpty || $0.name == name) }
        return found.first { $0.kind == .figure } ?? found.first
    }

    /// The figure or the table that a reference means; nil when the page shows no such thing.
    public subscript(reference: CrossReference) -> Item? {
        let items = items(of: reference.block, reference.kind)
        return reference.name.map { name in items.first { $0.name == name } } ?? items.first
    }

    /// The figures or tables of a block, in the order in which the page shows them.
    public func items(of block: String, _ kind: CrossReference.Kind) -> [Item] {
        items.filter { $0.block == block && $0.kind == kind }
    }

    /// The figures, then the tables, of a block.
    public func items(of block: String) -> [Item] { CrossReference.Kind.allCases.flatMap { items(of: block, $0) } }

    private struct Counter {
        var items: [Item] = []
        var counts: [CrossReference.Kind: Int] = [:]

        mutating func add(_ block: EvaluatedBlock) {
            let parts = ShownParts(block)
            for figure in parts.figures + parts.foldedFigures { add(.figure, block.result.id, figure) }
            for table in parts.tables { add(.table, block.result.id, table) }
        }

        private mutating func add(_ kind: CrossReference.Kind, _ block: String, _ name: String) {
            counts[kind, default: 0] += 1
            items.append(Item(kind: kind, number: counts[kind, default: 0], block: block, name: name))
        }
    }
}
