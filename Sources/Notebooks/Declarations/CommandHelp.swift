/// What `patchbook help` says of a command, out of its declarations.
public enum CommandHelp {
    /// Every command with its summary.
    public static func text(for catalogue: Catalogue) -> String {
        let width = catalogue.commands.map { $0.name.count }.max() ?? 0
        let commands = catalogue.commands.map { ($0.name, $0.summary) } + [(IncludeBlock.name, IncludeBlock.summary)]
        return commands.map { padded($0.0, width) + "  " + $0.1 }.joined(separator: "\n")
    }

    /// What `{include}` takes, which is not a command but a part of the language.
    public static var include: String {
        (["{\(IncludeBlock.name)}  \(IncludeBlock.summary)", ""] + options("Options", IncludeBlock.options)).dropLast()
            .joined(separator: "\n")
    }

    /// A command's options with type, default and help, and what each value and column is that it may produce.
    public static func text(for command: any Command.Type) -> String {
        var lines = ["{\(command.name)}  \(command.summary)", ""]
        lines += options("Options", command.options)
        if let list = command.listOption {
            lines += ["The body may also be a list, which is then the option '\(list)'.", ""]
        }
        lines += options("Options of every block", SharedOptions.declarations)
        let outputs = command.outputs
        if !outputs.figures.isEmpty {
            lines += ["Figures, the main one first", "", "  \(outputs.figures.joined(separator: ", "))", ""]
        }
        let hasEstimates = outputs.declaredValues.contains(where: \.isEstimate)
        lines += Self.outputs(
            hasEstimates ? "Values; a claim can be about the paired difference of two that are marked ±" : "Values",
            outputs.declaredValues)
        for table in outputs.declaredTables { lines += Self.outputs("Columns of '\(table.name)'", table.columns) }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func options(_ heading: String, _ options: [OptionDeclaration]) -> [String] {
        guard !options.isEmpty else { return [] }
        let width = options.map(\.name.count).max() ?? 0
        var lines = [heading, ""]
        for option in options {
            let given = option.defaultText.map { "default: \($0)" } ?? "required"
            lines.append("  \(padded(option.name, width))  \(option.type); \(given)")
            lines.append("  \(padded("", width))  \(option.help)")
        }
        return lines + [""]
    }

    private static func outputs(_ heading: String, _ outputs: [OutputDeclaration]) -> [String] {
        guard !outputs.isEmpty else { return [] }
        func name(_ output: OutputDeclaration) -> String { output.name + (output.isEstimate ? " ±" : "") }
        let width = outputs.map { name($0).count }.max() ?? 0
        return [heading, ""] + outputs.map { "  \(padded(name($0), width))  \($0.words)" } + [""]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
