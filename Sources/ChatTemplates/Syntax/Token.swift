/// A piece of a template.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// Text outside tags, trimmed as the tags around it say.
        case data(Text)
        /// `{{`, `}}`, `{%` and `%}`, with any sign that trims.
        case outputBegin, outputEnd, blockBegin, blockEnd
        case name(String)
        case text(Text)
        case int(Int)
        case float(Double)
        case mark(String)
        case end
    }

    let kind: Kind
    let place: Place

    /// The token in an error's sentence.
    var inWords: String {
        switch kind {
        case .data: "text"
        case .outputBegin: "'{{'"
        case .outputEnd: "'}}'"
        case .blockBegin: "'{%'"
        case .blockEnd: "'%}'"
        case .name(let name): "'\(name)'"
        case .text: "a string"
        case .int, .float: "a number"
        case .mark(let mark): "'\(mark)'"
        case .end: "the end of the template"
        }
    }
}
