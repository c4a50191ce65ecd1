import Charts
import Markdown
import Notebooks
import Values

/// Values of an evaluation as a page quotes them.
struct QuotedValues {
    let evaluation: Evaluation

    /// The value of a path in the form that its author asked for.
    /// - Throws: `ReportError` when no block has it or the format does not suit it.
    func text(_ value: InlineValue) throws(ReportError) -> String {
        if isMissing(value) { return "?" }
        let scalar = try scalar(value)
        if case .null = scalar { return "—" }
        do {
            return try ValueFormat(value.format).format(scalar, interval: evaluation.interval(of: value.path))
        } catch {
            throw .format(path: value.path, problem: error.description)
        }
    }

    /// The value as `<data>`, linked to the block it came from.
    /// - Parameter isLinked: false inside another link.
    func html(_ value: InlineValue, isLinked: Bool) throws(ReportError) -> String {
        if isMissing(value) { return "<span class=\"pb-failed\" title=\"its block gave no result\">?</span>" }
        let scalar = try scalar(value)
        let shown = Markup.escaped(try text(value))
        let exact = Markup.escaped(Self.exact(scalar))
        let title = scalar == .null ? " title=\"no value: not defined here\"" : ""
        let anchor = value.path.hasPrefix("params.") ? "parameters" : "block-\(value.path.prefix { $0 != "." })"
        let inner = isLinked ? "<a href=\"#\(Markup.escaped(anchor))\">\(shown)</a>" : shown
        // A list of layers may be longer than a line of a telephone.
        let kind = shown.count > 24 ? "pb-value pb-long" : "pb-value"
        return "<data class=\"\(kind)\" value=\"\(exact)\"\(title)>\(inner)</data>"
    }

    /// Where a link leads: `#sweep` to the block of that id, all else as it is written.
    func address(_ destination: String) -> String {
        guard destination.hasPrefix("#"), isBlock(destination.dropFirst()) else { return destination }
        return "#block-" + destination.dropFirst()
    }

    /// Whether the value is of a block that gave no result.
    private func isMissing(_ value: InlineValue) -> Bool {
        evaluation.blocks.contains { $0.head.id == value.id && $0.failure != nil }
    }

    private func isBlock(_ id: Substring) -> Bool { evaluation.blocks.contains { $0.head.id == id } }

    private func scalar(_ value: InlineValue) throws(ReportError) -> Scalar {
        guard let scalar = evaluation.value(value.path) else { throw .missingValue(value.path) }
        if case .number(let number) = scalar, !number.isFinite { return .null }
        return scalar
    }

    /// A scalar with all its digits; empty for null.
    static func exact(_ scalar: Scalar) -> String {
        switch scalar {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .number(let value): value.isFinite ? value.description : ""
        case .string(let value): value
        }
    }
}
