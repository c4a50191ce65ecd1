import Digests

/// Digests of files; a store remembers them, so that a large file is not read again while it stays as it is.
public protocol FileDigests: Sendable {
    /// SHA-256 of a file's bytes, as 64 hexadecimal digits.
    /// - Throws: an error that names the file.
    func digest(ofFile path: String) throws -> String
}

/// Digests that are taken again each time.
public struct PlainFileDigests: FileDigests {
    /// Remembers nothing.
    public init() {}

    /// Reads the whole file.
    public func digest(ofFile path: String) throws -> String { try SHA256.digest(ofFile: path).hex }
}

/// What a command has at hand to say what its result depends on outside the notebook: paths and digests, and nothing to compute with.
public struct InputReader: Sendable {
    /// How paths in this notebook are resolved.
    public let project: Project
    let files: any FileDigests

    /// A reader of a project's files.
    public init(project: Project, files: any FileDigests = PlainFileDigests()) {
        self.project = project
        self.files = files
    }

    /// The digest of files that belong together: one file's own SHA-256, or the SHA-256 over the digests of several, in order, a
    /// line each.
    /// - Throws: an error that names the file that cannot be read.
    public func digest(ofFiles paths: [String]) throws -> String {
        if paths.count == 1 { return try files.digest(ofFile: paths[0]) }
        return SHA256.digest(of: try paths.map { try files.digest(ofFile: $0) }.joined(separator: "\n")).hex
    }
}
