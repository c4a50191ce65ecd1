import CZlib

/// Unpacks gzip members, one after another, RFC 1952; zlib checks each one's length and sum, and zeros after one are padding.
final class Gunzip: Unpacker {
    let name = "gzip"
    private(set) var isInsideMember = false

    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    private var hasEndedMember = false

    /// A window of 32 KiB; the 16 asks for gzip's header instead of zlib's.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func unpack(_ input: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(PairFileError) -> Void)
        throws(PairFileError) -> PairFileError.Problem?
    {
        var rest = input
        while true {
            if hasEndedMember, !isInsideMember {
                rest = rest.drop { $0 == 0 }
                if rest.isEmpty { return nil }
            }
            let (status, consumed, produced) = step(rest)
            rest = rest.dropFirst(consumed)
            if consumed > 0 { isInsideMember = true }
            if produced > 0 { try body(output[..<produced]) }
            switch status {
            case Z_STREAM_END:
                isInsideMember = false
                hasEndedMember = true
                inflateReset(stream)
            case Z_OK: continue
            case Z_BUF_ERROR: return nil  // All input is used up, and all output produced.
            default:
                return .damaged(name, detail: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(status)")
            }
        }
    }

    private func step(_ input: ArraySlice<UInt8>) -> (status: Int32, consumed: Int, produced: Int) {
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
