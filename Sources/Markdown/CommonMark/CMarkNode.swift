import CCMark
import Values

/// What parses Markdown.
public enum MarkdownLibrary {
    /// Its name and version: `cmark 0.30.2`.
    public static var name: String { "cmark " + String(cString: cmark_version_string()) }
}

/// A node of cmark's tree, valid while its document lives; the only file that sees cmark's pointers.
struct CMarkNode {
    enum Kind: Equatable {
        case paragraph, quote, item, code, html, thematicBreak
        case heading(level: Int)
        case list(start: Int?, isTight: Bool)
        case text, softBreak, lineBreak, inlineCode, inlineHTML, emphasis, strong, link, image
        case other(UInt32)
    }

    private let pointer: OpaquePointer

    /// Parses CommonMark and frees the tree when its use is over.
    static func withDocument<Result>(_ bytes: [UInt8], _ use: (CMarkNode) -> Result) -> Result {
        let document = bytes.withUnsafeBytes { buffer in
            cmark_parse_document(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, CMARK_OPT_DEFAULT)
        }
        guard let document else { preconditionFailure("cmark returned no document") }
        defer { cmark_node_free(document) }
        return use(CMarkNode(pointer: document))
    }

    /// The nodes right below this one, one after the other.
    var children: some Sequence<CMarkNode> {
        sequence(state: cmark_node_first_child(pointer)) { next in
            guard let child = next else { return nil }
            next = cmark_node_next(child)
            return CMarkNode(pointer: child)
        }
    }

    var kind: Kind {
        switch cmark_node_get_type(pointer) {
        case CMARK_NODE_PARAGRAPH: .paragraph
        case CMARK_NODE_HEADING: .heading(level: Int(cmark_node_get_heading_level(pointer)))
        case CMARK_NODE_BLOCK_QUOTE: .quote
        case CMARK_NODE_LIST:
            .list(
                start: cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST
                    ? Int(cmark_node_get_list_start(pointer)) : nil,
                isTight: cmark_node_get_list_tight(pointer) != 0)
        case CMARK_NODE_ITEM: .item
        case CMARK_NODE_CODE_BLOCK: .code
        case CMARK_NODE_HTML_BLOCK: .html
        case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
        case CMARK_NODE_TEXT: .text
        case CMARK_NODE_SOFTBREAK: .softBreak
        case CMARK_NODE_LINEBREAK: .lineBreak
        case CMARK_NODE_CODE: .inlineCode
        case CMARK_NODE_HTML_INLINE: .inlineHTML
        case CMARK_NODE_EMPH: .emphasis
        case CMARK_NODE_STRONG: .strong
        case CMARK_NODE_LINK: .link
        case CMARK_NODE_IMAGE: .image
        case let type: .other(type.rawValue)
        }
    }

    /// The first line, counted from 1.
    var firstLine: Int { max(1, Int(cmark_node_get_start_line(pointer))) }
    /// The last line, counted from 1.
    var lastLine: Int { max(firstLine, Int(cmark_node_get_end_line(pointer))) }
    /// The column of the first byte, counted from 1.
    var firstColumn: Int { max(1, Int(cmark_node_get_start_column(pointer))) }
    /// A fence's info string.
    var info: String { Self.text(cmark_node_get_fence_info(pointer)) }
    /// Where a link or a picture leads.
    var destination: String { Self.text(cmark_node_get_url(pointer)) }
    /// The title of a link or a picture.
    var title: String { Self.text(cmark_node_get_title(pointer)) }

    /// The text of a leaf, with LF line ends.
    var literal: String {
        let text = Self.text(cmark_node_get_literal(pointer))
        guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
        var lines = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\r" { lines.append("\n") } else if scalar != "\n" || previous != "\r" { lines.append(scalar) }
            previous = scalar
        }
        return String(lines)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        var length = 0
        while pointer[length] != 0 { length += 1 }
        return String(decoding: UnsafeRawBufferPointer(start: pointer, count: length), as: UTF8.self)
    }
}
