import Maths

/// A block of prose: CommonMark with pipe tables as plain values, with the places that errors need.
public indirect enum MarkdownBlock: Sendable, Equatable {
    case paragraph([MarkdownInline])
    case heading(level: Int, [MarkdownInline])
    case quote([MarkdownBlock])
    /// `> [!NOTE]`
    case callout(Callout, [MarkdownBlock])
    /// A bullet list when `start` is `nil`, else an ordered list that starts there.
    case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
    case code(info: String, text: String)
    /// A fence ```` ```math ````.
    case formula(MathFormula)
    /// A pipe table, as forges draw it.
    case table(MarkdownTable)
    /// Raw HTML, which a page shows as text.
    case html(String)
    case thematicBreak
}

/// What a callout is about, as forges name it.
public enum Callout: String, Sendable, CaseIterable {
    case note, tip, important, warning, caution
}

/// A run of prose inside a block.
public indirect enum MarkdownInline: Sendable, Equatable {
    case text(String)
    case softBreak
    case lineBreak
    case code(String)
    /// `` $`x^2`$ ``
    case formula(MathFormula)
    case emphasis([MarkdownInline])
    case strong([MarkdownInline])
    /// The location is that of the destination; nil where it is neither a place of the page nor a file.
    case link(destination: String, title: String, [MarkdownInline], location: SourceLocation? = nil)
    case image(source: String, title: String, alt: [MarkdownInline], location: SourceLocation)
    /// Raw HTML, which a page shows as text.
    case html(String)
    /// `` `{= sweep.peak.layer | .0% }` ``
    case value(InlineValue)
    /// `[Figure](#sweep)`
    case reference(CrossReference)
    /// `[^name]`
    case footnote(Footnote)
    /// `[@doe2020]`
    case citation(Citation)
}

extension MarkdownInline {
    /// Whether a destination is a place of the page or a file, and not an address with a scheme or a host of its own.
    public static func isLocal(_ destination: String) -> Bool {
        guard !destination.isEmpty, !destination.hasPrefix("//") else { return false }
        guard let colon = destination.firstIndex(of: ":") else { return true }
        return !destination[..<colon].utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "+-.".utf8.contains(byte)
        }
    }
}

/// A pipe table of prose; every row is as wide as the header.
public struct MarkdownTable: Sendable, Equatable {
    /// Where a column's text stands.
    public enum Alignment: Sendable, Equatable {
        case none, left, center, right
    }

    /// One for each column.
    public let alignments: [Alignment]
    /// The cells of the first row.
    public let header: [[MarkdownInline]]
    /// The other rows, top to bottom.
    public let rows: [[[MarkdownInline]]]

    /// A table; each row holds one cell a column.
    public init(alignments: [Alignment], header: [[MarkdownInline]], rows: [[[MarkdownInline]]]) {
        precondition(
            header.count == alignments.count && rows.allSatisfy { $0.count == header.count },
            "a table of \(alignments.count) columns with a header of \(header.count)")
        self.alignments = alignments
        self.header = header
        self.rows = rows
    }
}

/// A figure or table of a block, referred to by its number: `[Figure](#sweep)`, `[table](#sweep.layers)`.
public struct CrossReference: Sendable, Equatable {
    /// What is numbered.
    public enum Kind: String, Sendable, CaseIterable {
        case figure, table

        /// The word in front of the number: `Figure`.
        public var word: String { self == .figure ? "Figure" : "Table" }
    }

    /// What is referred to.
    public let kind: Kind
    /// The word before the number, in the author's case: `Figure`.
    public let word: String
    /// The block's id: `sweep`.
    public let block: String
    /// The figure's or table's name inside its block; nil for the first.
    public let name: String?
    /// Where the target stands.
    public let location: SourceLocation

    /// A reference with its place.
    public init(kind: Kind, word: String, block: String, name: String? = nil, location: SourceLocation) {
        self.kind = kind
        self.word = word
        self.block = block
        self.name = name
        self.location = location
    }

    /// The whole link, `[Figure](#sweep)`; the target's own place where it is not known.
    public var link: SourceLocation {
        let before = word.utf8.count + 3
        guard location.length > 0, location.column > before else { return location }
        return SourceLocation(
            line: location.line, column: location.column - before, length: before + location.length + 1,
            file: location.file)
    }

    /// The target as its author wrote it: `sweep.layers`.
    public var target: String { name.map { "\(block).\($0)" } ?? block }
}

/// A footnote: its text stands where the label is defined, its number is given by the first mention on the page.
public struct Footnote: Sendable, Equatable {
    /// The label: `scope` of `[^scope]`.
    public let label: String
    /// Where it is defined, which tells footnotes of several texts apart.
    public let location: SourceLocation
    /// What it says.
    public let blocks: [MarkdownBlock]

    /// A footnote with its text.
    public init(label: String, location: SourceLocation, blocks: [MarkdownBlock]) {
        self.label = label
        self.location = location
        self.blocks = blocks
    }
}

/// A computed value quoted in text: a path and a format, never an expression.
public struct InlineValue: Sendable, Equatable {
    /// `sweep.peak.layer`
    public let path: String
    /// `.0%`; empty for the value's plain form.
    public let format: String
    /// Where the path stands.
    public let location: SourceLocation
    /// Where the format stands; the path's place when there is none.
    public let formatLocation: SourceLocation

    /// The id of the block that has the value, or `params`.
    public var id: Substring { path.prefix { $0 != "." } }

    /// A quoted value; without a format it has no place for one.
    public init(path: String, format: String, location: SourceLocation, formatLocation: SourceLocation? = nil) {
        self.path = path
        self.format = format
        self.location = location
        self.formatLocation = formatLocation ?? location
    }
}
