import Digests

/// The page's one style element and its one script, and the policy that allows these two and nothing else.
struct PageStyle {
    /// `<style>…</style>`
    let element: String
    /// `<script>…</script>`; empty for a page without one.
    let script: String
    /// `<meta http-equiv="Content-Security-Policy" …>`
    let policy: String

    /// - Parameter script: empty for none.
    init(css: String, script: String) {
        let style = "\n" + Self.compact(css) + "\n"
        let code = "\n" + Self.trimmed(script) + "\n"
        element = "<style>\(style)</style>"
        self.script = script.isEmpty ? "" : "<script>\(code)</script>"
        let allowed = script.isEmpty ? "" : "script-src 'sha256-\(SHA256.digest(of: code).base64)'; "
        let content =
            "default-src 'none'; \(allowed)style-src 'sha256-\(SHA256.digest(of: style).base64)'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"\(content)\">"
    }

    /// A style sheet without comments and needless spaces.
    private static func compact(_ css: String) -> String {
        var out: [UInt8] = []
        var rest = Array(css.utf8)[...]
        var isSpaced = false
        var quote: UInt8?
        while let byte = rest.popFirst() {
            if let end = quote {
                out.append(byte)
                if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() { out.append(escaped) }
                if byte == end { quote = nil }
                continue
            }
            if byte == UInt8(ascii: "/"), rest.first == UInt8(ascii: "*") {
                rest.removeFirst()
                while let next = rest.popFirst(), next != UInt8(ascii: "*") || rest.first != UInt8(ascii: "/") {}
                rest = rest.dropFirst()
                isSpaced = true
                continue
            }
            if " \t\r\n".utf8.contains(byte) {
                isSpaced = true
                continue
            }
            if isSpaced, let last = out.last, !"{};,:>".utf8.contains(last), !"{};,>".utf8.contains(byte) {
                out.append(UInt8(ascii: " "))
            }
            isSpaced = false
            if byte == UInt8(ascii: "}"), out.last == UInt8(ascii: ";") { out.removeLast() }
            // `0.5` is `.5`, except where the zero ends a number or a name.
            if byte == UInt8(ascii: "0"), rest.first == UInt8(ascii: "."), let last = out.last,
                " :,(".utf8.contains(last)
            {
                continue
            }
            out.append(byte)
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() { out.append(escaped) }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A script without indents, empty lines, and lines that are a comment alone.
    private static func trimmed(_ code: String) -> String {
        // By bytes, because a page's style and script are most of what a small page costs.
        var lines: [String] = []
        for line in code.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let bytes = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let text = String(Substring(bytes))
            if !text.isEmpty, !text.hasPrefix("// ") { lines.append(text) }
        }
        return lines.joined(separator: "\n")
    }
}
