import Checkpoints
import Foundation
import Markdown
import Notebooks
import Tokenizers
import Transformers

/// Where a model is, as a notebook says it: a path or `hf:organisation/name`, and perhaps an adapter on top.
struct ModelSource: Sendable, Equatable {
    let path: String
    let adapter: String?
    let revision: String?

    /// Reads `models/demo` or `{path: models/demo, adapter: models/demo-dpo, revision: main}`.
    init(_ value: YAMLValue) throws(OptionMismatch) {
        if let text = value.text, !text.isEmpty {
            path = text
            adapter = nil
            revision = nil
            return
        }
        guard let entries = value.mapping else {
            throw OptionMismatch("\(value.inWords) is neither a path nor a mapping", at: value.location)
        }
        let keys = ["path", "adapter", "revision"]
        for entry in entries where !keys.contains(entry.key) {
            throw OptionMismatch(
                "'\(entry.key)' is not one of its keys 'path', 'adapter' and 'revision'", at: entry.keyLocation)
        }
        func text(_ key: String) throws(OptionMismatch) -> String? {
            guard let value = value[key] else { return nil }
            guard let text = value.text, !text.isEmpty else {
                throw OptionMismatch("its '\(key)' is \(value.inWords), not a text", at: value.location)
            }
            return text
        }
        guard let path = try text("path") else {
            throw OptionMismatch("the mapping has no 'path'", at: value.location)
        }
        self.path = path
        adapter = try text("adapter")
        revision = try text("revision")
        if revision != nil, hubName == nil {
            throw OptionMismatch("a 'revision' goes with an 'hf:' model only", at: value["revision"]?.location)
        }
    }

    /// `organisation/name` of a model in the Hub's cache.
    private var hubName: String? { Project.isOnHub(path) ? String(path.dropFirst(3)) : nil }

    /// The form that enters a block's key: never a path of this machine.
    var normal: OptionValue {
        func portable(_ path: String) -> OptionValue {
            .scalar(.string(path.hasPrefix("/") ? (path as NSString).lastPathComponent : path))
        }
        let entries =
            [("path", portable(path))] + (adapter.map { [("adapter", portable($0))] } ?? [])
            + (revision.map { [("revision", .scalar(.string($0)))] } ?? [])
        return entries.count == 1 ? portable(path) : .map(entries.map { OptionValue.MapEntry(key: $0.0, value: $0.1) })
    }

    /// The paths inside the project, with their keys in a mapping.
    var paths: [(key: String, path: String)] {
        (hubName == nil ? [("path", path)] : []) + (adapter.map { [("adapter", $0)] } ?? [])
    }

    /// What is missing, with the key of the mapping that names it, told without opening weights.
    func problems(in project: Project) -> [(key: String, missing: MissingFile)] {
        var found: [(key: String, missing: MissingFile)] = []
        func add(_ key: String, _ sentence: String, _ replacements: [String] = []) {
            found.append((key, MissingFile(sentence: sentence, replacements: replacements)))
        }
        if let hubName {
            do {
                _ = try CheckpointFiles(path: HubCache.snapshot(of: hubName, revision: revision)).weights()
            } catch {
                add("path", "\(error)")
            }
        }
        for (key, path) in paths {
            guard let file = try? project.resolve(path) else { continue }
            let word = key == "adapter" ? "adapter" : "model"
            guard FileManager.default.fileExists(atPath: file) else {
                add(key, "there is no \(word) at '\(path)'", project.near(path))
                continue
            }
            do {
                let parts = key == "adapter" ? Adapter.files(in: file) : try CheckpointFiles(path: file).weights()
                for part in parts where !FileManager.default.fileExists(atPath: part) {
                    add(key, "the \(word) '\(path)' holds no \((part as NSString).lastPathComponent)")
                }
            } catch {
                add(key, "\(error)")
            }
        }
        return found
    }

    /// The files, inside the project or in the Hub's cache.
    struct Files: Sendable, Equatable {
        let model: String
        let adapter: String?

        /// The adapter's folder, where it keeps a tokenizer of its own.
        var tokenizer: String? { adapter.flatMap { Tokenizer.isWhole(in: $0) ? $0 : nil } }
    }

    /// - Throws: `PathError` for a path outside the project, `CheckpointError` for a model that the cache does not hold.
    func files(in project: Project) throws -> Files {
        let model =
            try hubName.map { try HubCache.snapshot(of: $0, revision: revision) } ?? project.resolve(path)
        return Files(model: model, adapter: try adapter.map { try project.resolve($0) })
    }
}

/// A model pair loaded for a command: mapped weights and the tokenizer that both share.
struct LoadedModels {
    let base: Decoder
    let tuned: Decoder
    let tokenizer: Tokenizer
    /// What the reader must know of the adapters.
    let notes: [String]

    /// - Throws: an error that names the file and what was expected, or why the two cannot be compared.
    init(base: ModelSource.Files, tuned: ModelSource.Files) throws {
        let baseCheckpoint = try Checkpoint(path: base.model)
        let tunedCheckpoint = base.model == tuned.model ? baseCheckpoint : try Checkpoint(path: tuned.model)
        let adapters = (try base.adapter.map(Adapter.init), try tuned.adapter.map(Adapter.init))
        self.base = try Decoder(baseCheckpoint, adapter: adapters.0)
        self.tuned = try Decoder(tunedCheckpoint, adapter: adapters.1)
        notes = [("base", self.base, adapters.0), ("tuned model", self.tuned, adapters.1)].compactMap {
            name, model, adapter in
            adapter.flatMap { Self.gaps(of: $0, in: model) }.map { "The \(name)'s adapter \($0)." }
        }
        tokenizer = try Self.tokenizer(of: baseCheckpoint, base)
        guard base.model != tuned.model || base.tokenizer != tuned.tokenizer else { return }
        try ModelMismatch.check(tokenizer, Self.tokenizer(of: tunedCheckpoint, tuned))
    }

    /// Layers that an adapter was meant to change and does not: it may be incomplete.
    static func gaps(of adapter: Adapter, in model: Decoder) -> String? {
        let layers = adapter.layersWithoutFactors(of: model.shape.layers)
        guard !layers.isEmpty else { return nil }
        return "has no factors in \(layers.count == 1 ? "layer" : "layers") \(LayerRanges.text(layers)), "
            + "though its settings do not leave \(layers.count == 1 ? "it" : "them") out"
    }

    /// The tokenizer of an adapter that keeps its own, else of the model's files.
    static func tokenizer(of checkpoint: Checkpoint, _ files: ModelSource.Files) throws -> Tokenizer {
        if let folder = files.tokenizer { return try Tokenizer(folder: folder) }
        return switch checkpoint.tokenizerSource {
        case .folder(let folder): try Tokenizer(folder: folder)
        case .gguf(let gguf): try Tokenizer(gguf)
        }
    }
}

/// Two models that cannot be compared.
enum ModelMismatch: Error, Sendable, Equatable, CustomStringConvertible {
    /// Their tokenizers give other ids; the first is the base's.
    case tokenizer(TokenizerDifference)

    /// - Throws: where the tokenizers give other ids.
    static func check(_ base: Tokenizer, _ tuned: Tokenizer) throws(ModelMismatch) {
        if let difference = base.difference(from: tuned) { throw .tokenizer(difference) }
    }

    var description: String {
        switch self {
        case .tokenizer(let difference):
            "the models cannot be patched into each other, for their tokenizers differ, the base's first: \(difference)"
        }
    }
}
