import Foundation
import JSON

/// Which files make up a checkpoint, found without opening the weights.
public struct CheckpointFiles: Sendable, Equatable {
    /// A `.gguf` or `.safetensors` file; nil for a folder, whose shards are looked up when they are asked for.
    private let file: String?
    /// A `tokenizer.json` beside the weights; nil for a GGUF file, which holds its own, and where there is none.
    public let tokenizer: String?
    /// `config.json`; nil for a GGUF file.
    let configuration: String?

    /// Finds the files of a folder in Hugging Face's layout, of one `.safetensors` file with its `config.json` beside it, or of a
    /// `.gguf` file.
    /// - Throws: ``CheckpointError`` naming what is missing.
    public init(path: String) throws(CheckpointError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CheckpointError(
                file: path, problem: "does not exist; expected a model folder, a .safetensors or a .gguf file")
        }
        if !isFolder.boolValue, path.hasSuffix(".gguf") {
            file = path
            tokenizer = nil
            configuration = nil
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
        self.configuration = configuration
        file = isFolder.boolValue ? nil : path
        let tokenizer = folder + "/tokenizer.json"
        self.tokenizer = FileManager.default.fileExists(atPath: tokenizer) ? tokenizer : nil
    }

    /// The files that tensors lie in, in a fixed order.
    /// - Throws: ``CheckpointError`` for a folder without weights, or with a damaged index.
    func shards() throws(CheckpointError) -> [String] {
        if let file { return try GGUFSplit.presentFiles(besides: file) }
        return try Self.shards(in: Self.folder(of: configuration ?? ""))
    }

    /// The files that weights and settings stand in, in a fixed order: the parts of a GGUF model, or `config.json` and then the shards.
    /// - Throws: ``CheckpointError`` for a folder without weights, or with a damaged index.
    public func weights() throws(CheckpointError) -> [String] { (configuration.map { [$0] } ?? []) + (try shards()) }

    static func folder(of path: String) -> String {
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
