/// Where a link may lead from a report: the web, a mail address, or a place beside the page.
enum LinkDestination {
    private static let schemes = ["http", "https", "mailto"]

    /// What may stand in `href`, percent-encoded as CommonMark's reference renderer does and escaped; `nil` for a link that must not be followed.
    static func href(_ destination: String) -> String? {
        // Browsers ignore these when they look for a scheme, so `java\nscript:` must not hide behind them.
        let seen = destination.unicodeScalars.drop { $0.value <= 0x20 }
        let bare = String(String.UnicodeScalarView(seen.filter { $0 != "\t" && $0 != "\n" && $0 != "\r" }))
        if let scheme = scheme(of: bare), !schemes.contains(scheme) { return nil }
        return encoded(bare)
    }

    /// What leads to a file beside the page, whatever characters its name holds.
    static func href(file: String) -> String {
        let name = file.replacing("%", with: "%25").replacing("#", with: "%23").replacing("?", with: "%3F")
        return "./" + encoded(name)
    }

    /// Whether the destination names its own host, so that loading it would send a request.
    static func isRemote(_ destination: String) -> Bool {
        let bare = destination.unicodeScalars.drop { $0.value <= 0x20 }
        return scheme(of: String(bare)) != nil || String(bare).hasPrefix("//")
    }

    /// The scheme in small letters (RFC 3986, 3.1); `nil` for a relative reference.
    private static func scheme(of text: String) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = text.utf8[..<colon]
        guard let first = name.first, isLetter(first) else { return nil }
        guard name.allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }) else { return nil }
        return String(decoding: name.map { $0 | (isLetter($0) ? 0x20 : 0) }, as: UTF8.self)
    }

    private static func encoded(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            if isLetter(byte) || isDigit(byte) || "-_.+!*(),%#@?=;:/$~".utf8.contains(byte) {
                out.append(byte)
            } else if byte == UInt8(ascii: "&") {
                out += "&amp;".utf8
            } else if byte == UInt8(ascii: "'") {
                out += "&#39;".utf8
            } else {
                out += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
