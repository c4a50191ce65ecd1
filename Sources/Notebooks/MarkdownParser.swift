import CCMark

/// Reads CommonMark with cmark into plain values; the only file that sees its pointers.
struct MarkdownParser {
    /// Blocks and inlines nested deeper than this are refused, so that no walk over them can exhaust the stack.
    static let deepest = 100

    /// A top-level fence whose info string is `{name}`.
    struct CommandFence {
        let name: String
        /// The opening fence.
        let location: SourceLocation
        /// The lines between the fences, counted from 1.
        let body: Range<Int>
        let isClosed: Bool
    }

    enum Part {
        case prose([MarkdownBlock])
        case command(CommandFence)
    }

    let source: SourceText
    var log: ProblemLog

    init(_ source: SourceText, log: ProblemLog) {
        self.source = source
        self.log = log
    }

    /// The parts of the document, read in one go so that reference links work across command blocks.
    /// - Parameter firstLine: the first line that is Markdown; lines above it count as blank.
    mutating func parts(from firstLine: Int) -> [Part] {
        var bytes = source.bytes
        for offset in 0..<source.start(ofLine: firstLine)
        where bytes[offset] != UInt8(ascii: "\n") && bytes[offset] != UInt8(ascii: "\r") {
            bytes[offset] = UInt8(ascii: " ")
        }
        return Self.withDocument(bytes) { document in
            var parts: [Part] = []
            var prose: [MarkdownBlock] = []
            for node in Self.children(of: document) {
                if let fence = commandFence(node) {
                    if !prose.isEmpty { parts.append(.prose(prose)) }
                    prose = []
                    parts.append(.command(fence))
                } else if let block = block(node, depth: 0) {
                    prose.append(block)
                }
            }
            if !prose.isEmpty { parts.append(.prose(prose)) }
            return parts
        }
    }

    /// The inlines of a single line of text, such as a caption, that stands somewhere in the source.
    /// - Parameter range: the bytes of the source in which it stands.
    mutating func inlines(of text: String, in range: Range<Int>) -> [MarkdownInline] {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { "\r\n".unicodeScalars.contains($0) ? " " : $0 }))
        var finder = CodeSpanFinder(source, in: range)
        let fallback = source.location(at: range.lowerBound)
        if let inlines = paragraph(line, finder: &finder, fallback: fallback) { return inlines }
        // The text begins like a list, a heading or the like: behind a mark that is none of them it is an ordinary line.
        guard var inlines = paragraph("·" + line, finder: &finder, fallback: fallback) else { return [] }
        if case .text(let first)? = inlines.first { inlines[0] = .text(String(first.dropFirst())) }
        return inlines
    }

    /// The inlines of a text that is one paragraph, or nothing; nil for any other text.
    private mutating func paragraph(
        _ text: String, finder: inout CodeSpanFinder, fallback: SourceLocation
    ) -> [MarkdownInline]? {
        Self.withDocument(Array(text.utf8)) { document in
            let nodes = Self.children(of: document)
            guard let node = nodes.first else { return text.allSatisfy(\.isWhitespace) ? [] : nil }
            guard nodes.count == 1, cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH else { return nil }
            return inlines(of: node, finder: &finder, fallback: fallback, depth: 0)
        }
    }

    // MARK: Pointers

    private typealias Node = OpaquePointer

    private static func withDocument<Result>(_ bytes: [UInt8], _ use: (Node) -> Result) -> Result {
        let document = bytes.withUnsafeBytes { buffer in
            cmark_parse_document(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, CMARK_OPT_DEFAULT)
        }
        guard let document else { preconditionFailure("cmark returned no document") }
        defer { cmark_node_free(document) }
        return use(document)
    }

    private static func children(of node: Node) -> [Node] {
        var children: [Node] = []
        var next = cmark_node_first_child(node)
        while let child = next {
            children.append(child)
            next = cmark_node_next(child)
        }
        return children
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: pointer, count: strlength(pointer)), as: UTF8.self)
    }

    private static func strlength(_ pointer: UnsafePointer<CChar>) -> Int {
        var length = 0
        while pointer[length] != 0 { length += 1 }
        return length
    }

    /// A literal with LF line ends.
    private static func literal(_ node: Node) -> String {
        let text = text(cmark_node_get_literal(node))
        guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
        var lines = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\r" { lines.append("\n") } else if scalar != "\n" || previous != "\r" { lines.append(scalar) }
            previous = scalar
        }
        return String(lines)
    }

    private static func location(_ node: Node) -> SourceLocation {
        SourceLocation(
            line: max(1, Int(cmark_node_get_start_line(node))), column: max(1, Int(cmark_node_get_start_column(node))))
    }

    // MARK: Blocks

    /// The name of a command in a fence's info string.
    private static func commandName(_ node: Node) -> String? {
        guard cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK else { return nil }
        let info = text(cmark_node_get_fence_info(node))
        guard info.utf8.count > 2, info.hasPrefix("{"), info.hasSuffix("}") else { return nil }
        let name = info.dropFirst().dropLast()
        return name.contains { $0.isWhitespace || "{}=.#".contains($0) } ? nil : String(name)
    }

    private func commandFence(_ node: Node) -> CommandFence? {
        guard let name = Self.commandName(node) else { return nil }
        let place = Self.location(node)
        let start = source.offset(of: place)
        let fence = source.bytes[start]
        let length = source.bytes[start...].prefix { $0 == fence }.count
        let first = place.line + 1
        let last = first + Self.literal(node).utf8.count { $0 == UInt8(ascii: "\n") }
        let closing = source.bytes[source.range(ofLine: last)].drop { $0 == UInt8(ascii: " ") }
        let run = closing.prefix { $0 == fence }.count
        let isClosed =
            last <= source.lineCount && run >= length
            && closing.dropFirst(run).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return CommandFence(
            name: name, location: place, body: first..<min(last, source.lineCount + 1), isClosed: isClosed)
    }

    private mutating func block(_ node: Node, depth: Int) -> MarkdownBlock? {
        guard depth < Self.deepest else {
            log.add(.tooDeep, at: Self.location(node), "blocks are nested more than \(Self.deepest) deep")
            return nil
        }
        switch cmark_node_get_type(node) {
        case CMARK_NODE_PARAGRAPH: return .paragraph(inlines(of: node))
        case CMARK_NODE_HEADING: return .heading(level: Int(cmark_node_get_heading_level(node)), inlines(of: node))
        case CMARK_NODE_BLOCK_QUOTE: return .quote(blocks(of: node, depth: depth))
        case CMARK_NODE_LIST:
            let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
            return .list(
                start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
                isTight: cmark_node_get_list_tight(node) != 0,
                items: Self.children(of: node).map { blocks(of: $0, depth: depth + 1) })
        case CMARK_NODE_CODE_BLOCK:
            if let name = Self.commandName(node) {
                log.add(
                    .nestedCommand, at: Self.location(node),
                    "the block {\(name)} stands inside a list or a quote; command blocks stand at top level")
            }
            return .code(info: Self.text(cmark_node_get_fence_info(node)), text: Self.literal(node))
        case CMARK_NODE_HTML_BLOCK: return .html(Self.literal(node))
        case CMARK_NODE_THEMATIC_BREAK: return .thematicBreak
        case let type: preconditionFailure("cmark gave a block of type \(type.rawValue)")
        }
    }

    private mutating func blocks(of node: Node, depth: Int) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        for child in Self.children(of: node) {
            guard let block = block(child, depth: depth + 1) else { break }
            blocks.append(block)
        }
        return blocks
    }

    // MARK: Inlines

    private mutating func inlines(of leaf: Node) -> [MarkdownInline] {
        let place = Self.location(leaf)
        let last = max(place.line, Int(cmark_node_get_end_line(leaf)))
        let start = source.offset(of: place)
        var finder = CodeSpanFinder(source, in: start..<max(start, source.start(ofLine: last + 1)))
        return inlines(of: leaf, finder: &finder, fallback: place, depth: 0)
    }

    private mutating func inlines(
        of parent: Node, finder: inout CodeSpanFinder, fallback: SourceLocation, depth: Int
    ) -> [MarkdownInline] {
        guard depth < Self.deepest else {
            log.add(.tooDeep, at: fallback, "emphasis, links and images are nested more than \(Self.deepest) deep")
            return []
        }
        var inlines: [MarkdownInline] = []
        // cmark splits text at every bracket; one run of text is one value here.
        var text = ""
        for node in Self.children(of: parent) {
            let type = cmark_node_get_type(node)
            if type == CMARK_NODE_TEXT {
                text += Self.literal(node)
                continue
            }
            if !text.isEmpty { inlines.append(.text(text)) }
            text = ""
            switch type {
            case CMARK_NODE_SOFTBREAK: inlines.append(.softBreak)
            case CMARK_NODE_LINEBREAK: inlines.append(.lineBreak)
            case CMARK_NODE_CODE: inlines.append(code(Self.literal(node), finder: &finder, fallback: fallback))
            case CMARK_NODE_HTML_INLINE: inlines.append(.html(Self.literal(node)))
            case CMARK_NODE_EMPH:
                inlines.append(.emphasis(self.inlines(of: node, finder: &finder, fallback: fallback, depth: depth + 1)))
            case CMARK_NODE_STRONG:
                inlines.append(.strong(self.inlines(of: node, finder: &finder, fallback: fallback, depth: depth + 1)))
            case CMARK_NODE_LINK:
                inlines.append(
                    .link(
                        destination: Self.text(cmark_node_get_url(node)), title: Self.text(cmark_node_get_title(node)),
                        self.inlines(of: node, finder: &finder, fallback: fallback, depth: depth + 1)))
            case CMARK_NODE_IMAGE:
                let place = finder.nextImage().map(source.location(at:)) ?? fallback
                inlines.append(
                    .image(
                        source: Self.text(cmark_node_get_url(node)), title: Self.text(cmark_node_get_title(node)),
                        alt: self.inlines(of: node, finder: &finder, fallback: fallback, depth: depth + 1),
                        location: place))
            default: preconditionFailure("cmark gave an inline of type \(type.rawValue)")
            }
        }
        if !text.isEmpty { inlines.append(.text(text)) }
        return inlines
    }

    /// A code span: a computed value, or code.
    private mutating func code(_ content: String, finder: inout CodeSpanFinder, fallback: SourceLocation)
        -> MarkdownInline
    {
        let range = finder.next(content)
        guard InlineValueSyntax.isMeant(content) else { return .code(content) }
        switch InlineValueSyntax.parts(of: content) {
        case .failure(let malformed):
            let brace = range.flatMap { range in source.bytes[range].firstIndex(of: UInt8(ascii: "{")) }
            log.add(
                .malformedValue, at: brace.map(source.location(at:)) ?? fallback, malformed.problem,
                help: "write `\(InlineValueSyntax.example)`; the format is optional")
            return .code(content)
        case .success(let parts):
            let path = range.flatMap { source.firstOffset(of: parts.path, in: $0) }
            let bar = range.flatMap { range in source.bytes[range].firstIndex(of: UInt8(ascii: "|")) }
            let format = range.flatMap { range in
                bar.flatMap { source.firstOffset(of: parts.format, in: $0..<range.upperBound) }
            }
            return .value(
                InlineValue(
                    path: parts.path, format: parts.format, location: path.map(source.location(at:)) ?? fallback,
                    formatLocation: format.map(source.location(at:))))
        }
    }
}

extension SourceText {
    /// Where a text first stands within a range of bytes.
    func firstOffset(of text: String, in range: Range<Int>) -> Int? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, range.count >= wanted.count else { return nil }
        return (range.lowerBound...(range.upperBound - wanted.count)).first { offset in
            bytes[offset] == first && bytes[offset..<(offset + wanted.count)].elementsEqual(wanted)
        }
    }
}
