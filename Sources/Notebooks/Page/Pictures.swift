import Foundation
import Markdown

/// Reads the pictures that lie beside a notebook, so that a page needs no file but itself.
public struct Pictures {
    /// The largest picture, and the most that a notebook's pictures hold together, in bytes.
    public static let largest = 1 << 20
    static let most = 8 << 20

    private let project: Project
    private var bytes = 0
    private var known: [String: String] = [:]

    /// The pictures of a project.
    public init(_ project: Project) { self.project = project }

    /// A picture that a page cannot hold.
    public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        let code: DiagnosticCode
        let sentence: String
        var replacements: [String] = []
        var help: String?
        /// The error as a sentence.
        public var description: String { sentence }
    }

    /// The `data:` address that holds a picture, from its address as written.
    public mutating func address(_ source: String) throws(Problem) -> String {
        if let address = known[source] { return address }
        let path = source.removingPercentEncoding ?? source
        let shown = path.shortened
        let file: String
        do {
            file = try project.resolve(path)
        } catch {
            throw Problem(
                code: error.target == nil ? .badPicture : .outsideProject, sentence: error.description, help: error.help
            )
        }
        guard let bytes = RegularFile.bytes(file, atMost: Self.largest) else {
            throw Problem(
                code: .badPicture, sentence: RegularFile.problem(file, named: shown, atMost: Self.largest),
                replacements: RegularFile.exists(file) ? [] : project.near(path))
        }
        guard let type = Self.type(of: bytes) else {
            throw Problem(
                code: .badPicture, sentence: "'\(shown)' is not a PNG, JPEG, GIF or WebP picture",
                help: path.lowercased().hasSuffix(".svg")
                    ? "an SVG file can hold scripts: make a PNG of it" : "its first bytes tell what a file is")
        }
        self.bytes += bytes.count
        guard self.bytes <= Self.most else {
            throw Problem(
                code: .badPicture, sentence: "the notebook's pictures hold more than \(Self.most) bytes together")
        }
        let address = "data:image/\(type);base64,\(Data(bytes).base64EncodedString())"
        known[source] = address
        return address
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
