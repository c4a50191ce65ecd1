import Digests

/// The page's one style element, and the policy that allows it and nothing else.
struct PageStyle {
    /// `<style>…</style>`
    let element: String
    /// `<meta http-equiv="Content-Security-Policy" …>`
    let policy: String

    init(css: String) {
        let text = "\n" + css.replacing("\r\n", with: "\n") + "\n"
        element = "<style>\(text)</style>"
        let digest = SHA256.digest(of: text).base64
        let content =
            "default-src 'none'; style-src 'sha256-\(digest)'; img-src data:; base-uri 'none'; form-action 'none'"
        policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"\(content)\">"
    }
}
