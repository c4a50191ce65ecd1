#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SHA256 {
    /// The digest of a file's bytes.
    /// - Throws: ``FileDigestError`` when there is not a regular file that can be read.
    public static func digest(ofFile path: String) throws(FileDigestError) -> SHA256Digest {
        // Without blocking, so that a named pipe is refused rather than waited for.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileDigestError(path: path, problem: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileDigestError(path: path, problem: "it is not a regular file")
        }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw FileDigestError(path: path, problem: String(cString: strerror(errno))) }
            guard count > 0 else { return hash.finish() }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}

/// A file whose bytes cannot be digested.
public struct FileDigestError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// Why, in the system's words.
    public let problem: String

    /// The sentence for the reader.
    public var description: String { "'\(path)' cannot be read: \(problem)" }
}
