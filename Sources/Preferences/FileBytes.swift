import CZlib

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file's bytes in pieces, unpacked where the file is gzip, which its first two bytes say.
struct FileBytes {
    typealias Problem = PairFileError.Problem

    let path: String
    /// The most bytes, unpacked, that are handed on.
    let limit: Int

    /// Goes through the file once.
    /// - Throws: what the system, gzip's checks or the limit object to, and what `body` throws.
    func forEachPiece(_ body: (ArraySlice<UInt8>) throws(PairFileError) -> Void) throws(PairFileError) {
        guard let file = fopen(path, "rb") else { throw error(.unreadable(reason: reason)) }
        defer { fclose(file) }
        var total = 0
        func hand(on piece: ArraySlice<UInt8>) throws(PairFileError) {
            total += piece.count
            if total > limit { throw error(.tooLarge(limit: limit)) }
            try body(piece)
        }

        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var piece = try read(file, into: &buffer)
        guard piece.starts(with: [0x1F, 0x8B]) else {
            while !piece.isEmpty {
                try hand(on: piece)
                piece = try read(file, into: &buffer)
            }
            return
        }
        var stream = z_stream()
        try withUnsafeMutablePointer(to: &stream) { stream throws(PairFileError) in
            guard var gunzip = Gunzip(stream) else { throw error(.unreadable(reason: "zlib cannot start")) }
            defer { inflateEnd(stream) }
            while !piece.isEmpty {
                if let problem = try gunzip.unpack(piece, hand) { throw error(problem) }
                piece = try read(file, into: &buffer)
            }
            if gunzip.isInsideMember { throw error(.truncatedGzip) }
        }
    }

    private func read(_ file: UnsafeMutablePointer<FILE>, into buffer: inout [UInt8]) throws(PairFileError)
        -> ArraySlice<
            UInt8
        >
    {
        let count = fread(&buffer, 1, buffer.count, file)
        if ferror(file) != 0 { throw error(.unreadable(reason: reason)) }
        return buffer[..<count]
    }

    private var reason: String { String(cString: strerror(errno)) }

    private func error(_ problem: Problem) -> PairFileError { PairFileError(file: path, problem: problem) }
}

/// Unpacks gzip members, one after another, RFC 1952; zlib checks each one's length and sum.
private struct Gunzip {
    /// Whether bytes of a member have come, but not its end.
    private(set) var isInsideMember = false

    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)

    /// A window of 32 KiB; the 16 asks for gzip's header instead of zlib's.
    init?(_ stream: UnsafeMutablePointer<z_stream>) {
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        self.stream = stream
    }

    /// Unpacks a piece, and says what is wrong with it.
    mutating func unpack(
        _ input: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(PairFileError) -> Void
    ) throws(PairFileError) -> PairFileError.Problem? {
        var rest = input
        while true {
            let (status, consumed, produced) = step(rest)
            rest = rest.dropFirst(consumed)
            if consumed > 0 { isInsideMember = true }
            if produced > 0 { try body(output[..<produced]) }
            switch status {
            case Z_STREAM_END:
                isInsideMember = false
                inflateReset(stream)
                if rest.isEmpty { return nil }
            case Z_OK: continue
            case Z_BUF_ERROR: return nil  // All input is used up, and all output handed on.
            default:
                return .corruptGzip(detail: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(status)")
            }
        }
    }

    private mutating func step(_ input: ArraySlice<UInt8>) -> (status: Int32, consumed: Int, produced: Int) {
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let status = inflate(stream, Z_NO_FLUSH)
                return (
                    status, input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
                )
            }
        }
    }
}
