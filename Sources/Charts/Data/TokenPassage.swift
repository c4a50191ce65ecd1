/// Tokens under one heading.
public struct TokenPassage<Token: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
    /// What the passage is: `prompt`, `chosen response`.
    public let title: String
    /// Its tokens in order.
    public let tokens: [Token]

    /// A passage out of its parts.
    public init(_ title: String, tokens: [Token]) {
        self.title = title
        self.tokens = tokens
    }
}
