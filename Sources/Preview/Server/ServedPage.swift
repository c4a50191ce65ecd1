import Foundation

/// A page as the preview serves it: what `render` would write, with the preview's own script and style after it.
///
/// The policy that the page holds becomes a header, which allows those two as well, and requests to the server that the page came from.
package struct ServedPage: Sendable {
    package let html: String
    package let policy: String

    private static let start = "<meta http-equiv=\"Content-Security-Policy\" content=\""
    private static let end = "\">"

    /// - Parameters:
    ///   - nonce: allows the preview's script and style, and nothing else.
    ///   - attributes: what the script reads, by name.
    package init(_ page: String, nonce: String, attributes: [(name: String, value: String)]) {
        var page = page
        var directives: [(name: String, sources: [String])] = []
        if let from = page.range(of: Self.start),
            let to = page.range(of: Self.end, range: from.upperBound..<page.endIndex)
        {
            directives = page[from.upperBound..<to.lowerBound].split(separator: ";").compactMap { directive in
                let words = directive.split(separator: " ").map(String.init)
                return words.first.map { ($0, Array(words.dropFirst())) }
            }
            page.removeSubrange(from.lowerBound..<to.upperBound)
            Self.allow("'nonce-\(nonce)'", in: "script-src", of: &directives)
            Self.allow("'nonce-\(nonce)'", in: "style-src", of: &directives)
            Self.allow("'self'", in: "connect-src", of: &directives)
        }
        directives.append(("frame-ancestors", ["'none'"]))
        policy = directives.map { ([$0.name] + $0.sources).joined(separator: " ") }.joined(separator: "; ")
        let told = attributes.map { " data-\($0.name)=\"\($0.value)\"" }.joined()
        html =
            page + "<link rel=\"stylesheet\" href=\"/-/preview.css\" nonce=\"\(nonce)\" data-preview>"
            + "<script src=\"/-/preview.js\" nonce=\"\(nonce)\" data-preview\(told)></script>\n"
    }

    private static func allow(
        _ source: String, in name: String, of directives: inout [(name: String, sources: [String])]
    ) {
        if let index = directives.firstIndex(where: { $0.name == name }) {
            directives[index].sources = directives[index].sources.filter { $0 != "'none'" } + [source]
        } else {
            directives.append((name, [source]))
        }
    }
}
