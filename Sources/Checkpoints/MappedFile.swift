import Foundation
import JSON
import Numerics

/// A file mapped read-only into memory, for as long as the object lives.
///
/// The pages go with the object, and an object may go right after its last use: so bytes are read inside ``read(_:_:)``, or
/// through a view whose owner is this object.
final class MappedFile: PageOwner, @unchecked Sendable {
    /// The path as it was asked for; messages name it.
    let path: String
    private let bytes: UnsafeRawBufferPointer

    /// Bytes in the file.
    var count: Int { bytes.count }

    /// - Throws: ``CheckpointError`` when the file is missing, a folder, empty or cannot be read.
    init(path: String) throws(CheckpointError) {
        self.path = path
        // Without blocking, so that a named pipe is refused below rather than waited for.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK)
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

    /// Reads a part of the file, which the caller has checked to lie inside.
    func read<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(self) { () throws(Failure) -> Result in try body(view(range)) }
    }

    /// A part of the file, valid for as long as this object lives; the caller has checked that `range` lies inside.
    func view(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

    /// Gives the whole pages inside `part` back to the system; they are clean, so reading fetches the same bytes again.
    func release(_ part: UnsafeRawBufferPointer) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard let start = part.baseAddress, page > 0 else { return }
        let first = (Int(bitPattern: start) + page - 1) / page * page
        let end = (Int(bitPattern: start) + part.count) / page * page
        guard end > first else { return }
        madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_DONTNEED)
    }

    /// A copy of the whole file.
    func contents() -> [UInt8] { read(0..<count) { Array($0) } }

    /// The whole file as JSON.
    /// - Throws: ``CheckpointError`` when it is none.
    func json() throws(CheckpointError) -> JSON {
        do { return try read(0..<count) { bytes throws(JSONError) in try JSON.parse(bytes) } } catch {
            throw CheckpointError(file: path, problem: "is not JSON: \(error)")
        }
    }
}
