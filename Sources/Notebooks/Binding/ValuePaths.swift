import Markdown
import Values

/// The values that text and claims may quote, known before anything runs.
struct ValuePaths: Sendable {
    /// Blocks with what they will produce; nil outputs for a block that did not bind.
    private let surroundings: Surroundings
    let parameters: [String]
    private let knowsParameters: Bool

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        parameters = surroundings.parameters.map(\.name) + surroundings.broken
        knowsParameters = surroundings.knowsParameters
    }

    /// Checks a full path such as `sweep.peak.layer` or `params.limit`.
    /// - Throws: what is wrong, as a whole sentence.
    func check(_ path: String) throws(OptionMismatch) {
        let shown = path.shortened
        let dot = path.firstIndex(of: ".")
        let id = String(path[..<(dot ?? path.endIndex)])
        let name = dot.map { String(path[path.index(after: $0)...]) } ?? ""
        if id == "params" {
            guard knowsParameters, !parameters.contains(name) else { return }
            throw unknown(
                "there is no parameter '\(name.shortened)'", name, among: parameters, prefix: "params.",
                Surroundings.list("the parameters are", parameters) ?? "the front matter declares no parameters")
        }
        guard let block = surroundings.block(id) else {
            throw unknown(
                "no block has the id '\(id.shortened)'", id,
                among: parameters.contains(path) ? [path] : surroundings.above.map(\.id) + ["params"],
                prefix: parameters.contains(path) ? "params." : "",
                code: .unknownBlock,
                "a value is named by its block's id and its path, such as 'sweep.peak.layer'")
        }
        guard let outputs = block.outputs, !outputs.values.contains(name) else { return }
        if outputs.tables[name] != nil {
            throw unknown("'\(shown)' is a table, not a value", name, among: [], "a {table} block shows a table")
        }
        throw unknown(
            name.isEmpty
                ? "'\(id)' is a block, not a value" : "block '\(id)' has no value '\(name.shortened)'", name,
            among: outputs.values, prefix: "\(id).", Self.help(outputs.values, besides: name, of: block.command))
    }

    /// A block's values: all of few; of many those with the name as a part of their path, else how their paths begin.
    private static func help(_ values: [String], besides name: String, of command: String) -> String {
        guard values.count > 24 else { return Surroundings.list("its values are", values) ?? "it has no values" }
        let parts = values.map { $0.split(separator: ".") }
        let alike = values.indices.filter { parts[$0].contains(name[...]) }.map { values[$0] }
        if let list = Surroundings.list("values with that in their path are", alike) { return list }
        var starts: [String] = []
        for part in parts.compactMap(\.first).map(String.init) where !starts.contains(part) { starts.append(part) }
        return (Surroundings.list("its values begin with", starts) ?? "")
            + "; 'patchbook help \(command)' explains each"
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

extension ValuePaths {
    /// The kind of a value by its full path; nil where it is not known before its block runs.
    func kind(of path: String) -> Scalar.Kind? {
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let (id, name) = (String(path[..<dot]), String(path[path.index(after: dot)...]))
        if id == "params" { return surroundings.parameters.first { $0.name == name }?.value.kind }
        return surroundings.block(id)?.outputs?.value(name)?.kind
    }

    /// Whether a value's parts by prompt will be known, by its full path; nil where its block did not bind.
    func isEstimate(_ path: String) -> Bool? {
        guard let dot = path.firstIndex(of: "."), path[..<dot] != "params" else { return false }
        guard let outputs = surroundings.block(String(path[..<dot]))?.outputs else { return nil }
        return outputs.value(String(path[path.index(after: dot)...]))?.isEstimate ?? false
    }

    /// The paths of the lower and the upper end of a value's interval: below its own path, or beside it where it is the `effect` or
    /// the `increment` that a group of values is about; nil when it has none.
    func interval(of path: String) -> (lower: String, upper: String)? {
        guard let dot = path.firstIndex(of: "."), let block = surroundings.block(String(path[..<dot])) else {
            return nil
        }
        let id = path[..<dot]
        let name = String(path[path.index(after: dot)...])
        // What a broken block would produce is unknown, and no second problem.
        guard let outputs = block.outputs else { return ("\(path).lower", "\(path).upper") }
        return Self.interval(of: name, isKnown: outputs.values.contains).map {
            ("\(id).\($0.lower)", "\(id).\($0.upper)")
        }
    }

    /// The ends of the interval of a value inside its block.
    static func interval(of name: String, isKnown: (String) -> Bool) -> (lower: String, upper: String)? {
        func ends(_ stem: String) -> (lower: String, upper: String)? {
            isKnown("\(stem)lower") && isKnown("\(stem)upper") ? ("\(stem)lower", "\(stem)upper") : nil
        }
        if let own = ends(name + ".") { return own }
        let stem = name.lastIndex(of: ".").map { name[...$0] } ?? ""
        return ["effect", "increment"].contains(name.dropFirst(stem.count)) ? ends(String(stem)) : nil
    }

    /// The values with an interval in the same block.
    func pathsWithInterval(besides path: String) -> [String] {
        let id = String(path.prefix { $0 != "." })
        let values = surroundings.block(id)?.outputs?.values ?? []
        return values.map { "\(id).\($0)" }.filter { interval(of: $0) != nil }
    }
}
