/// The reference page of all commands, `docs/commands.md`, out of their declarations.
public enum CommandReference {
    /// The page as Markdown.
    /// - Parameter examples: notebooks; the first block of a command in them tells the command's outputs.
    public static func markdown(for catalogue: Catalogue, examples: [Analysis] = []) -> String {
        var lines = [
            "# Commands", "",
            "Made by `patchbook help --markdown` from the commands' own declarations; `patchbook help <command>` says the same.",
            "An option marked *shown* changes only how a result looks, and never makes a block run again.",
            "Values and tables are those of an example in `notebooks/tour.md` or `docs/every-command.md`; options may bring others.",
            "± marks estimates: a claim can be about the paired difference of two of them (`a - b > 0`).",
            "",
        ]
        lines += catalogue.commands.map { "- [`{\($0.name)}`](#\($0.name)): \($0.summary)" }
        lines += ["- [`{\(IncludeBlock.name)}`](#\(IncludeBlock.name)): \(IncludeBlock.summary)", ""]
        lines += ["## Options of every block", ""] + table(SharedOptions.declarations)
        let blocks = examples.flatMap(\.blocks)
        for command in catalogue.commands {
            lines += ["## \(command.name)", "", command.summary, ""] + table(command.options)
            if let list = command.listOption {
                lines += ["The body may also be a plain list, which is then the option `\(list)`.", ""]
            }
            if let block = blocks.first(where: { $0.name == command.name }) { lines += outputs(of: block.command) }
        }
        lines += ["## \(IncludeBlock.name)", "", IncludeBlock.summary, ""] + table(IncludeBlock.options)
        lines += ["It takes none of the options of every block."]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ options: [OptionDeclaration]) -> [String] {
        guard !options.isEmpty else { return ["It takes no options of its own.", ""] }
        let rows = options.map { option in
            let given = option.defaultText.map { "`\(cell($0))`" } ?? "*required*"
            let mark = option.effect == .presentational ? " *Shown.*" : ""
            return "| `\(option.name)` | \(cell(option.type)) | \(given) | \(cell(option.help)).\(mark) |"
        }
        return ["| option | takes | default | what it does |", "| --- | --- | --- | --- |"] + rows + [""]
    }

    private static func outputs(of command: any Command) -> [String] {
        let outputs = command.outputs
        let parts =
            [("value", outputs.declaredValues)]
            + outputs.declaredTables.sorted { $0.name < $1.name }.map { ("column of `\($0.name)`", $0.columns) }
        if parts.contains(where: { $0.1.contains { $0.help.isEmpty } }) {
            return ["Its tables have the columns that the author names.", ""]
        }
        let figures =
            outputs.figures.isEmpty
            ? []
            : ["Its figures, the main one first: \(outputs.figures.map { "`\($0)`" }.joined(separator: ", ")).", ""]
        return figures
            + parts.filter { !$0.1.isEmpty }.flatMap { heading, declarations in
                ["| \(heading) | what it is |", "| --- | --- |"]
                    + declarations.map { "| `\($0.name)`\($0.isEstimate ? " ±" : "") | \(cell($0.words)) |" } + [""]
            }
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
