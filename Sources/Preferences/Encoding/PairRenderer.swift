import ChatTemplates
import JSON

/// A pair as the texts that a model reads.
public struct PairText: Sendable, Equatable {
    /// The text that both responses go on from.
    public let prompt: String
    /// The preferred response.
    public let chosen: String
    /// The other response.
    public let rejected: String
    /// Whether a chat template wrote them, with all special tokens.
    public let isRendered: Bool

    /// Texts.
    public init(prompt: String, chosen: String, rejected: String, isRendered: Bool = false) {
        self.prompt = prompt
        self.chosen = chosen
        self.rejected = rejected
        self.isRendered = isRendered
    }
}

/// Turns a row's texts or messages into what the model reads.
public struct PairRenderer: Sendable {
    /// What a chat template is used for.
    public enum Mode: String, Sendable, CaseIterable {
        /// For messages; texts stay as they are.
        case auto
        /// For texts too: a transcript's turns are messages, any other prompt is one user's turn, and a response the assistant's.
        case chat
        /// For nothing: messages are refused.
        case none
    }

    /// What a template is used for.
    public let mode: Mode
    /// The model's template, nil where it has none.
    public let template: ModelTemplate?
    /// The date that the template sees as today.
    public let date: TemplateDate

    /// A renderer.
    public init(mode: Mode, template: ModelTemplate?, date: TemplateDate) {
        self.mode = mode
        self.template = template
        self.date = date
    }

    /// The texts of a pair.
    ///
    /// A prompt of messages ends where the template opens the assistant's turn, or earlier, where the whole conversations diverge from that
    /// text; a response is the rest of its conversation, the end of the turn included, as in TRL.
    /// - Throws: where messages may not or cannot be rendered.
    public func text(of content: PreferencePair.Content) throws(PairFileError.Problem) -> PairText {
        if case .texts(let prompt, let chosen, let rejected) = content, mode != .chat {
            return PairText(prompt: prompt, chosen: chosen, rejected: rejected)
        }
        if case .messages = content, mode == .none { throw .messagesNeedTemplate }
        let messages = content.messages
        return try rendered(messages.prompt, messages.chosen, messages.rejected, tools: messages.tools)
    }

    private func rendered(
        _ prompt: [JSON], _ chosen: [JSON], _ rejected: [JSON], tools: JSON?
    ) throws(PairFileError.Problem) -> PairText {
        guard let template else { throw .noTemplate }
        func render(_ messages: [JSON], _ addGenerationPrompt: Bool) throws(PairFileError.Problem) -> [Unicode.Scalar] {
            do {
                return Array(
                    try template.render(
                        messages, tools: tools, addGenerationPrompt: addGenerationPrompt, date: date
                    ).unicodeScalars)
            } catch {
                if case .unsupported = error.problem { throw .unsupportedTemplate(error.description) }
                throw .template(error.description)
            }
        }
        let opening = try render(prompt, true)
        var boundary = opening.count
        var conversations: [[Unicode.Scalar]] = []
        for response in [chosen, rejected] {
            let conversation = Self.isBlank(response) ? [] : try render(prompt + response, false)
            if !conversation.isEmpty { boundary = min(boundary, zip(opening, conversation).prefix { $0 == $1 }.count) }
            conversations.append(conversation)
        }
        return PairText(
            prompt: Self.string(opening[..<boundary]), chosen: Self.string(conversations[0].dropFirst(boundary)),
            rejected: Self.string(conversations[1].dropFirst(boundary)), isRendered: true)
    }

    /// Whether a response says nothing: its turn would hold the template's own tokens alone.
    private static func isBlank(_ response: [JSON]) -> Bool {
        response.allSatisfy { message in
            let isSilent =
                switch message["content"] {
                case nil, .null: true
                case .string(let text): text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
                case .some: false
                }
            return isSilent && message["tool_calls"] == nil
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
