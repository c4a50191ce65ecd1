import Markdown

/// Puts parameters in the place of `$name`, where that is an option's whole plain value, or an entry of its lists and mappings.
struct ParameterSubstitution {
    let values: [ParameterValue]
    /// All names that the front matter declares, also those whose value is wrong, which is a problem of its own.
    let declared: [String]
    /// False when it is unknown which parameters there are.
    let isComplete: Bool

    /// The value with parameters filled in; nil when a parameter has no value.
    func apply(to value: YAMLValue, log: inout ProblemLog) -> YAMLValue? {
        switch value.content {
        case .scalar(let text, let isPlain):
            guard isPlain, text.hasPrefix("$"), ParameterReader.isName(text.dropFirst()) else { return value }
            let name = String(text.dropFirst())
            if let parameter = values.first(where: { $0.name == name }) {
                return parameter.content.value(at: value.location)
            }
            if isComplete, !declared.contains(name) {
                log.add(
                    .unknownParameter, at: value.location, "there is no parameter '\(name.shortened)'",
                    replacements: Suggestion.closest(to: name, among: declared).map { "$" + $0 },
                    help: Surroundings.list("the parameters are", declared)
                        ?? "the front matter declares no parameters")
            }
            return nil
        case .sequence(let entries):
            let filled = entries.map { apply(to: $0, log: &log) }
            let values = filled.compactMap(\.self)
            return values.count == filled.count ? YAMLValue(.sequence(values), at: value.location) : nil
        case .mapping(let entries):
            var filled: [YAMLValue.Entry] = []
            for entry in entries {
                guard let value = apply(to: entry.value, log: &log) else { continue }
                filled.append(YAMLValue.Entry(key: entry.key, keyLocation: entry.keyLocation, value: value))
            }
            return filled.count == entries.count ? YAMLValue(.mapping(filled), at: value.location) : nil
        }
    }
}
