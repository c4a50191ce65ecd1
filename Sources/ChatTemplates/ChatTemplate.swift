import JSON

/// A model's chat template: Jinja that writes a conversation as one text.
///
/// Renders byte for byte what transformers 5 renders, for the constructs that it knows; any other is an error that names it.
public struct ChatTemplate: Sendable {
    /// The template's text.
    public let source: String
    private let body: [Statement]
    private let names: [String: Name]

    /// Reads a template.
    /// - Throws: `TemplateError` where the text is not Jinja, or uses a tag that is not supported.
    public init(_ source: String) throws(TemplateError) {
        self.source = source
        var parser = try Parser(source)
        body = try parser.template()
        names = Dictionary(
            uniqueKeysWithValues: parser.names.enumerated().map { ($1, Name(number: $0, text: $1)) })
    }

    /// Writes a conversation.
    ///
    /// As in transformers, members of a message that are null are left out, `documents` is none, and reasoning has each of its
    /// names.
    /// - Parameters:
    ///   - messages: objects with `role` and `content`.
    ///   - tools: descriptions of what the assistant may call, a list; nil for none.
    ///   - addGenerationPrompt: whether the text ends with the opening of the assistant's turn.
    ///   - variables: what else the template reads: `bos_token` and other special tokens, `enable_thinking`.
    ///   - date: what `strftime_now` writes.
    /// - Throws: `TemplateError` at the construct that cannot be evaluated, or that takes too much work.
    public func render(
        _ messages: [JSON], tools: JSON? = nil, addGenerationPrompt: Bool, variables: [JSON.Member] = [],
        date: TemplateDate
    ) throws(TemplateError) -> String {
        let evaluator = Evaluator(date: date)
        let scope = Scope(inside: nil)
        func set(_ name: String, _ value: Value) {
            if let name = names[name] { scope.set(name, value) }
        }
        for variable in variables { set(variable.key, Value(variable.value)) }
        set("messages", .list(messages.map { Value(Self.normalized($0)) }))
        set("tools", tools.map { Value($0) } ?? .none)
        set("documents", .none)
        set("add_generation_prompt", .bool(addGenerationPrompt))
        _ = try evaluator.run(body, scope)
        return Text(evaluator.output).string
    }

    /// Whether the template writes the date.
    public var readsDate: Bool { names["strftime_now"] != nil }

    /// The names that a message's reasoning goes by.
    private static let reasoning = ["reasoning_content", "thinking", "reasoning"]

    /// A message without its null members, its reasoning under `reasoning_content` and `thinking`.
    private static func normalized(_ message: JSON) -> JSON {
        guard var members = message.object?.filter({ $0.value != .null }) else { return message }
        func find(_ key: String) -> Int? { members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) } }
        guard let value = reasoning.lazy.compactMap(find).first.map({ members[$0].value }) else {
            return .object(members)
        }
        if find("thinking") == nil { members.insert(JSON.Member("thinking", value), at: 0) }
        if let place = find("reasoning_content") {
            members[place] = JSON.Member("reasoning_content", value)
        } else {
            members.append(JSON.Member("reasoning_content", value))
        }
        return .object(members)
    }
}
