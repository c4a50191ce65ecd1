import Digests
import Foundation
import JSON
import Tensors

/// A model on disk: its settings, its tensors and its tokenizer, in whichever format it came.
public struct Checkpoint: Sendable {
    /// Where the settings stand.
    public enum Settings: Sendable {
        /// A Hugging Face `config.json`.
        case huggingFace(JSON, file: String)
        case gguf(GGUF)
    }

    /// Where the tokenizer stands.
    public enum TokenizerSource: Sendable {
        /// The bytes of a `tokenizer.json`.
        case json([UInt8], file: String)
        case gguf(GGUF)
    }

    /// The path that was opened.
    public let path: String
    public let settings: Settings
    public let tensors: TensorTable
    /// Files that hold weights or settings, in a fixed order, for the digest.
    private let files: [String]

    /// Opens a folder in Hugging Face's layout, one `.safetensors` file with its `config.json` beside it, or a `.gguf` file.
    /// - Throws: ``CheckpointError`` naming the file and what was expected.
    public init(path: String) throws(CheckpointError) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CheckpointError(
                file: path, problem: "does not exist; expected a model folder, a .safetensors or a .gguf file")
        }
        if !isFolder.boolValue, path.hasSuffix(".gguf") {
            let gguf = try GGUF(path: path)
            settings = .gguf(gguf)
            tensors = gguf.tensors
            files = [path]
            return
        }
        guard isFolder.boolValue || path.hasSuffix(".safetensors") else {
            throw CheckpointError(file: path, problem: "is not a model folder, a .safetensors or a .gguf file")
        }
        let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
        let configuration = folder + "/config.json"
        settings = .huggingFace(try Self.json(configuration), file: configuration)
        let shards = isFolder.boolValue ? try Self.shards(in: folder) : [path]
        var table = TensorTable(source: path)
        for shard in shards { try table.merge(try Safetensors.read(shard)) }
        tensors = table
        files = [configuration] + shards
    }

    /// SHA-256 over settings and weights: over the digests of their files, in order.
    public func digest() throws(CheckpointError) -> String {
        var hash = SHA256()
        for file in files { hash.update(try MappedFile(path: file).digest().bytes) }
        return hash.finish().hex
    }

    /// The tokenizer that lies with the weights.
    /// - Throws: ``CheckpointError`` when there is none.
    public func tokenizerSource() throws(CheckpointError) -> TokenizerSource {
        switch settings {
        case .gguf(let gguf): return .gguf(gguf)
        case .huggingFace(_, let file):
            let path = (file as NSString).deletingLastPathComponent + "/tokenizer.json"
            return .json(Array(try MappedFile(path: path).bytes), file: path)
        }
    }

    /// The files of a folder's weights: those that the index names, or the single file.
    private static func shards(in folder: String) throws(CheckpointError) -> [String] {
        let index = folder + "/model.safetensors.index.json"
        guard FileManager.default.fileExists(atPath: index) else {
            let single = folder + "/model.safetensors"
            guard FileManager.default.fileExists(atPath: single) else {
                throw CheckpointError(
                    file: folder, problem: "holds neither model.safetensors nor model.safetensors.index.json")
            }
            return [single]
        }
        guard let map = try json(index)["weight_map"]?.object, !map.isEmpty else {
            throw CheckpointError(file: index, place: "'weight_map'", problem: "is missing or empty")
        }
        var names: Set<String> = []
        for member in map {
            guard let name = member.value.string, !name.contains("/"), name.hasSuffix(".safetensors") else {
                throw CheckpointError(
                    file: index, place: "'weight_map' of '\(member.key)'",
                    problem: "is \(member.value.text()), expected the name of a .safetensors file in the same folder")
            }
            names.insert(name)
        }
        return names.sorted().map { folder + "/" + $0 }
    }

    private static func json(_ path: String) throws(CheckpointError) -> JSON {
        let file = try MappedFile(path: path)
        do { return try JSON.parse(file.bytes) } catch {
            throw CheckpointError(file: path, problem: "is not JSON: \(error)")
        }
    }
}
