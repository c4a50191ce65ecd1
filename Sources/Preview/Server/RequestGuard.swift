/// Who may ask a preview for something: a browser on this machine that was shown the token.
package struct RequestGuard: Sendable {
    /// Where a request says that it comes from.
    package struct Request: Sendable {
        package var host: String?
        package var origin: String?
        package var cookies: String?
        /// The token in the address.
        package var query: String?
        /// The token in a header, which no other site's page can set.
        package var header: String?
        package var writes = false

        package init(
            host: String?, origin: String? = nil, cookies: String? = nil, query: String? = nil, header: String? = nil,
            writes: Bool = false
        ) {
            (self.host, self.origin, self.cookies) = (host, origin, cookies)
            (self.query, self.header, self.writes) = (query, header, writes)
        }
    }

    /// What becomes of a request.
    package enum Verdict: Equatable {
        case allowed
        /// The address holds the token: the answer sets a cookie, and leads on to the address without it.
        case welcome
        case refused(String)
    }

    /// The header in which a page says the token.
    static let header = "X-Patchbook-Token"

    let token: String
    /// The name of the cookie; cookies are shared by all servers of a host.
    let cookie: String

    package init(token: String, cookie: String) {
        self.token = token
        self.cookie = cookie
    }

    /// What becomes of a request.
    package func verdict(on request: Request) -> Verdict {
        guard let host = request.host, Self.isLoopback(host) else {
            return .refused("this preview answers on 127.0.0.1 and localhost only")
        }
        if let origin = request.origin, origin != "http://\(host)" {
            return .refused("this preview answers its own pages only, not those of \(origin)")
        }
        if request.writes {
            return isToken(request.header)
                ? .allowed : .refused("a request that changes something must carry the token")
        }
        if isToken(request.query) { return .welcome }
        let cookies = (request.cookies ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
        if cookies.contains(where: { $0.hasPrefix("\(cookie)=") && isToken(String($0.dropFirst(cookie.count + 1))) }) {
            return .allowed
        }
        return .refused("open the whole address that the terminal shows: it holds a token")
    }

    /// Whether a host is this machine by its own name, whatever the port: a tunnel may lead from another one.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isPort = parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { ("0"..."9").contains($0) })
        return isPort && ["127.0.0.1", "localhost"].contains(parts[0])
    }

    /// Compares in a time that does not tell where the first difference is.
    private func isToken(_ text: String?) -> Bool {
        guard let text, text.utf8.count == token.utf8.count else { return false }
        return zip(text.utf8, token.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
