import Markdown

/// What a template may name inside a view; a name that no view has would otherwise come out as nothing, in silence.
enum TemplateField: Sendable {
    /// A text, or a flag.
    case text
    /// A part of the page, or a list of them: a section on it looks inside.
    case view([String: TemplateField])
    /// A list of texts: a section on it writes each as `{{{.}}}`.
    case texts
}

/// Looks at every tag of the templates that a page is put together from.
struct TemplateNames {
    /// The templates that there are, with their texts.
    let files: [String: String]
    /// Templates that the pages were put together from so far.
    private(set) var used: Set<String> = []
    private var checked: Set<[String]> = []

    init(files: [String: String]) { self.files = files }

    /// Checks a page's template and all that it includes.
    /// - Throws: `TemplateError` for a value or a partial that does not exist, and for a template that includes itself.
    mutating func check(_ name: String, _ view: [String: TemplateField]) throws(TemplateError) {
        try check(name, [Scope(name: "", fields: view)], within: [])
    }

    private struct Scope {
        /// The section that opened it.
        let name: String
        let fields: [String: TemplateField]
    }

    private mutating func check(_ name: String, _ scopes: [Scope], within path: [String]) throws(TemplateError) {
        used.insert(name)
        guard checked.insert([name] + scopes.map(\.name)).inserted, let text = files[name] else { return }
        var scopes = scopes
        for tag in TemplateTag.all(in: text) {
            let place = (file: "\(name).mustache", line: tag.line)
            switch tag.kind {
            case .comment: continue
            case .end:
                if scopes.count > 1 { scopes.removeLast() }
            case .partial:
                guard files[tag.name] != nil else {
                    throw TemplateError(
                        file: place.file, line: place.line, problem: "there is no partial '\(tag.name).mustache'")
                }
                let way = path + [name]
                if way.contains(tag.name) {
                    throw TemplateError(
                        file: place.file, line: place.line,
                        problem: "'\(tag.name).mustache' includes itself"
                            + (tag.name == name
                                ? ""
                                : ", through "
                                    + way.drop { $0 != tag.name }.dropFirst().map { "'\($0).mustache'" }.joined(
                                        separator: " and ")))
                }
                try check(tag.name, scopes, within: way)
            case .value, .section, .inverted:
                let field = try field(tag, scopes, place)
                if tag.kind == .value {
                    if case .text = field { continue }
                    throw TemplateError(
                        file: place.file, line: place.line,
                        problem: "'\(tag.name)' is a part of the page and not a text: open it with '{{#\(tag.name)}}'")
                }
                // What stands in a section that is shown where a value is missing sees what its surroundings see.
                if tag.kind == .section, case .view(let fields) = field {
                    scopes.append(Scope(name: tag.name, fields: fields))
                } else {
                    scopes.append(Scope(name: tag.name, fields: [:]))
                }
            case .other:
                throw TemplateError(
                    file: place.file, line: place.line,
                    problem: "a tag that begins with '\(tag.name.prefix(1))' is not known here")
            }
        }
    }

    private func field(
        _ tag: TemplateTag, _ scopes: [Scope], _ place: (file: String, line: Int)
    ) throws(TemplateError) -> TemplateField {
        if tag.name == "." { return .text }
        var found: TemplateField?
        for (index, part) in tag.name.split(separator: ".", omittingEmptySubsequences: false).enumerated() {
            let visible: [[String: TemplateField]]
            if index == 0 {
                visible = scopes.reversed().map(\.fields)
            } else if case .view(let fields)? = found {
                visible = [fields]
            } else {
                visible = []
            }
            found = visible.lazy.compactMap { $0[String(part)] }.first
            guard found != nil else {
                let names = Set(visible.flatMap(\.keys)).sorted()
                let close = Suggestion.closest(to: String(part), among: names)
                throw TemplateError(
                    file: place.file, line: place.line,
                    problem: "there is no value '\(part)' here; "
                        + (Suggestion.question(close).map { "\($0) " } ?? "")
                        + (names.isEmpty
                            ? "nothing is inside that" : "values here are \(names.joined(separator: ", "))"))
            }
        }
        return found ?? .text
    }
}

/// One tag of a Mustache template.
struct TemplateTag: Equatable {
    enum Kind: Equatable {
        case value, section, inverted, end, partial, comment, other
    }

    let kind: Kind
    let name: String
    /// Counts from 1.
    let line: Int

    /// The tags of a template, in order.
    static func all(in text: String) -> [TemplateTag] {
        var tags: [TemplateTag] = []
        var line = 1
        for (index, part) in text.split(separator: "{{", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { tags.append(TemplateTag(part.prefix { $0 != "}" }, line: line)) }
            line += part.count { $0.isNewline }
        }
        return tags
    }

    private init(_ text: Substring, line: Int) {
        let marks: [Character: Kind] = [
            "{": .value, "&": .value, "#": .section, "^": .inverted, "/": .end, ">": .partial, "!": .comment,
        ]
        let known = text.first.flatMap { marks[$0] }
        let name = (known == nil ? text : text.dropFirst()).filter { !$0.isWhitespace }
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
        self.line = line
        self.name = name
        kind = known == .comment ? .comment : !isPlain || name.isEmpty ? .other : known ?? .value
    }
}
