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
    /// What the checkpoint says about the model.
    public let settings: Settings
    /// The model's tensors, shards put together.
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
        let folder = isFolder.boolValue ? path : Self.folder(of: path)
        let configuration = folder + "/config.json"
        guard FileManager.default.fileExists(atPath: configuration) else {
            throw CheckpointError(file: folder, problem: "holds no config.json" + Self.hint(in: folder))
        }
        settings = .huggingFace(try MappedFile(path: configuration).json(), file: configuration)
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
            let path = Self.folder(of: file) + "/tokenizer.json"
            return .json(try MappedFile(path: path).contents(), file: path)
        }
    }

    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    /// What a folder without `config.json` may be instead.
    private static func hint(in folder: String) -> String {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        if files.contains("adapter_config.json") { return "; it is an adapter, which needs its base model's path too" }
        if let gguf = files.first(where: { $0.hasSuffix(".gguf") }) {
            return "; to read \(gguf), give that file's own path"
        }
        return "; expected a model folder in Hugging Face's layout"
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
        guard let map = try MappedFile(path: index).json()["weight_map"]?.object, !map.isEmpty else {
            throw CheckpointError(file: index, place: "'weight_map'", problem: "is missing or empty")
        }
        var names: Set<String> = []
        for member in map {
            // By bytes: a slash with a combining mark behind it is another `Character`, but the same separator.
            guard let name = member.value.string, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0),
                name.hasSuffix(".safetensors")
            else {
                throw CheckpointError(
                    file: index, place: "'weight_map' of '\(member.key)'",
                    problem: "is \(member.value.text()), expected the name of a .safetensors file in the same folder")
            }
            names.insert(name)
        }
        return names.sorted().map { folder + "/" + $0 }
    }
}
