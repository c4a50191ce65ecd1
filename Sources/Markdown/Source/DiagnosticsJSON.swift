import JSON

extension Diagnostic {
    /// `{"file", "line", "column", "end", "severity", "code", "message", "help", "replacements", "excerpt"}`; line, column, end and
    /// excerpt are null where the problem has no place, help where there is none.
    public var json: JSON {
        .object([
            JSON.Member("file", .string(file)),
            JSON.Member("line", location.map { .int($0.line) } ?? .null),
            JSON.Member("column", location.map { .int($0.column) } ?? .null),
            JSON.Member(
                "end",
                end.map {
                    .object([JSON.Member("line", .int($0.line)), JSON.Member("column", .int($0.column))])
                } ?? .null),
            JSON.Member("severity", .string(severity.rawValue)),
            JSON.Member("code", .string(code.rawValue)),
            JSON.Member("message", .string(message)),
            JSON.Member("help", help.map { .string($0) } ?? .null),
            JSON.Member("replacements", .array(replacements.map { .string($0) })),
            JSON.Member("excerpt", excerpt.map { .string($0) } ?? .null),
        ])
    }
}
