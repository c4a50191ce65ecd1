import CZstd

/// Unpacks zstd frames, one after another, RFC 8878.
final class Unzstd: Unpacker {
    let name = "zstd"
    private(set) var isInsideMember = false

    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: 1 << 17)

    init?() {
        guard let context = ZSTD_createDCtx() else { return nil }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    func unpack(_ input: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(PairFileError) -> Void)
        throws(PairFileError) -> PairFileError.Problem?
    {
        var rest = input
        while true {
            let (status, consumed, produced) = step(rest)
            if ZSTD_isError(status) != 0 { return .damaged(name, detail: String(cString: ZSTD_getErrorName(status))) }
            rest = rest.dropFirst(consumed)
            if produced > 0 { try body(output[..<produced]) }
            // At the end of a frame the status is 0, and else a hint of what is still to come.
            if consumed > 0 || produced > 0 { isInsideMember = status != 0 }
            if rest.isEmpty, produced < output.count { return nil }
        }
    }

    private func step(_ input: ArraySlice<UInt8>) -> (status: Int, consumed: Int, produced: Int) {
        input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                let status = ZSTD_decompressStream(context, &target, &source)
                return (status, source.pos, target.pos)
            }
        }
    }
}
