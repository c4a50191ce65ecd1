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
        return (try? Part(file: file, arithmetic: arithmetic)).map { ($0.head.key, $0.head.name) == (key, name) }
            ?? false
    }

    /// Writes the part beside its place, flushes it, and puts it in its place.
    public func keep(_ bytes: [UInt8], _ name: String, of key: String) throws {
        let file = file(name, key)
        let folder = (file as NSString).deletingLastPathComponent
        do {
            // Parts hold token ids, which are not for version control.
            let isNew = !FileManager.default.fileExists(atPath: path)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if isNew { try Data("*\n".utf8).write(to: URL(fileURLWithPath: path + "/.gitignore")) }
        } catch {
            throw Self.unwritable(.folder, folder, error.systemReason)
        }
        let head = PartHead(key: key, name: name, arithmetic: arithmetic)
        let temporary = folder + "/.\((file as NSString).lastPathComponent).\(UUID().uuidString)"
        do {
            try Self.write(head.line(over: bytes) + bytes, to: temporary)
            guard rename(temporary, file) == 0 else { throw SystemReason() }
            // The new name is on the disk only when its folder is.
            try Self.flush(folder)
        } catch let reason as SystemReason {
            unlink(temporary)
            throw Self.unwritable(.part, file, reason.text)
        }
    }

    /// Deletes a part, if it is there.
    public func forget(_ name: String, of key: String) throws {
        let file = file(name, key)
        guard unlink(file) == 0 || errno == ENOENT else {
            throw StoreError(.part, path: file, problem: "cannot be deleted: \(SystemReason().text)")
        }
    }

    /// Hands out every part that is there, some at a time, in the order of their files' names; a file that cannot be used comes with
    /// its reason instead.
    /// - Throws: ``StoreError`` when the folder does not exist, and what `body` throws.
    public func each(_ body: ([(file: String, part: Result<Part, PartProblem>)]) throws -> Void) throws {
        var some: [(file: String, part: Result<Part, PartProblem>)] = []
        var bytes = 0
        for name in try files() {
            let part = Result { () throws(PartProblem) in try Part(file: path + "/" + name, arithmetic: arithmetic) }
            some.append((name, part))
            bytes += (try? part.get().bytes.count) ?? 0
            if bytes > 1 << 26 {
                try body(some)
                (some, bytes) = ([], 0)
            }
        }
        try body(some)
    }

    /// The part files, `KEY/group-12.part` and those right in the folder, sorted.
    private func files() throws -> [String] {
        func names(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
        }
        let found: [String]
        do { found = try names(path) } catch {
            throw StoreError(.folder, path: path, problem: "cannot be read: \(error.systemReason)")
        }
        return found.flatMap { name in
            name.hasSuffix(".part")
                ? [name]
                : ((try? names(path + "/" + name)) ?? []).map { "\(name)/\($0)" }.filter { $0.hasSuffix(".part") }
        }.sorted()
    }

    private func file(_ name: String, _ key: String) -> String {
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        return "\(path)/\(key)/\(plain).part"
    }

    // MARK: Files

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

    private static func unwritable(_ subject: StoreError.Subject, _ path: String, _ reason: String) -> StoreError {
        StoreError(
            subject, path: path, problem: "cannot be written: \(reason)",
            help: "the parts that are there stay; run the same task again when the folder can be written")
    }
}

/// A finished unit out of a file.
public struct Part: Sendable {
    /// What the file's first line says.
    public let head: PartHead
    /// The unit.
    public let bytes: [UInt8]

    /// No unit is as large.
    private static let mostBytes = 1 << 30

    /// - Parameter arithmetic: the library that calculates here.
    /// - Throws: why the file is not a part, not as it was written, or not of this version and these kernels.
    init(file: String, arithmetic: String) throws(PartProblem) {
        guard let all = RegularFile.bytes(file, atMost: Self.mostBytes) else { throw .unreadable }
        guard let end = all.firstIndex(of: UInt8(ascii: "\n")), let json = try? JSON.parse(Array(all[..<end])),
            let head = PartHead(json)
        else { throw .damaged }
        if let difference = head.difference(from: PartHead(key: head.key, name: head.name, arithmetic: arithmetic)) {
            throw difference
        }
        bytes = Array(all[(end + 1)...])
        guard json["sha256"]?.string == head.sum(over: bytes) else { throw .damaged }
        self.head = head
    }
}

/// What a part is, by its file's first line.
public struct PartHead: Sendable, Equatable {
    /// The block's key.
    public let key: String
    /// The unit's name.
    public let name: String
    /// The versions of the file's form, of the engine and of the shape of results.
    private let form, engine, schema: Int
    private let arithmetic: String

    /// What this program writes.
    init(key: String, name: String, arithmetic: String) {
        self.key = key
        self.name = name
        form = 2
        engine = Version.engine
        schema = Version.schema
        self.arithmetic = arithmetic
    }

    init?(_ json: JSON) {
        guard let form = json["part"]?.int, let key = json["key"]?.string, let name = json["name"]?.string,
            let engine = json["engine"]?.int, let schema = json["schema"]?.int,
            let arithmetic = json["arithmetic"]?.string
        else { return nil }
        self.key = key
        self.name = name
        self.form = form
        self.engine = engine
        self.schema = schema
        self.arithmetic = arithmetic
    }

    private var members: [JSON.Member] {
        [
            JSON.Member("part", .int(form)), JSON.Member("key", .string(key)), JSON.Member("name", .string(name)),
            JSON.Member("engine", .int(engine)), JSON.Member("schema", .int(schema)),
            JSON.Member("arithmetic", .string(arithmetic)),
        ]
    }

    /// SHA-256 over the head and the bytes, so that a head that says something else than was written is found too.
    func sum(over bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(JSON.object(members).text())
        hash.update(bytes)
        return hash.finish().hex
    }

    /// The file's first line.
    func line(over bytes: [UInt8]) -> [UInt8] {
        Array((JSON.object(members + [JSON.Member("sha256", .string(sum(over: bytes)))]).text() + "\n").utf8)
    }

    func difference(from own: PartHead) -> PartProblem? {
        if (form, engine, schema) != (own.form, own.engine, own.schema) {
            return .otherVersion(version, own: own.version)
        }
        return arithmetic == own.arithmetic ? nil : .otherArithmetic(arithmetic, own: own.arithmetic)
    }

    private var version: String { "engine \(engine), schema \(schema), part \(form)" }
}

/// Why a part cannot be used.
public enum PartProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable, damaged
    case otherVersion(String, own: String)
    case otherArithmetic(String, own: String)

    /// The reason as a clause.
    public var description: String {
        switch self {
        case .unreadable: "it is not a regular file that can be read"
        case .damaged: "it is damaged: the bytes are not those that were written"
        case .otherVersion(let found, let own):
            "another version of Patchbook made it (\(found)), and this one has \(own)"
        case .otherArithmetic(let found, let own):
            "it was calculated with \(found), and this machine has \(own): set OPENBLAS_CORETYPE to the same kernel for every task"
        }
    }
}
