import Preview
import Testing

@Suite struct RequestGuardTests {
    private func verdict(_ change: (inout RequestGuard.Request) -> Void) -> RequestGuard.Verdict {
        var request = RequestGuard.Request(host: "127.0.0.1:4000", cookies: "a=b; patchbook-1=c0ffee")
        change(&request)
        return RequestGuard(token: "c0ffee", cookie: "patchbook-1").verdict(on: request)
    }

    private func isRefused(_ change: (inout RequestGuard.Request) -> Void) -> Bool {
        if case .refused = verdict(change) { true } else { false }
    }

    @Test func `a page of this machine with the cookie is answered`() {
        #expect(verdict { _ in } == .allowed)
        #expect(verdict { $0.host = "localhost" } == .allowed)
        #expect(verdict { $0.origin = "http://127.0.0.1:4000" } == .allowed)
    }

    @Test(arguments: [
        nil, "", "example.org", "127.0.0.1.example.org", "127.0.0.1:4000@example.org", "localhost:80x", "[::1]:4000",
        "0.0.0.0:4000", "LOCALHOST.example.org:4000",
    ])
    func `a foreign host is refused`(_ host: String?) { #expect(isRefused { $0.host = host }) }

    @Test(arguments: [
        "http://example.org", "null", "https://127.0.0.1:4000", "http://127.0.0.1:4001", "http://localhost:4000",
        "http://127.0.0.1:4000.example.org", "",
    ])
    func `a foreign origin is refused`(_ origin: String) { #expect(isRefused { $0.origin = origin }) }

    @Test(arguments: [nil, "", "patchbook-1=", "patchbook-1=c0ffe", "patchbook-1=c0ffef", "patchbook-2=c0ffee"])
    func `nothing is read without the token`(_ cookies: String?) {
        #expect(isRefused { $0.cookies = cookies })
        #expect(
            isRefused {
                $0.cookies = cookies
                $0.query = "wrong"
            })
        #expect(
            verdict {
                $0.cookies = cookies
                $0.query = "c0ffee"
            } == .welcome)
    }

    @Test(arguments: [nil, "", "c0ffe", "C0FFEE"])
    func `nothing is changed without the token in a header, whatever the cookie`(_ header: String?) {
        #expect(
            isRefused {
                $0.writes = true
                $0.query = "c0ffee"
                $0.header = header
            })
    }

    @Test func `a page that says the token may change something`() {
        #expect(
            verdict {
                $0.writes = true
                $0.header = "c0ffee"
            } == .allowed)
    }
}
