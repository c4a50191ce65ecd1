#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file's bytes in pieces, unpacked where the file is gzip or zstd, which its first bytes say.
struct FileBytes {
    typealias Problem = PairFileError.Problem

    let path: String
    /// The most bytes, unpacked, that are produced.
    let limit: Int

    /// Goes through the file once, until `body` answers false.
    /// - Throws: what the system, the packing's checks or the limit object to, and what `body` throws.
    func forEachPiece(_ body: (ArraySlice<UInt8>) throws(PairFileError) -> Bool) throws(PairFileError) {
        guard let file = fopen(path, "rb") else { throw error(.unreadable(reason: reason)) }
        defer { fclose(file) }
        var total = 0
        var goesOn = true
        func hand(on piece: ArraySlice<UInt8>) throws(PairFileError) {
            guard goesOn else { return }
            total += piece.count
            if total > limit { throw error(.tooLarge(limit: limit)) }
            goesOn = try body(piece)
        }

        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var piece = try read(file, into: &buffer)
        if let table = TableFormat(piece) { throw error(.table(table, path: path)) }
        guard let unpacker = try unpacker(of: piece) else {
            while !piece.isEmpty, goesOn {
                try hand(on: piece)
                piece = try read(file, into: &buffer)
            }
            return
        }
        while !piece.isEmpty, goesOn {
            if let problem = try unpacker.unpack(piece, hand) { throw error(problem) }
            piece = try read(file, into: &buffer)
        }
        if goesOn, unpacker.isInsideMember { throw error(.truncated(unpacker.name)) }
    }

    private func unpacker(of start: ArraySlice<UInt8>) throws(PairFileError) -> (any Unpacker)? {
        if start.starts(with: [0x1F, 0x8B]) {
            guard let gunzip = Gunzip() else { throw error(.unreadable(reason: "zlib cannot start")) }
            return gunzip
        }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            guard let unzstd = Unzstd() else { throw error(.unreadable(reason: "zstd cannot start")) }
            return unzstd
        }
        return nil
    }

    private func read(_ file: UnsafeMutablePointer<FILE>, into buffer: inout [UInt8]) throws(PairFileError)
        -> ArraySlice<UInt8>
    {
        let count = fread(&buffer, 1, buffer.count, file)
        if ferror(file) != 0 { throw error(.unreadable(reason: reason)) }
        return buffer[..<count]
    }

    private var reason: String { String(cString: strerror(errno)) }

    private func error(_ problem: Problem) -> PairFileError { PairFileError(file: path, problem: problem) }
}

/// Unpacks one format, piece by piece.
protocol Unpacker: AnyObject {
    /// The format in words.
    var name: String { get }
    /// Whether bytes of a packed stream have come, but not its end.
    var isInsideMember: Bool { get }
    /// Unpacks a piece, and says what is wrong with it.
    func unpack(_ input: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(PairFileError) -> Void)
        throws(PairFileError) -> PairFileError.Problem?
}

/// Column files, which are not read here.
public enum TableFormat: String, Sendable, Equatable {
    case parquet = "Parquet"
    case arrowFile = "Arrow"
    /// The form in which `datasets` keeps its cache.
    case arrowStream = "Arrow stream"

    /// The format that a file's first bytes say.
    init?(_ start: ArraySlice<UInt8>) {
        if start.starts(with: "PAR1".utf8) {
            self = .parquet
        } else if start.starts(with: "ARROW1".utf8) {
            self = .arrowFile
        } else if start.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) {
            self = .arrowStream
        } else {
            return nil
        }
    }

    /// The shell's line that writes the file's rows as JSON Lines beside it.
    func conversion(of path: String) -> String {
        let table =
            switch self {
            case .parquet: "pyarrow.parquet.read_table(sys.argv[1])"
            case .arrowFile: "pyarrow.ipc.open_file(sys.argv[1]).read_all()"
            case .arrowStream: "pyarrow.ipc.open_stream(sys.argv[1]).read_all()"
            }
        let module = self == .parquet ? "pyarrow.parquet" : "pyarrow.ipc"
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem =
            name.contains(".")
            ? path.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".") : path
        // A shell empties its target before the file is read.
        let target = stem + ".jsonl" == path ? stem + "-rows.jsonl" : stem + ".jsonl"
        func quoted(_ text: String) -> String {
            "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        return "python -c \"import json, sys, \(module); "
            + "[print(json.dumps(row, default=str)) for row in \(table).to_pylist()]\" \(quoted(path)) > \(quoted(target))"
    }
}
