import JSON

/// A `config.json`, read strictly: each setting has a kind and a range, and keys that mean the same thing must agree.
///
/// A key may be a path, such as `rope_scaling.factor`. A key that is null counts as absent.
public struct HuggingFaceSettings: Sendable {
    /// The file that messages name.
    public let file: String
    private let json: JSON
    /// The whole file, where ``json`` is the text part of it.
    private let surrounding: JSON?

    /// Reads the settings of the text model: the whole file, or its `text_config` where the model reads pictures too.
    /// - Throws: ``CheckpointError`` for what is not an object, and for weights that are quantised in Hugging Face's own ways.
    public init(_ json: JSON, file: String) throws(CheckpointError) {
        self.file = file
        guard json.object != nil else {
            throw CheckpointError(file: file, problem: "expected an object of settings, found \(json.excerpt)")
        }
        if let text = json["text_config"], text.object != nil {
            self.json = text
            surrounding = json
        } else {
            self.json = json
            surrounding = nil
        }
        guard value(at: "quantization_config") == nil else {
            throw fault("quantization_config", "none: give the unquantised weights, or a GGUF file")
        }
    }

    /// Whether the settings are the text part of a model that reads pictures or sounds too.
    public var isTextPart: Bool { surrounding != nil }

    /// The family: `llama`, `gemma3_text`.
    /// - Throws: ``CheckpointError`` where `model_type` is missing.
    public func modelType() throws(CheckpointError) -> String { try text("model_type") }

    /// Whether any of these keys has a value.
    public func has(_ keys: String...) -> Bool { keys.contains { value(at: $0) != nil } }

    /// Whether a key is there with the value null, which some families tell from a key that is absent.
    public func isNull(_ key: String) -> Bool { written(key) == .null }

    /// An error about a setting, with the value that was found.
    public func fault(_ key: String, _ expected: String) -> CheckpointError {
        CheckpointError(
            file: file, place: "'\(path(key))'",
            problem: "is \(written(key)?.excerpt ?? "missing"), expected \(expected)")
    }

    /// A whole number from 1 to `most`, under the first key or any of its other names.
    /// - Throws: ``CheckpointError`` naming the key.
    public func count(
        _ keys: String..., default fallback: Int? = nil, most: Int = 1 << 24
    ) throws(CheckpointError) -> Int {
        try read(keys, default: fallback, "a whole number from 1 to \(most)") { value in
            value.int.flatMap { (1...most).contains($0) ? $0 : nil }
        }
    }

    /// A finite number, as f64.
    /// - Throws: ``CheckpointError`` naming the key.
    public func number(_ keys: String..., default fallback: Double? = nil) throws(CheckpointError) -> Double {
        try read(keys, default: fallback, "a number", \.number)
    }

    /// A number above 0, as f64.
    /// - Throws: ``CheckpointError`` naming the key.
    public func positive(_ keys: String..., default fallback: Double? = nil) throws(CheckpointError) -> Double {
        try positive(any: keys, default: fallback)
    }

    func positive(any keys: [String], default fallback: Double?) throws(CheckpointError) -> Double {
        try read(keys, default: fallback, "a positive number") { value in value.number.flatMap { $0 > 0 ? $0 : nil } }
    }

    /// True or false.
    /// - Throws: ``CheckpointError`` naming the key.
    public func flag(_ keys: String..., default fallback: Bool? = nil) throws(CheckpointError) -> Bool {
        try read(keys, default: fallback, "true or false", \.bool)
    }

    /// A text.
    /// - Throws: ``CheckpointError`` naming the key.
    public func text(_ keys: String..., default fallback: String? = nil) throws(CheckpointError) -> String {
        try read(keys, default: fallback, "a text", \.string)
    }

    /// One of a few texts, each with what it stands for.
    /// - Throws: ``CheckpointError`` naming the key and the texts.
    public func choice<Value>(
        _ keys: String..., among values: KeyValuePairs<String, Value>, default fallback: Value? = nil
    ) throws(CheckpointError) -> Value {
        try choice(any: keys, among: values, default: fallback)
    }

    func choice<Value>(
        any keys: [String], among values: KeyValuePairs<String, Value>, default fallback: Value?
    ) throws(CheckpointError) -> Value {
        try read(keys, default: fallback, Self.words(values)) { value in
            value.string.flatMap { text in values.first { $0.key == text }?.value }
        }
    }

    /// A list whose elements are all of one kind; nil where the key is absent.
    /// - Parameters:
    ///   - count: how many elements there must be, where that is known.
    ///   - kind: what an element is, in the plural: "whole numbers".
    /// - Throws: ``CheckpointError`` naming the key.
    public func list<Element>(
        _ keys: String..., count: Int? = nil, of kind: String, _ element: (JSON) -> Element?
    ) throws(CheckpointError) -> [Element]? {
        try list(any: keys, count: count, of: kind, element)
    }

    func list<Element>(
        any keys: [String], count: Int?, of kind: String, _ element: (JSON) -> Element?
    ) throws(CheckpointError) -> [Element]? {
        guard keys.contains(where: { value(at: $0) != nil }) else { return nil }
        let expected = "a list of " + (count.map { "\($0) " } ?? "") + kind
        let elements: [Element] = try read(keys, default: nil, expected) { value in
            guard let values = value.array, count.map({ $0 == values.count }) ?? true else { return nil }
            let elements = values.compactMap(element)
            return elements.count == values.count ? elements : nil
        }
        return elements
    }

    /// One of a few texts for each of `count` layers; nil where the key is absent.
    /// - Throws: ``CheckpointError`` naming the key and the texts.
    public func choices<Value>(
        _ keys: String..., among values: KeyValuePairs<String, Value>, count: Int
    ) throws(CheckpointError) -> [Value]? {
        try list(any: keys, count: count, of: "texts, each " + Self.words(values)) { value in
            value.string.flatMap { text in values.first { $0.key == text }?.value }
        }
    }

    /// Fails where a key has a value that this engine does not do.
    /// - Throws: ``CheckpointError`` naming the key.
    public func require(_ key: String, is allowed: JSON..., expected: String) throws(CheckpointError) {
        guard let value = value(at: key), !allowed.contains(where: value.means) else { return }
        throw fault(key, expected)
    }

    /// The value that several keys agree on.
    private func read<Value>(
        _ keys: [String], default fallback: Value?, _ expected: String, _ convert: (JSON) -> Value?
    ) throws(CheckpointError) -> Value {
        guard let first = keys.first(where: { value(at: $0) != nil }), let found = value(at: first) else {
            if let fallback { return fallback }
            throw fault(keys.first ?? "", expected)
        }
        for other in keys where other != first {
            guard let second = value(at: other), !found.means(second) else { continue }
            throw CheckpointError(
                file: file, place: "'\(path(first))' and '\(path(other))'",
                problem: "are \(found.excerpt) and \(second.excerpt), expected the same, since both mean one thing")
        }
        guard let value = convert(found) else { throw fault(first, expected) }
        return value
    }

    /// What a key has, null left out.
    func value(at key: String) -> JSON? { written(key).flatMap { $0 == .null ? nil : $0 } }

    private func written(_ key: String) -> JSON? { json.value(at: key) ?? surrounding?.value(at: key) }

    private func path(_ key: String) -> String {
        surrounding != nil && json.value(at: key) != nil ? "text_config." + key : key
    }

    private static func words<Value>(_ values: KeyValuePairs<String, Value>) -> String {
        let quoted = values.map { "\"\($0.key)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension JSON {
    /// The value under a path of keys with dots between.
    fileprivate func value(at path: String) -> JSON? {
        path.split(separator: ".").reduce(self as JSON?) { value, key in value?[String(key)] }
    }

    /// Whether both say the same to a reader who takes 1 and 1.0 for one number.
    func means(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.means($1) }
        default: number.map { $0 == other.number } ?? (self == other)
        }
    }

    /// The text for an error, cut where it is long.
    var excerpt: String {
        let text = text()
        return text.count > 80 ? text.prefix(80) + "…" : text
    }
}
