import Markdown
import References

/// What a notebook says of itself between two `---` lines at its top.
public struct FrontMatter: Sendable {
    /// The title as written, with inline values still to be read.
    var title: YAMLValue?
    var subtitle: YAMLValue?
    /// Its abstract as written.
    var abstract: YAMLValue?
    /// Authors, date and headline values; without the abstract, whose text is still to be read.
    var publication = Publication()
    /// The path of the works to cite, with its place; nil when there is none.
    package internal(set) var bibliography: YAMLValue?
    /// How citations look.
    public var citationStyle = CitationStyle.authorYear
    /// 0 when none is given.
    public var seed: UInt64 = 0
    /// In the order they are declared.
    public var parameters: [Parameter] = []
    /// Names whose declaration is wrong, so that their uses are not reported as well.
    var brokenParameters: [String] = []
    /// False when the front matter is not YAML, so that nothing is known of its parameters.
    var isRead = true

    /// The seed as a parameter that can be set from outside; none where a parameter has that name.
    var seedParameter: [Parameter] {
        guard !brokenParameters.contains(Parameter.seed), !parameters.contains(where: { $0.name == Parameter.seed })
        else { return [] }
        return [
            Parameter(
                name: Parameter.seed, kind: .int, least: 0, greatest: nil, choices: [], element: nil,
                fallback: .one(.int(Int(clamping: seed))), help: "the seed of all randomness",
                location: SourceLocation(line: 1, column: 1))
        ]
    }

    package static let keys = [
        "title", "subtitle", "author", "date", "doi", "abstract", "headline", "bibliography", "citation_style", "seed",
        "params",
    ]

    /// The lines between the two `---`, counted from 1, and the first line after them; nil when the text has no front matter.
    package static func lines(of source: SourceText, log: inout ProblemLog) -> (yaml: Range<Int>, rest: Int)? {
        let first = firstLine(of: source)
        guard isFence(first, of: source, mayBeIndented: true) else { return nil }
        let opening = source.location(of: source.content(ofLine: first))
        let end = stride(from: first + 1, through: source.lineCount, by: 1).first { isFence($0, of: source) }
        // What no key follows is a thematic break.
        let inside = first + 1..<max(first + 1, end ?? min(first + 2, source.lineCount + 1))
        let key = inside.lazy.compactMap { line in
            let text = source.text(source.content(ofLine: line))
            return keys.first { text.hasPrefix($0 + ":") }
        }.first
        if first > 1 || !isFence(1, of: source) {
            guard key != nil else { return nil }
            addLate(at: opening, to: &log)
        }
        if let end { return (first + 1..<end, end + 1) }
        if let key {
            log.add(
                .unclosedFrontMatter, at: opening,
                "front matter begins here with '\(key)', but no line '---' ends it")
        }
        return nil
    }

    /// Where a text has misplaced front matter: its keys between two `---` lines, outside code and HTML.
    static func late(in source: SourceText, from first: Int) -> SourceLocation? {
        let places = stride(from: first, to: source.lineCount, by: 1).filter {
            isFence($0, of: source) && areKeys(after: $0, of: source)
        }
        guard !places.isEmpty else { return nil }
        let closed = Set(TextOutline(source, from: first).closed.joined())
        return places.first { !closed.contains($0) }.map { source.location(of: source.content(ofLine: $0)) }
    }

    /// Says that front matter is not where it belongs.
    static func addLate(at location: SourceLocation, to log: inout ProblemLog) {
        log.add(
            .badFrontMatter, at: location, "front matter must begin on the first line, with nothing before it",
            help: "move it there: nothing else is read as title, seed or parameters")
    }

    /// Whether all lines from an opening `---` to the next one are `key: …` or belong to such a line, and one key is known.
    private static func areKeys(after opening: Int, of source: SourceText) -> Bool {
        var isKnown = false
        for line in stride(from: opening + 1, through: source.lineCount, by: 1) {
            if isFence(line, of: source) { return isKnown }
            let text = source.text(source.range(ofLine: line))
            if line > opening + 1, text.allSatisfy(\.isWhitespace) || text.hasPrefix(" ") || text.hasPrefix("- ") {
                continue
            }
            let key = text.prefix { $0.isLetter || $0 == "_" }
            let rest = text.dropFirst(key.count)
            guard !key.isEmpty, rest == ":" || rest.hasPrefix(": ") else { return false }
            isKnown = isKnown || keys.contains(String(key))
        }
        return false
    }

    /// The first line that is neither blank nor part of a comment.
    private static func firstLine(of source: SourceText) -> Int {
        var line = 1
        var isInComment = false
        while line < source.lineCount {
            let text = source.text(source.content(ofLine: line))
            if isInComment || text.hasPrefix("<!--") {
                isInComment = !text.contains("-->")
            } else if !text.allSatisfy(\.isWhitespace) {
                break
            }
            line += 1
        }
        return line
    }

    /// Whether a line is `---`.
    static func isFence(_ line: Int, of source: SourceText, mayBeIndented: Bool = false) -> Bool {
        let bytes = source.bytes[mayBeIndented ? source.content(ofLine: line) : source.range(ofLine: line)]
        return bytes.starts(with: "---".utf8)
            && bytes.dropFirst(3).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    init(isRead: Bool = true) { self.isRead = isRead }

    /// Reads the mapping, adding each problem to the log.
    init(_ value: YAMLValue, log: inout ProblemLog) {
        guard let entries = value.mapping else {
            log.add(.yamlKind, at: value.location, "front matter is a mapping such as 'title: …', not \(value.inWords)")
            return
        }
        for entry in entries {
            switch entry.key {
            case "title": title = text(entry, log: &log)
            case "subtitle": subtitle = text(entry, log: &log)
            case "author": publication.authors = PublicationReader.authors(entry.value, log: &log)
            case "date": publication.date = PublicationReader.date(entry.value, log: &log)
            case "doi": publication.doi = PublicationReader.doi(entry.value, log: &log)
            case "abstract": abstract = text(entry, log: &log)
            case "headline": publication.headline = PublicationReader.headline(entry.value, log: &log)
            case "bibliography": bibliography = text(entry, log: &log)
            case "citation_style":
                let names = CitationStyle.allCases.map(\.rawValue)
                if let style = entry.value.text.flatMap(CitationStyle.init) {
                    citationStyle = style
                } else {
                    log.add(
                        .badFrontMatter, at: entry.value.location,
                        "'citation_style' takes \(names.map { "'\($0)'" }.joined(separator: " or ")), not \(entry.value.inWords)",
                        replacements: Suggestion.closest(to: entry.value.text ?? "", among: names))
                }
            case "seed":
                if case .int(let number)? = entry.value.scalar, number >= 0 {
                    seed = UInt64(number)
                } else {
                    log.add(
                        .badFrontMatter, at: entry.value.location,
                        "'seed' takes a whole number from 0 to 9223372036854775807, not \(entry.value.inWords)")
                }
            case "params":
                parameters = ParameterReader.parameters(entry.value, log: &log)
                let names = entry.value.mapping?.map(\.key) ?? []
                brokenParameters = names.filter { name in !parameters.contains { $0.name == name } }
            default:
                log.add(
                    .unknownKey, at: entry.keyLocation, "front matter has no key '\(entry.key.shortened)'",
                    replacements: Suggestion.closest(to: entry.key, among: Self.keys),
                    help: Surroundings.list("its keys are", Self.keys))
            }
        }
    }

    private func text(_ entry: YAMLValue.Entry, log: inout ProblemLog) -> YAMLValue? {
        if entry.value.text != nil, entry.value.scalar != .null { return entry.value }
        log.add(.badFrontMatter, at: entry.value.location, "'\(entry.key)' takes a text, not \(entry.value.inWords)")
        return nil
    }
}
