import Foundation
import Markdown

/// Puts the pictures that lie beside a notebook into its prose, so that a page needs no file but itself.
struct Pictures {
    /// The largest picture, and the most that a notebook's pictures hold together, in bytes.
    static let largest = 1 << 20
    static let most = 8 << 20

    private let project: Project
    private var bytes = 0
    private var known: [String: String] = [:]

    init(_ project: Project) { self.project = project }

    /// The blocks with the address of each local picture replaced by a `data:` address that holds it.
    mutating func embedded(_ blocks: [MarkdownBlock], log: inout ProblemLog) -> [MarkdownBlock] {
        blocks.rewritten { inline in
            guard case .image(let source, let title, let alt, let location) = inline,
                let address = address(source, location, &log)
            else { return inline }
            return .image(source: address, title: title, alt: alt, location: location)
        }
    }

    /// The `data:` address of a local picture; nil for one on another host, and after adding a problem to the log.
    private mutating func address(_ source: String, _ place: SourceLocation, _ log: inout ProblemLog) -> String? {
        guard !source.isEmpty, !Self.isRemote(source) else { return nil }
        if let address = known[source] { return address }
        let path = source.removingPercentEncoding ?? source
        let shown = path.shortened
        let file: String
        do {
            file = try project.resolve(path)
        } catch {
            log.add(
                error.target == nil ? .badPicture : .outsideProject, at: place, error.description, help: error.help)
            return nil
        }
        guard let bytes = RegularFile.bytes(file, atMost: Self.largest) else {
            log.add(.badPicture, at: place, RegularFile.problem(file, named: shown, atMost: Self.largest))
            return nil
        }
        guard let type = Self.type(of: bytes) else {
            log.add(
                .badPicture, at: place, "'\(shown)' is no PNG, JPEG, GIF or WebP picture",
                help: path.lowercased().hasSuffix(".svg")
                    ? "an SVG file can hold scripts: make a PNG of it" : "its first bytes tell what a file is")
            return nil
        }
        self.bytes += bytes.count
        guard self.bytes <= Self.most else {
            log.add(.badPicture, at: place, "the notebook's pictures hold more than \(Self.most) bytes together")
            return nil
        }
        let address = "data:image/\(type);base64,\(Data(bytes).base64EncodedString())"
        known[source] = address
        return address
    }

    /// Whether an address names its own scheme or host.
    private static func isRemote(_ source: String) -> Bool {
        if source.hasPrefix("//") { return true }
        guard let colon = source.firstIndex(of: ":") else { return false }
        return source[..<colon].utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "+-.".utf8.contains(byte)
        }
    }

    /// What the first bytes say that a file is.
    private static func type(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "jpeg" }
        if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return "gif" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "webp" }
        return nil
    }
}
