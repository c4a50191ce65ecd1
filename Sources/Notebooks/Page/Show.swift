import Markdown
import Values

extension BlockHead {
    /// Which parts of a block's outcome the page shows.
    public enum Show: Sendable, Equatable {
        /// What suits the command: of several figures the main one, with the others folded below it.
        case main
        case figures, tables, all, none
        /// The figures of these names, and the tables of those that no figure has, in this order; with ``foldsOthers`` among them the
        /// other figures are folded.
        case parts([String])

        /// The word that folds all figures, or, in a list, those that the list does not name.
        public static let foldsOthers = "folded"

        static let words: [(word: String, show: Show)] = [
            ("main", .main), ("figures", .figures), ("tables", .tables), ("all", .all),
            (foldsOthers, .parts([foldsOthers])),
            ("none", .none),
        ]

        /// As a notebook writes it.
        var text: String {
            if case .parts(let names) = self { return "[\(names.joined(separator: ", "))]" }
            return Self.words.first { $0.show == self }?.word ?? ""
        }
    }
}

extension Option where Value == BlockHead.Show {
    /// One of a few words, or names of the block's figures and tables; binding checks the names.
    static func show(_ name: String, help: String) -> Option {
        let words = BlockHead.Show.words.map(\.word)
        return Option(
            name, type: "\(ListOptions.oneOf(words)), or a list of names of its figures and tables",
            shape: .choiceOrNames(words), choices: words, help: help, defaultText: "main", fallback: .main,
            effect: .presentational,
            read: { (value) throws(OptionMismatch) -> BlockHead.Show in
                guard let entries = value.sequence else {
                    let text = try ScalarReading.string(value)
                    return BlockHead.Show.words.first { $0.word == text }?.show ?? .parts([text])
                }
                var names: [String] = []
                for entry in entries {
                    let name = try ScalarReading.string(entry)
                    guard !names.contains(name) else {
                        throw OptionMismatch("'\(name.shortened)' is listed twice", at: entry.location)
                    }
                    names.append(name)
                }
                guard !names.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
                return .parts(names)
            })
    }
}

extension Arguments {
    /// Names in the option `show` that are neither a figure nor a table of these outputs.
    /// - Throws: the first of them, at its place.
    func checkShow(_ outputs: Outputs) throws(ArgumentError) {
        guard case .parts(let names)? = try? value(SharedOptions.show) else { return }
        let known = outputs.figures + outputs.tables.keys.sorted()
        for (index, name) in names.enumerated() where !known.contains(name) && name != BlockHead.Show.foldsOthers {
            let written = written(SharedOptions.show.declaration.name)
            let isWord = written?.sequence == nil
            throw ArgumentError(
                option: SharedOptions.show.declaration.name,
                "{\(command)} has no figure and no table '\(name.shortened)' to show",
                at: written?.sequence?[index].location ?? written?.location, code: .badOption,
                replacements: Suggestion.closest(
                    to: name, among: known + (isWord ? BlockHead.Show.words.map(\.word) : [])),
                help: [
                    Surroundings.list("its figures are", outputs.figures),
                    Surroundings.list("its tables are", outputs.tables.keys.sorted()),
                ].compactMap(\.self).joined(separator: "; "))
        }
    }
}
