/// The values that text and claims may quote, known before anything runs.
struct ValuePaths: Sendable {
    /// Blocks with what they will hand on; nil outputs for a block that did not bind.
    let blocks: [(id: String, outputs: Outputs?)]
    let parameters: [String]
    private let knowsParameters: Bool

    init(_ surroundings: Surroundings) {
        blocks = surroundings.above.map { ($0.id, $0.outputs) }
        parameters = surroundings.parameters.map(\.name) + surroundings.broken
        knowsParameters = surroundings.knowsParameters
    }

    /// Checks a full path such as `sweep.peak.layer` or `params.limit`.
    /// - Throws: what is wrong, as a whole sentence.
    func check(_ path: String) throws(OptionMismatch) {
        let shown = YAMLValue.shortened(path)
        let dot = path.firstIndex(of: ".")
        let id = String(path[..<(dot ?? path.endIndex)])
        let name = dot.map { String(path[path.index(after: $0)...]) } ?? ""
        if id == "params" {
            guard knowsParameters, !parameters.contains(name) else { return }
            throw unknown(
                "there is no parameter '\(YAMLValue.shortened(name))'", name, among: parameters, prefix: "params.",
                Surroundings.list("the parameters are", parameters) ?? "the front matter declares no parameters")
        }
        guard let block = blocks.first(where: { $0.id == id }) else {
            throw unknown(
                "no block has the id '\(YAMLValue.shortened(id))'", id, among: blocks.map(\.id) + ["params"],
                code: .unknownBlock,
                "a value is named by its block's id and its path, such as 'sweep.peak.layer'")
        }
        guard let outputs = block.outputs, !outputs.values.contains(name) else { return }
        if outputs.tables[name] != nil {
            throw unknown("'\(shown)' is a table, not a value", name, among: [], "a {table} block shows a table")
        }
        let listed = Surroundings.list("its values are", outputs.values) ?? "it has no values"
        throw unknown(
            name.isEmpty
                ? "'\(id)' is a block, not a value" : "block '\(id)' has no value '\(YAMLValue.shortened(name))'", name,
            among: outputs.values,
            prefix: "\(id).", listed)
    }

    private func unknown(
        _ sentence: String, _ name: String, among known: [String], prefix: String = "",
        code: DiagnosticCode = .unknownValue, _ help: String
    ) -> OptionMismatch {
        OptionMismatch(
            sentence, suggestions: Suggestion.closest(to: name, among: known).map { prefix + $0 }, code: code,
            isWholeSentence: true, help: help)
    }
}
