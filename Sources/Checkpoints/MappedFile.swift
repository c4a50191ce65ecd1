import Digests
import Foundation

/// A file mapped read-only into memory, for as long as the object lives.
public final class MappedFile: @unchecked Sendable {
    /// The path as it was asked for; messages name it.
    public let path: String
    public let bytes: UnsafeRawBufferPointer

    /// - Throws: ``CheckpointError`` when the file is missing, a folder, empty or cannot be read.
    public init(path: String) throws(CheckpointError) {
        self.path = path
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw CheckpointError(file: path, problem: "cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(file: path, problem: "is not a file")
        }
        let length = Int(status.st_size)
        guard length > 0 else { throw CheckpointError(file: path, problem: "is empty") }
        guard let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw CheckpointError(file: path, problem: "cannot be mapped: \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeRawBufferPointer(start: start, count: length)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

    /// SHA-256 of the whole file.
    public func digest() -> SHA256Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// A part of the file; the caller has checked that `range` lies inside.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
}
