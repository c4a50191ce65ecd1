import Foundation
import JSON
import Numerics

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
        /// In files of this folder, beside the settings.
        case folder(String)
        case gguf(GGUF)
    }

    /// The path that was opened.
    public let path: String
    /// What the checkpoint says about the model.
    public let settings: Settings
    /// The model's tensors, shards put together.
    public let tensors: TensorTable

    /// Opens a folder in Hugging Face's layout, one `.safetensors` or `.bin` file with its `config.json`
    /// beside it, or a `.gguf` file.
    /// - Throws: ``CheckpointError`` naming the file and what was expected.
    public init(path: String) throws(CheckpointError) {
        self.path = path
        let files = try CheckpointFiles(path: path)
        guard let configuration = files.configuration else {
            let gguf = try GGUF(path: path)
            settings = .gguf(gguf)
            tensors = gguf.tensors
            return
        }
        settings = .huggingFace(try MappedFile(path: configuration).json(), file: configuration)
        tensors = try files.shards().tensors(of: path)
    }

    /// Where the tokenizer is that belongs to the weights.
    public var tokenizerSource: TokenizerSource {
        switch settings {
        case .gguf(let gguf): .gguf(gguf)
        case .huggingFace(_, let file): .folder(CheckpointFiles.folder(of: file))
        }
    }
}
