import Markdown

/// `{include}`: another Markdown text read as if it were written here.
public struct IncludeBlock: Sendable {
    /// The name in the fence.
    public static let name = "include"
    /// One line of help.
    public static let summary = "Reads another Markdown text as if it were written here."
    static let path = Option<String>.path(
        "path", to: .file, effect: .presentational,
        help: "the Markdown file, itself and no parameter; like every path, relative to the notebook's folder")
    /// Its only option.
    public static let options = [path.declaration]

    /// The block's fence.
    let location: SourceLocation
    /// The path with its place; nil after adding what is wrong to the log.
    let path: (text: String, location: SourceLocation)?

    init(_ body: YAMLValue, at location: SourceLocation, log: inout ProblemLog) {
        self.location = location
        guard let entries = body.mapping else {
            log.add(
                .yamlKind, at: body.location,
                "the body of {include} is a mapping of options such as 'path: …', not \(body.inWords)")
            path = nil
            return
        }
        for entry in entries where entry.key != "path" {
            log.add(
                .unknownOption, at: entry.keyLocation,
                "{include} has no option '\(entry.key.shortened)'",
                replacements: Suggestion.closest(to: entry.key, among: ["path"]), help: "its only option is 'path'")
        }
        guard let value = body["path"] else {
            log.add(
                .missingOption, at: location, "block {include} needs the option 'path': a path",
                help: Self.path.declaration.help)
            path = nil
            return
        }
        guard let text = value.text, value.scalar != .null else {
            log.add(.badOption, at: value.location, "option 'path' takes a path, but \(value.inWords) is not a path")
            path = nil
            return
        }
        if case .scalar(_, isPlain: true) = value.content, text.hasPrefix("$"), ParameterReader.isName(text.dropFirst())
        {
            log.add(
                .badOption, at: value.location,
                "{include} takes no parameters: texts are read before '\(text.shortened)' has a value",
                help: "name the file itself, or include several texts")
            path = nil
            return
        }
        path = (text, value.location)
    }
}
