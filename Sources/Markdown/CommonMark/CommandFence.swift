/// A top-level fence whose info string is `{name}`.
package struct CommandFence {
    package let name: String
    /// The opening fence.
    package let location: SourceLocation
    /// The lines between the fences, counted from 1.
    package let body: Range<Int>
    package let isClosed: Bool

    /// The fence of a node; nil for any other node.
    init?(_ node: CMarkNode, in text: MarkdownText) {
        guard node.kind == .code, let name = Self.name(node.info) else { return nil }
        let source = text.source
        let place = text.location(node)
        let start = source.offset(of: place)
        let fence = source.bytes[start]
        let length = source.bytes[start...].prefix { $0 == fence }.count
        let first = place.line + 1
        let last = first + node.literal.utf8.count { $0 == UInt8(ascii: "\n") }
        let closing = source.bytes[source.range(ofLine: last)].drop { $0 == UInt8(ascii: " ") }
        let run = closing.prefix { $0 == fence }.count
        self.name = name
        location = place
        isClosed =
            last <= source.lineCount && run >= length
            && closing.dropFirst(run).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        body = first..<min(last, source.lineCount + 1)
    }

    /// The name of a command in a fence's info string.
    static func name(_ info: String) -> String? {
        guard info.utf8.count > 2, info.hasPrefix("{"), info.hasSuffix("}") else { return nil }
        let name = info.dropFirst().dropLast()
        return name.contains { $0.isWhitespace || "{}=.#".contains($0) } ? nil : String(name)
    }
}
