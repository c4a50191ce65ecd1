import Foundation
import JSON
import Markdown
import Notebooks

/// What may be written at a place of a notebook.
struct Completion {
    /// One proposal.
    struct Item {
        /// The numbers of the protocol.
        enum Kind: Int {
            case text = 1
            case field = 5
            case variable = 6
            case module = 9
            case property = 10
            case value = 12
            case file = 17
            case reference = 18
            case folder = 19
        }

        let label: String
        let kind: Kind
        /// What it is, on the same line.
        var detail = ""
        /// What it is, at length.
        var help = ""
        /// What is written after the label.
        var end = ""
    }

    let view: View

    /// The proposals at an offset, with the bytes that each replaces.
    func items(at offset: Int) -> (range: Range<Int>, items: [Item]) {
        switch view.cursor(at: offset) {
        case .command(let range): (range, commands)
        case .key(let fence, let keys, let range): (range, self.keys(fence, keys))
        case .value(let fence, let keys, let isItem, let range):
            (range, values(fence, keys, isItem, view.source.text(range.lowerBound..<offset)))
        case .path(let range):
            (range, paths(view.blocks, view.source.text(range.lowerBound..<offset)))
        case .format(let range): (range, Self.formats)
        case .target(let range): (range, targets)
        case .work(let range): (range, works)
        case .frontMatterKey(let range):
            (range, FrontMatter.keys.map { Item(label: $0, kind: .property, end: ": ") })
        case .prose: (offset..<offset, [])
        }
    }

    private var commands: [Item] {
        view.catalogue.commands.map { Item(label: $0.name, kind: .module, detail: $0.summary) }
            + [Item(label: IncludeBlock.name, kind: .module, detail: IncludeBlock.summary)]
    }

    private static let formats = [
        (".2f", "two decimals"), (".3g", "three significant digits"), (".0%", "a percentage"),
        ("d", "a whole number"), ("+.2f", "two decimals, with a sign"), (",d", "a whole number, thousands apart"),
        ("interval", "the value with its interval"), (".2f interval", "both with two decimals"),
    ].map { Item(label: $0.0, kind: .value, detail: $0.1) }

    // MARK: Blocks

    private func option(_ fence: WrittenBlock, _ name: String?) -> OptionDeclaration? {
        view.catalogue.options(of: fence.command).first { $0.name == name }
    }

    private func keys(_ fence: WrittenBlock, _ keys: [String]) -> [Item] {
        guard let outer = keys.first else {
            let given = Set(fence.body?.mapping?.map(\.key) ?? [])
            return view.catalogue.options(of: fence.command).filter { !given.contains($0.name) }.map { option in
                Item(
                    label: option.name, kind: .property,
                    detail: "\(option.type); \(option.defaultText.map { "default: \($0)" } ?? "required")",
                    help: option.help, end: ": ")
            }
        }
        switch option(fence, outer)?.naming {
        case .columns?: return columns(fence).map { Item(label: $0.label, kind: .field, detail: $0.detail, end: ": ") }
        case .values(let keys)?: return keys.map { Item(label: $0, kind: .property, end: ": ") }
        case nil: return []
        }
    }

    private func values(_ fence: WrittenBlock, _ keys: [String], _ isItem: Bool, _ written: String) -> [Item] {
        guard let option = self.option(fence, keys.first),
            option.effect == .computational || !option.choices.isEmpty || option.target != nil
        else { return [] }
        if written.hasPrefix("$") { return parameters("$") }
        let above = Array(view.blocks.prefix { $0.head.location != fence.location })
        switch (option.reference, option.naming) {
        case (.block(let commands)?, _):
            return above.filter { commands.isEmpty || commands.contains($0.head.command) }.map { block($0.head) }
        case (.table?, _): return tables(above)
        case (nil, .columns?): return keys.count == 1 ? columns(fence) + parameters("$") : []
        case (nil, .values(let names)?):
            let isList = view.catalogue[fence.command]?.listOption == option.name
            if keys.count > 1 { return keys.last == names.first ? paths(above, written) : [] }
            return (isItem ? names.map { Item(label: $0, kind: .property, end: ": ") } : [])
                + (isList ? [] : paths(above, written))
        case (nil, nil):
            if option.target != nil { return files(written) }
            let words = option.shape == .boolean ? ["true", "false"] : option.choices
            return keys.count > 1
                ? [] : words.map { Item(label: $0, kind: .value, help: option.help) } + parameters("$")
        }
    }

    private func block(_ head: BlockHead) -> Item {
        Item(label: head.id, kind: .reference, detail: "{\(head.command)}")
    }

    private func tables(_ blocks: [AnalysedBlock]) -> [Item] {
        blocks.compactMap(\.bound).flatMap { block in
            block.head.outputs.tables.sorted { $0.key < $1.key }.map { name, columns in
                Item(
                    label: "\(block.id).\(name)", kind: .reference, detail: "{\(block.name)}",
                    help: "Columns: " + columns.joined(separator: ", "))
            }
        }
    }

    /// The columns of the table that the block names.
    private func columns(_ fence: WrittenBlock) -> [Item] {
        let table = view.catalogue.options(of: fence.command).first { $0.reference == .table }
        guard let path = table.flatMap({ view.written($0.name, in: fence) }) else { return [] }
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let outputs = view.block(parts[0])?.bound?.head.outputs else { return [] }
        return (outputs.tables[parts[1]] ?? []).map {
            Item(label: $0, kind: .field, detail: outputs.column($0, of: parts[1])?.words ?? "")
        }
    }

    private func parameters(_ prefix: String) -> [Item] {
        view.analysis.notebook.frontMatter.parameters.map {
            Item(label: prefix + $0.name, kind: .variable, detail: $0.type, help: $0.help)
        }
    }

    /// Files and folders in the folder that is written so far.
    private func files(_ written: String) -> [Item] {
        let folder = written.lastIndex(of: "/").map { String(written[...$0]) } ?? ""
        guard let place = try? view.analysis.project.resolve(folder.isEmpty ? "." : folder),
            let names = try? FileManager.default.contentsOfDirectory(atPath: place)
        else { return [] }
        return names.filter { !$0.hasPrefix(".") }.sorted().prefix(500).map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder)
            return Item(label: folder + name, kind: isFolder.boolValue ? .folder : .file)
        }
    }

    // MARK: Text

    /// Blocks and parameters, then the values of the block that is named.
    private func paths(_ blocks: [AnalysedBlock], _ written: String) -> [Item] {
        guard let dot = written.firstIndex(of: ".") else {
            let known = blocks.filter { $0.bound.map { !$0.head.outputs.values.isEmpty } ?? true }
            return known.map { block($0.head) } + parameters("params.")
        }
        let id = String(written[..<dot])
        if id == "params" { return parameters("params.") }
        guard let outputs = blocks.first(where: { $0.head.id == id })?.bound?.head.outputs else { return [] }
        return outputs.values.map {
            Item(label: "\(id).\($0)", kind: .field, detail: outputs.value($0)?.words ?? "")
        }
    }

    private var targets: [Item] {
        view.blocks.map { block($0.head) }
            + view.analysis.prose.headingNames.map { Item(label: $0, kind: .text) }
    }

    private var works: [Item] {
        (view.analysis.document.citationSource?.bibliography.references ?? []).map {
            Item(label: $0.key, kind: .reference, detail: Hover.words($0))
        }
    }
}

extension Completion.Item {
    /// As the protocol says it.
    /// - Parameter order: its place among the others.
    func json(_ range: JSON, order: Int) -> JSON {
        .members([
            "label": .string(label), "kind": .int(kind.rawValue), "detail": detail.isEmpty ? nil : .string(detail),
            "documentation": help.isEmpty ? nil : .string(help),
            "sortText": .string(String(String(100_000 + order).dropFirst())),
            "textEdit": .members(["range": range, "newText": .string(label + end)]),
        ])
    }
}
