import JSON
import Markdown
import Notebooks
import References
import Values

/// What the word at a place means, as Markdown, with its last value where it has one.
struct Hover {
    let view: View
    /// The values of a block as they were last computed.
    let values: (_ id: String) -> LastValues?

    /// The help, and the bytes that it is about.
    func help(at offset: Int) -> (text: String, range: Range<Int>)? {
        switch view.cursor(at: offset) {
        case .command(let range):
            let name = view.source.text(range)
            let help =
                name == IncludeBlock.name ? CommandHelp.include : view.catalogue[name].map { CommandHelp.text(for: $0) }
            return help.map { ("```text\n\($0)\n```", range) }
        case .key(let fence, let keys, let range) where keys.isEmpty:
            let name = view.source.text(range)
            return view.catalogue.options(of: fence.command).first { $0.name == name }.map { (text(of: $0), range) }
        default: break
        }
        guard let mention = Names(view).mention(at: offset, in: view.source) else { return nil }
        return (text(of: mention), view.source.bytes(of: mention.whole))
    }

    private func text(of option: OptionDeclaration) -> String {
        let given = option.defaultText.map { "default: `\($0)`" } ?? "required"
        return "**\(option.name)**: \(option.help)\n\n\(option.type); \(given)"
    }

    private func text(of mention: Mention) -> String {
        switch mention.name {
        case .parameter(let name): parameter(name)
        case .work(let key):
            view.analysis.document.citationSource?.bibliography[key].map { "**\(key)**: \(Self.words($0))" }
                ?? "The bibliography has no entry '\(key)'."
        case .block(let id):
            mention.path.flatMap { output(id, String($0.dropFirst(id.count + 1))) } ?? block(id)
        }
    }

    private func parameter(_ name: String) -> String {
        let declared = view.analysis.notebook.frontMatter.parameters.first { $0.name == name }
        let value = view.analysis.document.parameters.first { $0.name == name }?.value
        let help = declared?.help ?? ""
        return Self.paragraphs([
            "**\(name)**" + (help.isEmpty ? "" : ": \(help)"), declared?.type, value.map { "Value: \(Self.code($0))" },
        ])
    }

    /// A value or a table of a block; nil where it is not known.
    private func output(_ id: String, _ name: String) -> String? {
        guard let outputs = view.block(id)?.bound?.head.outputs else { return nil }
        if let columns = outputs.tables[name] {
            let lines = columns.map { column in
                "- `\(column)`" + (outputs.column(column, of: name).map { ": \($0.words)" } ?? "")
            }
            return Self.paragraphs(["**\(id).\(name)**: a table", lines.joined(separator: "\n")])
        }
        guard outputs.values.contains(name) else { return nil }
        let last = values(id)
        let value = last?.values.first { $0.path == name }?.scalar
        return Self.paragraphs([
            "**\(id).\(name)**" + (outputs.value(name).map { ": \($0.words)" } ?? ""),
            value.map { "Last value: \(Self.code($0))" + Self.note(last) } ?? "No value is kept.",
        ])
    }

    private func block(_ id: String) -> String {
        guard let block = view.block(id) else { return "No block has the id '\(id)'." }
        let summary = view.catalogue[block.head.command]?.summary ?? ""
        let last = values(id)
        let shown = last?.values.prefix(12).map { "- `\(id).\($0.path)`: \(Self.code($0.scalar))" } ?? []
        return Self.paragraphs([
            "**\(id)** `{\(block.head.command)}`: \(summary)",
            shown.isEmpty ? nil : "Last values" + Self.note(last) + ":", shown.joined(separator: "\n"),
        ])
    }

    private static func note(_ last: LastValues?) -> String {
        last?.areOfTheseOptions == false ? ", computed with other options" : ""
    }

    private static func paragraphs(_ parts: [String?]) -> String {
        parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func code(_ value: Scalar) -> String {
        switch value {
        case .null: "nothing"
        case .string(let text): "`\(text.shortened.replacing("`", with: "'"))`"
        default: "`\(value.json.text())`"
        }
    }

    /// `Doe, Roe (2020): A title`
    static func words(_ work: Reference) -> String {
        let names = (work.contributors?.names ?? []).map(\.family).joined(separator: ", ")
        let year = work.issued.map { "(\($0.year))" } ?? ""
        let who = [names, year].filter { !$0.isEmpty }.joined(separator: " ")
        return [who, work.text(.title) ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
