import JSON
import Markdown
import Notebooks

/// Gives a block or a parameter another name, everywhere.
struct Renaming {
    private let view: View
    private let names: Names

    init(_ view: View) {
        self.view = view
        names = Names(view)
    }

    /// The name at an offset.
    /// - Throws: an error where no name can be changed there.
    func mention(at offset: Int) throws(ResponseError) -> Mention {
        guard let mention = names.mention(at: offset, in: view.source) else {
            throw Self.refusal("there is no id of a block and no parameter here")
        }
        if case .work = mention.name { throw Self.refusal("the key of a work belongs to the bibliography") }
        guard names.mentions.contains(where: { $0.isDefinition && $0.name == mention.name }) else {
            throw Self.refusal("this block has no id of its own; give it one with 'id'")
        }
        return mention
    }

    /// The `WorkspaceEdit` that changes every mention of a name.
    ///
    /// The renamed notebook is read before it is handed out: it must have the same problems, and refer to the same blocks.
    /// - Throws: an error for a name that cannot be one, or is taken.
    func edit(at offset: Int, to new: String) throws(ResponseError) -> JSON {
        let old = try mention(at: offset).name
        try check(new, for: old)
        let places = names.mentions.filter { $0.name == old }.map(\.place)
        guard isSame(places, old, new) else {
            throw Self.refusal(
                "with this name the notebook would mean something else, or the old name is also written in a way that cannot be changed, as with an escape"
            )
        }
        return view.edit(places, new)
    }

    private func check(_ new: String, for old: Name) throws(ResponseError) {
        switch old {
        case .block(let id):
            guard SharedOptions.isID(new), new != "params" else {
                throw Self.refusal(
                    "'\(new.shortened)' cannot be an id: an id is small letters, digits and '-', and starts with a letter"
                )
            }
            if new != id, view.block(new) != nil { throw Self.refusal("the id '\(new)' is taken") }
        case .parameter(let name):
            guard ParameterReader.isName(new) else {
                throw Self.refusal(
                    "'\(new.shortened)' cannot name a parameter: a name is letters from a to z, digits, '_' and '-', and starts with a letter"
                )
            }
            if new != name, view.analysis.notebook.frontMatter.parameters.contains(where: { $0.name == new }) {
                throw Self.refusal("there is a parameter '\(new)' already")
            }
        case .work: break
        }
    }

    /// Whether the notebook says the same with its mentions changed.
    private func isSame(_ places: [SourceLocation], _ old: Name, _ new: String) -> Bool {
        var texts = view.unsaved
        var notebook = view.analysis.source
        for (file, places) in Dictionary(grouping: places, by: \.file) {
            guard let first = places.first, let path = view.analysis.path(ofText: file) else { return false }
            let text = view.analysis.source.text(of: first)
            var bytes = text.bytes
            for place in places.sorted(by: >) { bytes.replaceSubrange(text.bytes(of: place), with: new.utf8) }
            texts[path] = bytes
            if file == 0 { notebook = SourceText(name: text.name, text: String(decoding: bytes, as: UTF8.self)) }
        }
        var session = view.session
        let renamed = session.update(notebook, unsaved: texts)
        let before = Meaning(view.analysis) { id in if case .block(id) = old { new } else { id } }
        return before == Meaning(renamed) { $0 }
    }

    /// What a notebook refers to, and what is wrong with it.
    private struct Meaning: Equatable {
        let problems: [DiagnosticCode]
        let blocks: [[String]]
        let references: [String]

        init(_ analysis: Analysis, _ name: (String) -> String) {
            problems = analysis.problems.all.map(\.code)
            blocks = analysis.blocks.map { [name($0.id)] + $0.references.map(name) }
            references =
                analysis.prose.values.map { name(String($0.id)) } + analysis.prose.references.map { name($0.block) }
        }
    }

    private static func refusal(_ sentence: String) -> ResponseError { ResponseError(.requestFailed, sentence) }
}
