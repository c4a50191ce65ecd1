/// A regular expression over module names, as PEFT matches it, in the part of Python's syntax that module names need.
///
/// Backtracking takes exponential time on repeated groups and a high power of the name's length on many repetitions, so a pattern
/// has few repetitions, and no group is repeated.
struct ModulePattern: Sendable {
    /// Compiled once, and never changed.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>

    /// A pattern for a whole name, or for its end after a dot.
    init(ending pattern: String, file: String, place: String) throws(CheckpointError) {
        try self.init(matching: #"(.*\.)?("# + pattern + ")", written: pattern, file: file, place: place)
    }

    /// A pattern for a whole name.
    init(matching pattern: String, file: String, place: String) throws(CheckpointError) {
        try self.init(matching: pattern, written: pattern, file: file, place: place)
    }

    private init(
        matching pattern: String, written: String, file: String, place: String
    ) throws(CheckpointError) {
        func refuse(_ reason: String) -> CheckpointError {
            CheckpointError(
                file: file, place: place, problem: "has the pattern '\(written)', \(reason)")
        }
        guard written.utf8.count <= 1024, Self.repetitions(written) <= 4, !Self.repeatsGroup(written) else {
            throw refuse("expected one with at most 4 repetitions, none of them of a group")
        }
        guard let regex = try? Regex(pattern) else { throw refuse("expected a regular expression") }
        self.regex = regex
    }

    /// Whether the pattern matches all of a name.
    func matches(_ module: String) -> Bool {
        module.utf8.count <= 1024 && (try? regex.wholeMatch(in: module)) != nil
    }

    /// How many repetitions without an end, or with a count, there are.
    private static func repetitions(_ pattern: String) -> Int {
        unescaped(pattern).filter { "*+{".contains($0) }.count
    }

    private static func repeatsGroup(_ pattern: String) -> Bool {
        let characters = unescaped(pattern)
        return zip(characters, characters.dropFirst()).contains { $0 == ")" && "*+{".contains($1) }
    }

    /// The pattern without what a backslash escapes and without what square brackets hold.
    private static func unescaped(_ pattern: String) -> [Character] {
        var (kept, isEscaped, isInside) = ([Character](), false, false)
        for character in pattern {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if isInside {
                isInside = character != "]"
            } else {
                isInside = character == "["
                kept.append(character)
            }
        }
        return kept
    }
}
