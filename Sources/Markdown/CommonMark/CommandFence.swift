/// A top-level fence whose info string is `{name}`, or begins with a brace and means to be.
package struct CommandFence {
    package let name: String
    /// The opening fence with its info string.
    package let location: SourceLocation
    /// The name in the opening fence.
    package let nameLocation: SourceLocation
    /// The lines between the fences, counted from 1.
    package let body: Range<Int>
    package let isClosed: Bool

    /// The fence of a node; nil for any other node, and after adding a problem for braces that hold no name.
    init?(_ node: CMarkNode, in text: MarkdownText, log: inout ProblemLog) {
        guard node.kind == .code, let info = Info(node.info) else { return nil }
        let source = text.source
        let place = text.location(node)
        let start = source.offset(of: place)
        let fence = source.bytes[start]
        let length = source.bytes[start...].prefix { $0 == fence }.count
        let opening = start..<source.content(ofLine: place.line).upperBound
        location = source.location(of: opening)
        let written = source.firstOffset(of: info.written, in: opening).map { $0..<opening.upperBound } ?? opening
        if !info.isExact {
            log.add(
                .badFence, at: source.location(of: written),
                "a command's fence holds its name in braces and nothing else, found '\(info.written.shortened)'",
                replacements: info.name.isEmpty ? [] : ["{\(info.name)}"],
                help: "write ```{name}; options stand on the lines below, and a listing's language has no braces")
            if info.name.isEmpty { return nil }
        }
        name = info.name
        nameLocation =
            source.firstOffset(of: info.name, in: written).map { source.location(at: $0, length: info.name.utf8.count) }
            ?? location
        let first = place.line + 1
        let last = first + node.literal.utf8.count { $0 == UInt8(ascii: "\n") }
        let closing = source.bytes[source.range(ofLine: last)].drop { $0 == UInt8(ascii: " ") }
        let run = closing.prefix { $0 == fence }.count
        isClosed =
            last <= source.lineCount && run >= length
            && closing.dropFirst(run).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        body = first..<min(last, source.lineCount + 1)
    }

    /// An info string that begins with a brace.
    struct Info {
        let written: String
        /// The first word in the braces; empty when there is none.
        let name: String
        /// Whether it is `{name}` and nothing else.
        let isExact: Bool

        init?(_ info: String) {
            guard info.utf8.first == UInt8(ascii: "{") else { return nil }
            written = info
            let inner = info.dropFirst().drop(while: \.isWhitespace)
            name = String(inner.prefix { !$0.isWhitespace && !"{}=.#,:".contains($0) })
            isExact = !name.isEmpty && info == "{\(name)}"
        }
    }
}
