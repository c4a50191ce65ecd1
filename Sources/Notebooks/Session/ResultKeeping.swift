/// Where results are kept between runs. This module says what is kept, and the module behind the protocol how.
///
/// Every method throws a ``StoreError`` when the store cannot be used.
public protocol ResultKeeping: FileDigests {
    /// The result kept under a key.
    func result(_ key: String) throws -> KeptResult?
    /// The digest of the result kept under a key, without reading the result itself.
    func digest(ofResult key: String) throws -> String?
    /// Keeps a result and deletes the units that it was put together from, all at once.
    func keep(_ result: KeptResult, as key: String) throws

    /// A finished part of a result that is not there yet.
    func unit(_ name: String, of key: String) throws -> [UInt8]?
    /// The names of the finished parts of a result.
    func unitNames(of key: String) throws -> Set<String>
    /// Keeps a finished part.
    func keepUnit(_ bytes: [UInt8], _ name: String, of key: String) throws
    /// Deletes the finished parts of a result, so that they are computed again.
    func forgetUnits(of key: String) throws

    /// What the block's key was made of when its result was last made or used.
    func lastIngredients(of place: BlockPlace) throws -> [BlockKey.Ingredient]?
    /// Notes what the block's key is made of now.
    func note(_ key: BlockKey, of place: BlockPlace) throws
}

/// A result as it is kept.
public struct KeptResult: Sendable, Equatable {
    /// SHA-256 over what other blocks can read of it.
    public let digest: String
    /// The whole outcome.
    public let bytes: [UInt8]

    /// A result out of its halves.
    public init(digest: String, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}

/// A block of a notebook, by the notebook's path inside its project, the point of a sweep, and the block's id.
public struct BlockPlace: Sendable, Hashable {
    /// `notebooks/x.md`, relative to the project's folder; a point of a sweep follows: `notebooks/x.md,adapter=a,seed=1`.
    public let notebook: String
    /// The block's id.
    public let block: String

    /// A block by notebook, point and id.
    /// - Parameter point: `adapter=a,seed=1`; empty outside a sweep.
    public init(notebook: String, point: String = "", block: String) {
        self.notebook = point.isEmpty ? notebook : "\(notebook),\(point)"
        self.block = block
    }

    /// The notebook's file, without the point of a sweep.
    public static func file(of notebook: String) -> String {
        notebook.firstRange(of: ".md,").map { notebook[..<$0.lowerBound] + ".md" } ?? notebook
    }
}

/// Why results cannot be kept, in one sentence.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What cannot be used.
    public enum Subject: String, Sendable {
        case store
        /// A file that holds a finished unit.
        case part
        /// A folder of such files.
        case folder
    }

    /// What cannot be used.
    public let subject: Subject
    /// Its file or folder.
    public let path: String
    /// What is wrong.
    public let problem: String
    /// What may help.
    public let help: String?

    /// A problem, by default of a store.
    public init(_ subject: Subject = .store, path: String, problem: String, help: String? = nil) {
        self.subject = subject
        self.path = path
        self.problem = problem
        self.help = help
    }

    /// The sentence for the reader.
    public var description: String { "the \(subject) '\(path)' \(problem)" }
}
