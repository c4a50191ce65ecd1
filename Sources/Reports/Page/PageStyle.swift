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
        let style = "\n" + Self.trimmed(css) + "\n"
        let code = "\n" + Self.trimmed(script) + "\n"
        element = "<style>\(style)</style>"
        self.script = script.isEmpty ? "" : "<script>\(code)</script>"
        let allowed = script.isEmpty ? "" : "script-src 'sha256-\(SHA256.digest(of: code).base64)'; "
        let content =
            "default-src 'none'; \(allowed)style-src 'sha256-\(SHA256.digest(of: style).base64)'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"\(content)\">"
    }

    /// Code without indents, empty lines, and lines that are a comment alone.
    private static func trimmed(_ code: String) -> String {
        // By bytes: a page's style and script are most of what a small page costs.
        var lines: [String] = []
        for line in code.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let bytes = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let text = String(Substring(bytes))
            let isComment = text.hasPrefix("// ") || text.hasPrefix("/* ") && text.hasSuffix(" */")
            if !text.isEmpty, !isComment { lines.append(text) }
        }
        return lines.joined(separator: "\n")
    }
}
