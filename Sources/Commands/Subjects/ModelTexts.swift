import ChatTemplates
import Checkpoints
import Foundation
import JSON
import Notebooks
import Tokenizers

/// What a model's files say about texts beside its tokenizer: the chat template, and the tokens that end a sequence.
struct ModelTexts: Sendable {
    /// The chat template, nil where there is none.
    let template: ModelTemplate?
    /// The token that closes a text, as the tokenizer's settings name it.
    let end: Int?
    /// Every token at which generation ends.
    let ends: [Int]

    /// The names of the files in a model's folder that are read here.
    private static let names = ["tokenizer_config.json", "chat_template.jinja", "generation_config.json"]

    /// The files of a model or adapter folder that are read here, in a fixed order.
    static func files(of path: String) -> [String] {
        let folder = self.folder(of: path)
        return names.map { "\(folder)/\($0)" }.filter { FileManager.default.fileExists(atPath: $0) }
            + [Tokenizer.specialTokensMap(in: folder)].compactMap { $0 }
    }

    private static func folder(of path: String) -> String {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    }

    /// Reads a model's settings, and those that an adapter's folder keeps for itself.
    /// - Throws: an error that names the file and what was expected.
    init(_ files: ModelSource.Files, tokenizer: Tokenizer) throws {
        let settings = try Checkpoint(path: files.model).settings
        if case .gguf(let gguf) = settings {
            self = try Self(gguf)
            return
        }
        guard case .huggingFace(let config, _) = settings else { preconditionFailure("settings of a known kind") }
        let folder = Self.folder(of: files.model)
        let own = try Self.tokenizerSettings(in: folder)
        let adapted = try files.adapter.map(Self.tokenizerSettings)
        template = adapted?.template ?? own.template
        let named = (adapted?.json ?? own.json).flatMap {
            $0["eos_token"]?.string ?? $0["eos_token"]?["content"]?.string
        }
        let ids = try named.map { try tokenizer.encode($0, addingSpecialTokens: false) } ?? []
        let generation = try Self.json("\(folder)/generation_config.json")?["eos_token_id"] ?? config["eos_token_id"]
        let listed = generation?.int.map { [$0] } ?? (generation?.array ?? []).compactMap(\.int)
        end = ids.count == 1 ? ids[0] : listed.first
        ends = listed + (end.map { [$0] } ?? [])
    }

    private init(_ gguf: GGUF) throws {
        let tokens = gguf.metadata["tokenizer.ggml.tokens"]?.array ?? []
        func id(_ name: String) -> Int? { gguf.metadata["tokenizer.ggml.\(name)_token_id"]?.int }
        let special = [
            ("bos_token", id("bos")), ("eos_token", id("eos")), ("unk_token", id("unknown")),
            ("pad_token", id("padding")),
        ]
        let members = special.compactMap { name, id -> JSON.Member? in
            guard let id, tokens.indices.contains(id), let text = tokens[id].string else { return nil }
            return JSON.Member(name, .string(text))
        }
        do {
            template = try gguf.metadata["tokenizer.chat_template"]?.string.map {
                ModelTemplate(try ChatTemplate($0), specialTokens: members)
            }
        } catch let error as TemplateError {
            throw CheckpointError(file: gguf.path, place: "metadata 'tokenizer.chat_template'", problem: "\(error)")
        }
        end = id("eos")
        ends = ["eos", "eot", "eom"].compactMap(id)
    }

    private static func tokenizerSettings(in folder: String) throws -> (template: ModelTemplate?, json: JSON?) {
        let json = try Tokenizer.settings(in: folder)
        let file = "\(folder)/chat_template.jinja"
        let source =
            FileManager.default.fileExists(atPath: file) ? try String(contentsOfFile: file, encoding: .utf8) : nil
        do {
            return (try ModelTemplate(tokenizerConfig: json ?? .object([]), file: source), json)
        } catch {
            throw CheckpointError(file: source == nil ? "\(folder)/tokenizer_config.json" : file, problem: "\(error)")
        }
    }

    private static func json(_ path: String) throws -> JSON? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do { return try JSON.parse(Array(Data(contentsOf: URL(filePath: path)))) } catch let error as JSONError {
            throw CheckpointError(file: path, problem: "\(error)")
        }
    }
}

/// What both models of a pair say about texts.
struct PairTexts: Sendable {
    /// The tuned model's template, or the base's where it has none.
    let template: ModelTemplate?
    /// The tuned model's closing token.
    let end: Int?
    /// Every token that ends a sequence in either model.
    let ends: Set<Int>

    init(base: ModelTexts, tuned: ModelTexts) {
        template = tuned.template ?? base.template
        end = tuned.end ?? base.end
        ends = Set(base.ends + tuned.ends)
    }
}
