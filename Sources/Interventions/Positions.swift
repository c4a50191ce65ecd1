import Transformers

/// Which tokens of a pair an edit touches; P is the number of prompt tokens.
public enum Positions: String, Sendable, Hashable, CaseIterable {
    /// Every token.
    case all
    /// `P…`: every response token; the last prompt token, which predicts the first of them, is not in it.
    case response
    /// `0…P−1`
    case prompt
    /// `P−1`
    case lastPrompt = "last_prompt"

    /// The rows of a packed pair.
    func rows(of tree: TokenTree) -> Range<Int> {
        let prompt = tree.trunk.count
        return switch self {
        case .all: 0..<tree.rows
        case .response: prompt..<tree.rows
        case .prompt: 0..<prompt
        case .lastPrompt: max(prompt - 1, 0)..<prompt
        }
    }
}
