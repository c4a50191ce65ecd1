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

    /// The tokenizer that lies with the weights.
    /// - Throws: ``CheckpointError`` when there is none.
    public func tokenizerSource() throws(CheckpointError) -> TokenizerSource {
        switch settings {
        case .gguf(let gguf): return .gguf(gguf)
        case .huggingFace(_, let file):
            let path = CheckpointFiles.folder(of: file) + "/tokenizer.json"
            return .json(try MappedFile(path: path).contents(), file: path)
        }
    }
}
