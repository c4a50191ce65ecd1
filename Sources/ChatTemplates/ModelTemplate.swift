import JSON

/// A model's chat template with the special tokens that it writes.
public struct ModelTemplate: Sendable {
    /// The template.
    public let template: ChatTemplate
    /// The template for conversations with tools, where it is another.
    private var toolUse: ChatTemplate?
    /// `bos_token`, `eos_token` and the others by name, as the template reads them.
    public let specialTokens: [JSON.Member]

    /// A template with its tokens.
    public init(_ template: ChatTemplate, specialTokens: [JSON.Member]) {
        self.template = template
        self.specialTokens = specialTokens
    }

    /// The template of a model's folder, nil where the model has none.
    ///
    /// `chat_template.jinja` wins over `tokenizer_config.json`, as in transformers; of several templates with names, `default` is taken, and
    /// `tool_use` where there are tools.
    /// - Parameters:
    ///   - tokenizerConfig: what `tokenizer_config.json` holds, and `special_tokens_map.json` where it counts.
    ///   - file: what `chat_template.jinja` holds, where there is one.
    /// - Throws: `TemplateError`.
    public init?(tokenizerConfig: JSON, file: String?) throws(TemplateError) {
        let templates = tokenizerConfig["chat_template"]
        guard let source = file ?? templates?.string ?? Self.source("default", in: templates) else { return nil }
        let tokens = (tokenizerConfig.object ?? []).filter { $0.key.hasSuffix("_token") }
        self.init(
            try ChatTemplate(source),
            specialTokens: (tokens + (tokenizerConfig["extra_special_tokens"]?.object ?? [])).compactMap { token in
                (token.value.string ?? token.value["content"]?.string).map { JSON.Member(token.key, .string($0)) }
            })
        if file == nil, let source = Self.source("tool_use", in: templates) { toolUse = try ChatTemplate(source) }
    }

    private static func source(_ name: String, in templates: JSON?) -> String? {
        templates?.array?.first { $0["name"]?.string == name }?["template"]?.string
    }

    /// Writes a conversation, as ``ChatTemplate/render(_:tools:addGenerationPrompt:variables:date:)`` does.
    public func render(
        _ messages: [JSON], tools: JSON? = nil, addGenerationPrompt: Bool, date: TemplateDate
    ) throws(TemplateError) -> String {
        try (tools == nil ? template : toolUse ?? template).render(
            messages, tools: tools, addGenerationPrompt: addGenerationPrompt, variables: specialTokens, date: date)
    }
}
