import Checkpoints
import Tokenizers

extension Tokenizer {
    /// The tokenizer that a GGUF file's metadata describe.
    /// - Throws: ``CheckpointError`` naming the key or what the tokenizer does not take.
    init(_ gguf: GGUF) throws(CheckpointError) {
        do {
            try self.init(GGUFVocabulary(gguf))
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw CheckpointError(file: gguf.path, place: "metadata 'tokenizer.ggml'", problem: "\(error)")
        }
    }
}

extension GGUFVocabulary {
    fileprivate init(_ gguf: GGUF) throws(CheckpointError) {
        func optional<T>(_ key: String, _ kind: String, _ read: (GGUF.Value) -> T?) throws(CheckpointError) -> T? {
            gguf.metadata[key] == nil ? nil : try gguf.require(key, kind, read)
        }
        func list<T>(_ read: @escaping (GGUF.Value) -> T?) -> (GGUF.Value) -> [T]? {
            { value in
                guard let values = value.array else { return nil }
                let read = values.compactMap(read)
                return read.count == values.count ? read : nil
            }
        }
        let prefix = "tokenizer.ggml."
        self.init(
            model: try gguf.require(prefix + "model", "a text", \.string),
            tokens: try gguf.require(prefix + "tokens", "a list of texts", list(\.string)))
        types = try optional(prefix + "token_type", "a list of integers", list(\.int))
        scores = try optional(prefix + "scores", "a list of numbers", list { $0.number.map(Float.init) })
        merges = try optional(prefix + "merges", "a list of texts", list(\.string))
        preTokenizer = try optional(prefix + "pre", "a text", \.string)
        addsBeginning = try optional(prefix + "add_bos_token", "true or false", \.bool)
        addsSpacePrefix = try optional(prefix + "add_space_prefix", "true or false", \.bool)
        beginning = try optional(prefix + "bos_token_id", "an integer", \.int)
        unknown = try optional(prefix + "unknown_token_id", "an integer", \.int)
        for key in ["eos_token_id", "eot_token_id", "eom_token_id"] {
            if let id = try optional(prefix + key, "an integer", \.int), !ends.contains(id) { ends.append(id) }
        }
        name = try optional("general.name", "a text", \.string)
    }
}
