import Digests
import Foundation
import JSON
import Notebooks

/// Finished units as plain files, one a unit: `DIR/KEY/group-12.part`.
///
/// Any number of tasks on any number of machines may write into one folder, a network disk's too: a file is written under another
/// name, flushed, and then renamed, and no file is ever changed. A file begins with one line of JSON that says what it holds.
public struct PartFolder: PartKeeping {
    private let path: String
    private let arithmetic: String

    /// - Parameters:
    ///   - path: the folder, which is made when the first part is written.
    ///   - arithmetic: the library that calculates here (``Notebooks/Catalogue/arithmetic``).
    public init(_ path: String, arithmetic: String) {
        self.path = path
        self.arithmetic = arithmetic
    }

    /// Whether the part is there, sound, and of this version and these kernels.
    public func has(_ name: String, of key: String) throws -> Bool {
        let file = file(name, key)
        guard FileManager.default.fileExists(atPath: file) else { return false }
        return (try? Part(file: file)).map { $0.head == head(name, key, $0.bytes) } ?? false
    }

    /// Writes the part beside its place, flushes it, and puts it in its place.
    public func keep(_ bytes: [UInt8], _ name: String, of key: String) throws {
        let file = file(name, key)
        let folder = (file as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Self.unwritable(folder, error.systemReason)
        }
        let line = Array((head(name, key, bytes).json.text() + "\n").utf8)
        let temporary = folder + "/.\((file as NSString).lastPathComponent).\(UUID().uuidString)"
        do {
            try Self.write(line + bytes, to: temporary)
            guard rename(temporary, file) == 0 else { throw SystemReason() }
            // The new name is on the disk only when its folder is.
            try Self.flush(folder)
        } catch let reason as SystemReason {
            unlink(temporary)
            throw Self.unwritable(file, reason.text)
        }
    }

    /// Hands out every part that is there, some at a time, in the order of their files' names; a file that cannot be used comes with
    /// its reason instead.
    /// - Throws: ``StoreError`` when the folder does not exist, and what `body` throws.
    public func each(_ body: ([(file: String, part: Result<Part, PartProblem>)]) throws -> Void) throws {
        guard let names = FileManager.default.subpaths(atPath: path) else {
            throw StoreError(path: path, problem: "is not a folder of parts")
        }
        var some: [(file: String, part: Result<Part, PartProblem>)] = []
        var bytes = 0
        for name in names.filter({ $0.hasSuffix(".part") && !$0.split(separator: "/").contains { $0.hasPrefix(".") } })
            .sorted()
        {
            let part = part(in: name)
            some.append((name, part))
            bytes += (try? part.get().bytes.count) ?? 0
            if bytes > 1 << 26 {
                try body(some)
                (some, bytes) = ([], 0)
            }
        }
        try body(some)
    }

    private func part(in name: String) -> Result<Part, PartProblem> {
        do throws(PartProblem) {
            let part = try Part(file: path + "/" + name)
            if let difference = part.head.difference(from: head(part.head.name, part.head.key, part.bytes)) {
                throw difference
            }
            return .success(part)
        } catch {
            return .failure(error)
        }
    }

    private func head(_ name: String, _ key: String, _ bytes: [UInt8]) -> PartHead {
        PartHead(
            key: key, name: name, engine: Version.engine, schema: Version.schema, arithmetic: arithmetic,
            sum: SHA256.digest(of: bytes).hex)
    }

    private func file(_ name: String, _ key: String) -> String {
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        return "\(path)/\(key)/\(plain).part"
    }

    // MARK: Files

    /// Why the system refused, taken at once, before another call changes it.
    private struct SystemReason: Error {
        let text = String(cString: strerror(errno))
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemReason) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemReason() }
        defer { close(descriptor) }
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw SystemReason() }
            left = left.dropFirst(max(count, 0))
        }
        guard fsync(descriptor) == 0 else { throw SystemReason() }
    }

    private static func flush(_ folder: String) throws(SystemReason) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemReason() }
        defer { close(descriptor) }
        // Some network disks cannot flush a folder, and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw SystemReason() }
    }

    private static func unwritable(_ path: String, _ reason: String) -> StoreError {
        StoreError(
            path: path, problem: "cannot be written: \(reason)",
            help: "the parts that are there stay; run the same task again when there is room")
    }
}

/// A finished unit out of a file.
public struct Part: Sendable {
    /// What the file's first line says.
    public let head: PartHead
    /// The unit.
    public let bytes: [UInt8]

    /// - Throws: why the file is no part, or not as it was written.
    init(file: String) throws(PartProblem) {
        guard let data = FileManager.default.contents(atPath: file) else { throw .unreadable }
        let all = Array(data)
        guard let end = all.firstIndex(of: UInt8(ascii: "\n")), let json = try? JSON.parse(Array(all[..<end])),
            let head = PartHead(json)
        else { throw .damaged }
        bytes = Array(all[(end + 1)...])
        guard SHA256.digest(of: bytes).hex == head.sum else { throw .damaged }
        self.head = head
    }
}

/// What a part is, by its file's first line.
public struct PartHead: Sendable, Equatable {
    /// The block's key.
    public let key: String
    /// The unit's name.
    public let name: String
    let engine: Int
    let schema: Int
    let arithmetic: String
    /// SHA-256 of the bytes.
    let sum: String

    init(key: String, name: String, engine: Int, schema: Int, arithmetic: String, sum: String) {
        self.key = key
        self.name = name
        self.engine = engine
        self.schema = schema
        self.arithmetic = arithmetic
        self.sum = sum
    }

    init?(_ json: JSON) {
        guard json["part"]?.int == 1, let key = json["key"]?.string, let name = json["name"]?.string,
            let engine = json["engine"]?.int, let schema = json["schema"]?.int,
            let arithmetic = json["arithmetic"]?.string, let sum = json["sha256"]?.string
        else { return nil }
        self.init(key: key, name: name, engine: engine, schema: schema, arithmetic: arithmetic, sum: sum)
    }

    var json: JSON {
        .object([
            JSON.Member("part", .int(1)), JSON.Member("key", .string(key)), JSON.Member("name", .string(name)),
            JSON.Member("engine", .int(engine)), JSON.Member("schema", .int(schema)),
            JSON.Member("arithmetic", .string(arithmetic)), JSON.Member("sha256", .string(sum)),
        ])
    }

    func difference(from own: PartHead) -> PartProblem? {
        if (engine, schema) != (own.engine, own.schema) {
            return .otherVersion(
                "engine \(engine), schema \(schema)", own: "engine \(own.engine), schema \(own.schema)")
        }
        return arithmetic == own.arithmetic ? nil : .otherArithmetic(arithmetic, own: own.arithmetic)
    }
}

/// Why a part cannot be used.
public enum PartProblem: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable, damaged
    case otherVersion(String, own: String)
    case otherArithmetic(String, own: String)

    /// The reason as a clause.
    public var description: String {
        switch self {
        case .unreadable: "it cannot be read"
        case .damaged: "it is damaged: the bytes are not those that were written"
        case .otherVersion(let found, let own):
            "another version of Patchbook made it (\(found)), and this one has \(own)"
        case .otherArithmetic(let found, let own):
            "it was calculated with \(found), and this machine has \(own): set OPENBLAS_CORETYPE to the same kernel for every task"
        }
    }
}
