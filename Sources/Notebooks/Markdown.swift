/// A block of prose: CommonMark as plain values, with the places that errors need.
public indirect enum MarkdownBlock: Sendable, Equatable {
    case paragraph([MarkdownInline])
    case heading(level: Int, [MarkdownInline])
    case quote([MarkdownBlock])
    /// A bullet list when `start` is `nil`, else an ordered list that starts there.
    case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
    case code(info: String, text: String)
    /// Raw HTML, which a page shows as text.
    case html(String)
    case thematicBreak
}

/// A run of prose inside a block.
public indirect enum MarkdownInline: Sendable, Equatable {
    case text(String)
    case softBreak
    case lineBreak
    case code(String)
    case emphasis([MarkdownInline])
    case strong([MarkdownInline])
    case link(destination: String, title: String, [MarkdownInline])
    case image(source: String, title: String, alt: [MarkdownInline], location: SourceLocation)
    /// Raw HTML, which a page shows as text.
    case html(String)
    /// `` `{= sweep.peak.layer | .0% }` ``
    case value(InlineValue)
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

    /// A quoted value; without a format it has no place for one.
    public init(path: String, format: String, location: SourceLocation, formatLocation: SourceLocation? = nil) {
        self.path = path
        self.format = format
        self.location = location
        self.formatLocation = formatLocation ?? location
    }
}
