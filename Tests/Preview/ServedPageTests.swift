import Preview
import Testing

@Suite struct ServedPageTests {
    private func served(_ policy: String) -> ServedPage {
        ServedPage(
            "<html><head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n</head><body>x</body></html>\n",
            nonce: "N", attributes: [("version", "3")])
    }

    @Test func `the page's policy becomes a header that allows the preview's script and style as well`() {
        let page = served("default-src 'none'; style-src 'sha256-abc='; img-src data:; base-uri 'none'")
        #expect(
            page.policy
                == "default-src 'none'; style-src 'sha256-abc=' 'nonce-N'; img-src data:; base-uri 'none'; "
                + "script-src 'nonce-N'; connect-src 'self'; frame-ancestors 'none'")
        #expect(!page.html.contains("Content-Security-Policy"))
        #expect(page.html.hasPrefix("<html><head>\n\n</head><body>x</body></html>\n<link "))
        #expect(page.html.hasSuffix("nonce=\"N\" data-preview data-version=\"3\"></script>\n"))
    }

    @Test func `a script that the page allows stays allowed, and nothing becomes looser`() {
        let page = served("default-src 'none'; script-src 'sha256-s='; style-src 'sha256-abc='; connect-src 'none'")
        #expect(
            page.policy
                == "default-src 'none'; script-src 'sha256-s=' 'nonce-N'; style-src 'sha256-abc=' 'nonce-N'; "
                + "connect-src 'self'; frame-ancestors 'none'")
    }

    @Test func `a page without a policy gets none`() {
        let page = ServedPage("<p>x</p>\n", nonce: "N", attributes: [])
        #expect(page.policy == "frame-ancestors 'none'")
        #expect(page.html.hasPrefix("<p>x</p>\n"))
    }
}
