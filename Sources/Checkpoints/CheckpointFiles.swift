import Foundation
import JSON

/// Which files make up a checkpoint, found without opening the weights.
public struct CheckpointFiles: Sendable, Equatable {
    /// A `.gguf`, `.safetensors` or `.bin` file; nil for a folder, whose shards are looked up when they are asked for.
    private let file: String?
    /// The folder in which a tokenizer lies beside the weights; nil for a GGUF file, which holds its own.
    public let tokenizerFolder: String?
    /// `config.json`; nil for a GGUF file.
    let configuration: String?

    /// Finds the files of a folder in Hugging Face's layout, of one `.safetensors` or `.bin` file with its `config.json` beside it,
    /// or of a `.gguf` file.
    /// - Throws: ``CheckpointError`` naming what is missing.
    public init(path: String) throws(CheckpointError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CheckpointError(
                file: path, problem: "does not exist; expected a model folder, a .safetensors, .bin or .gguf file")
        }
        if !isFolder.boolValue, path.hasSuffix(".gguf") {
            file = path
            tokenizerFolder = nil
            configuration = nil
            return
        }
        guard isFolder.boolValue || WeightFormat(fileName: path) != nil else {
            throw CheckpointError(file: path, problem: "expected a model folder, or a .safetensors, .bin or .gguf file")
        }
        let folder = isFolder.boolValue ? path : Self.folder(of: path)
        let configuration = folder + "/config.json"
        guard FileManager.default.fileExists(atPath: configuration) else {
            throw CheckpointError(file: folder, problem: "the folder holds no config.json" + Self.hint(in: folder))
        }
        self.configuration = configuration
        file = isFolder.boolValue ? nil : path
        tokenizerFolder = folder
    }

    /// The files that tensors lie in, in a fixed order, and which of them each tensor is said to lie in.
    /// - Throws: ``CheckpointError`` for a folder without weights, or with a damaged index.
    func shards() throws(CheckpointError) -> Shards {
        guard let configuration else { return Shards(files: try GGUFSplit.presentFiles(besides: file ?? "")) }
        if let file { return Shards(files: [file]) }
        return try Shards(folder: Self.folder(of: configuration))
    }

    /// The files that weights and settings stand in, in a fixed order: the parts of a GGUF model, or `config.json` and then the shards.
    /// - Throws: ``CheckpointError`` for a folder without weights, or with a damaged index.
    public func weights() throws(CheckpointError) -> [String] {
        (configuration.map { [$0] } ?? []) + (try shards().files)
    }

    static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    /// What a folder without `config.json` may be instead.
    static func hint(in folder: String) -> String {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        if files.contains("adapter_config.json") { return "; it is an adapter, which needs its base model's path too" }
        if let gguf = files.first(where: { $0.hasSuffix(".gguf") }) {
            return "; to read \(gguf), give that file's own path"
        }
        if let command = HubCache.command(fetching: [], into: folder) { return "; fetch the model with: \(command)" }
        return "; expected a model folder in Hugging Face's layout"
    }
}
