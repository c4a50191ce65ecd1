/// The options that every block takes.
package enum SharedOptions {
    static let id = Option.string(
        "id", effect: .presentational,
        help: "the block's name, by which text and other blocks refer to it; small letters, digits and '-'"
    ).optional
    static let caption = Option.string(
        "caption", effect: .presentational,
        help: "Markdown under the figures and tables; may hold inline values"
    ).optional
    static let alt = Option.string(
        "alt", effect: .presentational,
        help: "Markdown that describes the first figure to a reader who cannot see it; may hold inline values"
    ).optional
    static let show = Option.show(
        "show",
        help:
            "which parts of the result the page shows; 'main' opens the main figure and folds the others, 'folded' folds all or, in a list, those not named"
    )

    package static let declarations = [id.declaration, caption.declaration, alt.declaration, show.declaration]

    package static func isID(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
}
