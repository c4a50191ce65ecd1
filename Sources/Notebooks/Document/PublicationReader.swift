import Markdown

/// Reads what front matter says of the notebook as a publication, adding each problem to the log.
enum PublicationReader {
    static let authorKeys = ["name", "orcid", "affiliation"]

    /// One author, or a list of them; each is a name, or a mapping with one.
    static func authors(_ value: YAMLValue, log: inout ProblemLog) -> [Publication.Author] {
        var authors: [Publication.Author] = []
        let entries = value.sequence ?? [value]
        if entries.isEmpty { log.add(.badFrontMatter, at: value.location, "the list of authors is empty") }
        for entry in entries {
            if let author = author(entry, log: &log) { authors.append(author) }
        }
        return authors
    }

    private static func author(_ value: YAMLValue, log: inout ProblemLog) -> Publication.Author? {
        if let name = text(value) { return Publication.Author(name) }
        guard let entries = value.mapping else {
            log.add(
                .badFrontMatter, at: value.location,
                "an author is a name, or a mapping such as '{name: A. Author, orcid: 0000-0002-1825-0097}', not \(value.inWords)"
            )
            return nil
        }
        var texts: [String: String] = [:]
        var isWell = true
        for entry in entries {
            guard authorKeys.contains(entry.key) else {
                log.add(
                    .unknownKey, at: entry.keyLocation, "an author has no key '\(entry.key.shortened)'",
                    replacements: Suggestion.closest(to: entry.key, among: authorKeys),
                    help: Surroundings.list("its keys are", authorKeys))
                isWell = false
                continue
            }
            guard let found = text(entry.value) else {
                log.add(
                    .badFrontMatter, at: entry.value.location,
                    "an author's '\(entry.key)' takes a text, not \(entry.value.inWords)")
                isWell = false
                continue
            }
            if entry.key == "orcid", !isORCID(found) {
                log.add(
                    .badFrontMatter, at: entry.value.location, "'\(found.shortened)' is not an ORCID iD",
                    help: "an ORCID iD has 16 digits, the last of which checks the others, such as 0000-0002-1825-0097")
                isWell = false
            }
            texts[entry.key] = found
        }
        guard let name = texts["name"] else {
            if isWell { log.add(.badFrontMatter, at: value.location, "an author needs a 'name'") }
            return nil
        }
        return isWell ? Publication.Author(name, orcid: texts["orcid"], affiliation: texts["affiliation"]) : nil
    }

    /// A day as `2026-11-29`; nil after adding what is wrong.
    static func date(_ value: YAMLValue, log: inout ProblemLog) -> String? {
        if let text = value.text, isDay(text) { return text }
        log.add(
            .badFrontMatter, at: value.location, "'date' takes a day such as '2026-11-29', not \(value.inWords)")
        return nil
    }

    /// A DOI such as `10.1000/182`; nil after adding what is wrong.
    static func doi(_ value: YAMLValue, log: inout ProblemLog) -> String? {
        if let text = value.text, text.wholeMatch(of: /10\.[0-9]{4,9}\/[^\s"<>]+/) != nil { return text }
        let text = value.text ?? ""
        let bare = text.firstMatch(of: /10\.[0-9]{4,9}\/[^\s"<>]+/).map { String($0.0) }
        log.add(
            .badFrontMatter, at: value.location, "'doi' takes a DOI such as '10.1000/182', not \(value.inWords)",
            replacements: [bare].compactMap(\.self))
        return nil
    }

    /// Values by path, each with a format after a `|` if its author gave one, as a list or by name; binding checks that they exist.
    static func headline(_ value: YAMLValue, log: inout ProblemLog) -> [Publication.Headline] {
        var values: [Publication.Headline] = []
        let entries: [(name: String?, value: YAMLValue)] =
            value.mapping?.map { ($0.key, $0.value) } ?? (value.sequence ?? [value]).map { (nil, $0) }
        for (name, entry) in entries {
            guard let text = text(entry) else {
                log.add(
                    .badFrontMatter, at: entry.location,
                    "'headline' takes values such as 'sweep.step.share | .0%', not \(entry.inWords)")
                continue
            }
            switch InlineValueSyntax.parts(of: "{= \(text) }") {
            case .success(let parts):
                values.append(
                    Publication.Headline(
                        InlineValue(
                            path: parts.path, format: parts.format, location: entry.location(of: parts.path),
                            formatLocation: entry.location(of: parts.format)), name: name))
            case .failure(let error):
                log.add(
                    .badFrontMatter, at: entry.location,
                    "'\(text.shortened)' is not a value such as 'sweep.step.share | .0%': \(error.problem)")
            }
        }
        return values
    }

    private static func text(_ value: YAMLValue) -> String? {
        guard let text = value.text, !value.isNull, !text.allSatisfy(\.isWhitespace) else { return nil }
        return text
    }

    /// Whether sixteen digits stand in groups of four, and the last checks the others (ISO 7064, MOD 11-2).
    private static func isORCID(_ text: String) -> Bool {
        guard text.wholeMatch(of: /([0-9]{4}-){3}[0-9]{3}[0-9X]/) != nil else { return false }
        let digits = text.compactMap { $0 == "X" ? 10 : $0.wholeNumberValue }
        let sum = digits.dropLast().reduce(0) { ($0 + $1) * 2 % 11 }
        return (12 - sum) % 11 == digits.last
    }

    /// Whether the text is a day of the calendar, `YYYY-MM-DD`.
    private static func isDay(_ text: String) -> Bool {
        guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/), let year = Int(match.1),
            let month = Int(match.2), let day = Int(match.3), (1...12).contains(month), day > 0
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
