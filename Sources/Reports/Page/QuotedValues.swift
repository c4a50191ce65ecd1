import Charts
import Markdown
import Notebooks
import Values

/// Values of an evaluation as a page quotes them.
struct QuotedValues {
    let evaluation: Evaluation
    /// The citations of the page, which count as its text mentions them.
    let citations: PageCitations

    init(evaluation: Evaluation) {
        self.evaluation = evaluation
        citations = PageCitations(evaluation)
    }

    /// The value of a path in the form that its author asked for.
    /// - Throws: `ReportError` when no block has it or the format does not suit it.
    func text(_ value: InlineValue) throws(ReportError) -> String {
        if isMissing(value) { return "?" }
        let scalar = try scalar(value)
        if case .null = scalar { return "—" }
        do {
            let format = value.format.isEmpty ? .plain(for: value.path) : try ValueFormat(value.format)
            return format.format(scalar, interval: evaluation.interval(of: value.path))
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
        let anchor = value.path.hasPrefix("params.") ? "parameters" : "block-\(value.path.prefix { $0 != "." })"
        let inner = isLinked ? "<a href=\"#\(Markup.escaped(anchor))\">\(shown)</a>" : shown
        // A list of layers may be longer than a line of a telephone.
        let kind = shown.count > 24 ? "pb-value pb-long" : "pb-value"
        let title = Markup.escaped(words(for: value, scalar))
        return "<data class=\"\(kind)\" value=\"\(exact)\" title=\"\(title)\">\(inner)</data>"
    }

    /// What a value is: its path, what its command says of it, its interval, and the pairs it comes from; a line each.
    private func words(for value: InlineValue, _ scalar: Scalar) -> String {
        var lines = [value.path]
        if let help = declaration(of: value)?.words { lines.append(help) }
        if scalar == .null { lines.append("no value: not defined here") }
        if let (lower, upper) = evaluation.interval(of: value.path), lower != .null, upper != .null {
            lines.append("interval \(lower.text) to \(upper.text)")
        }
        if let pairs = pairs(of: value) { lines.append(pairs) }
        return lines.joined(separator: "\n")
    }

    private func declaration(of value: InlineValue) -> OutputDeclaration? {
        let block = evaluation.blocks.first { $0.head.id == value.id }
        return block?.head.outputs.value(String(value.path.dropFirst(value.id.count + 1)))
    }

    /// `from the 40 pairs of 'heldout'`: of the block's own pairs, where its option names some.
    private func pairs(of value: InlineValue) -> String? {
        guard let block = evaluation.blocks.first(where: { $0.head.id == value.id }),
            case .scalar(.string(let id))? = block.result.option("pairs"),
            let count = evaluation.value("\(id).count")
        else { return nil }
        return "from the \(count.text) pairs of '\(id)'"
    }

    /// What a headline value is called: the author's name for it, else what its command says that it is, else its path.
    func name(of headline: Publication.Headline) -> String {
        headline.name ?? declaration(of: headline.value)?.words ?? headline.value.path
    }

    /// A value of a page's head, with its interval where there is one and the format does not write it already.
    func headline(_ value: InlineValue) throws(ReportError) -> String {
        let html = try html(value, isLinked: true)
        guard let format = try? ValueFormat(value.format), !format.showsInterval,
            let (lower, upper) = evaluation.interval(of: value.path), lower != .null, upper != .null
        else { return html }
        return html + " [\(Markup.escaped(format.format(lower))), \(Markup.escaped(format.format(upper)))]"
    }

    /// Whether the value is of a block that gave no result.
    private func isMissing(_ value: InlineValue) -> Bool {
        evaluation.blocks.contains { $0.head.id == value.id && $0.failure != nil }
    }

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
