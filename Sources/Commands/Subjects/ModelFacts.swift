import Checkpoints
import Digests
import Foundation
import Notebooks
import Tokenizers
import Transformers

/// What a model is, as the engine reads it: for `patchbook inspect`.
public enum ModelFacts {
    /// Names and values, in the order they are shown.
    /// - Parameters:
    ///   - model: a path relative to the current folder, or `hf:organisation/name`.
    ///   - adapter: a folder with a LoRA adapter; nil for none.
    ///   - revision: of an `hf:` model.
    /// - Throws: an error that names the file and what was expected.
    public static func facts(
        of model: String, adapter: String? = nil, revision: String? = nil
    ) throws -> [(name: String, value: String)] {
        let path =
            model.hasPrefix("hf:")
            ? try HubCache.snapshot(of: String(model.dropFirst(3)), revision: revision ?? "main") : model
        let files = try CheckpointFiles(path: path)
        let checkpoint = try Checkpoint(path: path)
        let transformer = try Llama(checkpoint, adapter: try adapter.map { try Adapter(folder: $0) })
        let tokenizer = try LoadedModels.tokenizer(of: checkpoint)
        let shape = transformer.shape
        let reader = InputReader(project: Project(notebookFolder: "."))
        var facts: [(String, String)] = [
            ("family", family(of: checkpoint)), ("layers", "\(shape.layers)"), ("width", "\(shape.width)"),
            ("heads", "\(shape.heads)"), ("vocabulary", "\(shape.vocabulary)"),
            ("longest text", "\(shape.maximumLength) tokens"), ("parameters", "\(transformer.parameters)"),
            (
                "tensors",
                checkpoint.tensors.elementTypes.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            ), ("tokenizer", "\(tokenizer.vocabularySize) tokens, SHA-256 \(tokenizer.digest)"),
            ("weights", "SHA-256 \(try reader.digest(ofFiles: files.weights()))"),
        ]
        if let adapter {
            facts.append(("adapter", "SHA-256 \(try reader.digest(ofFiles: Adapter.files(in: adapter)))"))
        }
        return facts
    }

    private static func family(of checkpoint: Checkpoint) -> String {
        switch checkpoint.settings {
        case .huggingFace(let json, _): json["model_type"]?.string ?? "unknown"
        case .gguf(let gguf): gguf.metadata["general.architecture"]?.string ?? "unknown"
        }
    }
}
