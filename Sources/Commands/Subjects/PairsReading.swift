import ChatTemplates
import Markdown
import Notebooks
import Preferences

/// How the options of `{pairs}` that are not plain scalars are read.
enum PairsReading {
    /// The day that Llama 3's own template names where it is told none.
    static let date = "2024-07-26"

    static let columns: @Sendable (YAMLValue) throws(OptionMismatch) -> PairColumns? = {
        (value) throws(OptionMismatch) in
        guard let entries = value.mapping else { throw OptionMismatch("found \(value.inWords)", at: value.location) }
        let names = ["prompt", "chosen", "rejected"]
        for entry in entries where !names.contains(entry.key) {
            throw OptionMismatch("'\(entry.key)' is not one of them", at: entry.keyLocation)
        }
        func name(_ key: String) throws(OptionMismatch) -> String? {
            guard let column = value[key] else { return nil }
            guard let text = column.text, !text.isEmpty else {
                throw OptionMismatch("'\(key)' is \(column.inWords)", at: column.location)
            }
            return text
        }
        guard let chosen = try name("chosen"), let rejected = try name("rejected") else {
            throw OptionMismatch("'chosen' and 'rejected' must both be named", at: value.location)
        }
        return PairColumns(prompt: try name("prompt"), chosen: chosen, rejected: rejected)
    }

    static let normal: @Sendable (PairColumns?) -> OptionValue = { columns in
        guard let columns else { return .scalar(.null) }
        let named = [("prompt", columns.prompt), ("chosen", columns.chosen), ("rejected", columns.rejected)]
        return .map(named.compactMap { key, name in name.map { .init(key: key, value: .scalar(.string($0))) } })
    }
}

extension Option where Value == TemplateDate {
    /// A day, as ISO 8601 writes it.
    static func day(_ name: String, default fallback: String, help: String) -> Option {
        guard let day = TemplateDate(fallback) else { preconditionFailure("the default of '\(name)' is no day") }
        return Option(
            name, type: "a day such as 2024-07-26", help: help, defaultText: fallback, fallback: day,
            normal: { .scalar(.string($0.description)) },
            read: { (value) throws(OptionMismatch) in
                guard let day = value.text.flatMap({ TemplateDate($0) }) else {
                    throw OptionMismatch("found \(value.inWords)", at: value.location)
                }
                return day
            })
    }
}
