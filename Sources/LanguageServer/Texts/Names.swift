import Markdown
import Notebooks

/// Something in a notebook that has a name, and that other places refer to.
enum Name: Hashable {
    case block(String)
    case parameter(String)
    /// A work of the bibliography.
    case work(String)
}

/// A place at which a name stands.
struct Mention {
    let name: Name
    /// The name itself.
    let place: SourceLocation
    /// All that the name begins: `sweep.peak.layer`, `@doe2020`.
    let whole: SourceLocation
    /// The path that it begins, where that is one of a value or of a table.
    var path: String?
    /// Whether the name is given here.
    var isDefinition = false
}

/// Every mention of a name in the texts of a notebook, found from what was read and not from what it looks like.
struct Names {
    private(set) var mentions: [Mention] = []
    private let analysis: Analysis
    private let blocks: [String: AnalysedBlock]
    private let parameters: Set<String>

    init(_ view: View) {
        analysis = view.analysis
        blocks = Dictionary(
            view.blocks.map { ($0.head.id, $0) }, uniquingKeysWith: { first, _ in first })
        let declared = view.analysis.notebook.frontMatter.parameters
        parameters = Set(declared.map(\.name))
        for parameter in declared {
            add(.parameter(parameter.name), parameter.name, in: parameter.location, isDefinition: true)
        }
        for fence in view.analysis.notebook.fences { add(fence, view.catalogue) }
        let prose = view.analysis.prose
        for value in prose.values { add(path: value.path, in: value.location) }
        for reference in prose.references where blocks[reference.block] != nil {
            add(.block(reference.block), reference.block, in: reference.location, path: reference.target)
        }
        let anchors = prose.anchors(blocks: Set(blocks.keys))
        for link in prose.links {
            if let id = anchors.block(of: link.target) { add(.block(id), id, in: link.location) }
        }
        for item in prose.citations.flatMap(\.items) { add(.work(item.key), item.key, in: item.location) }
        if let text = view.analysis.bibliography, let works = view.analysis.document.citationSource?.bibliography {
            for work in works.references {
                add(.work(work.key), work.key, in: text.location(of: work.range), isDefinition: true)
            }
        }
    }

    /// What is mentioned at an offset of one of the texts.
    func mention(at offset: Int, in source: SourceText) -> Mention? {
        mentions.first { mention in
            guard mention.whole.file == source.file else { return false }
            let bytes = source.bytes(of: mention.whole)
            return bytes.lowerBound <= offset && offset <= bytes.upperBound
        }
    }

    /// Where a name is given; the fence of a block without an id of its own.
    func definition(of name: Name) -> SourceLocation? {
        if let given = mentions.first(where: { $0.isDefinition && $0.name == name }) { return given.place }
        guard case .block(let id) = name else { return nil }
        return blocks[id]?.head.location
    }

    // MARK: Blocks

    private mutating func add(_ fence: WrittenBlock, _ catalogue: Catalogue) {
        if fence.command != IncludeBlock.name, let value = fence.body?["id"], let id = value.text {
            add(.block(id), id, in: value.location, isDefinition: true)
        }
        let options = catalogue.options(of: fence.command)
        for entry in fence.body?.mapping ?? [] {
            add(entry.value, of: options.first { $0.name == entry.key })
        }
        if let body = fence.body, body.sequence != nil, let list = catalogue[fence.command]?.listOption {
            add(body, of: options.first { $0.name == list })
        }
    }

    /// The names in an option's value.
    private mutating func add(_ value: YAMLValue, of option: OptionDeclaration?) {
        switch value.content {
        case .sequence(let values): for value in values { add(value, of: option) }
        case .mapping(let entries):
            var names = true
            for entry in entries {
                if case .values(let keys)? = option?.naming { names = entry.key == keys.first }
                if names { add(entry.value, of: option) } else { addParameter(entry.value) }
            }
        case .scalar(let text, _):
            if addParameter(value) { return }
            switch (option?.reference, option?.naming) {
            case (.block?, _): if blocks[text] != nil { add(.block(text), text, in: value.location) }
            case (.table?, _):
                let id = String(text.prefix { $0 != "." })
                if blocks[id] != nil { add(.block(id), id, in: value.location, path: text) }
            case (nil, .values?): addPaths(in: value.location)
            default: break
            }
        }
    }

    /// Whether the value is `$name`, which is then added.
    @discardableResult private mutating func addParameter(_ value: YAMLValue) -> Bool {
        guard case .scalar(let text, isPlain: true) = value.content, text.hasPrefix("$"),
            parameters.contains(String(text.dropFirst()))
        else { return false }
        add(.parameter(String(text.dropFirst())), String(text.dropFirst()), in: value.location)
        return true
    }

    /// The values that a text such as a claim names.
    private mutating func addPaths(in location: SourceLocation) {
        let source = analysis.source.text(of: location)
        let bytes = source.bytes
        let range = source.bytes(of: location)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = bytes[start..<range.upperBound].firstIndex { !Cursor.isPathByte($0) } ?? range.upperBound
            if end > start { add(path: source.text(start..<end), in: source.location(of: start..<end)) }
            start = max(end, start + 1)
        }
    }

    // MARK: Mentions

    /// A value by its full path, when it is one of a block or a parameter that there is.
    private mutating func add(path: String, in location: SourceLocation) {
        let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return }
        if parts[0] == "params" {
            if parameters.contains(parts[1]) { add(.parameter(parts[1]), parts[1], in: location, path: path) }
        } else if let block = blocks[parts[0]],
            block.bound.map({ $0.head.outputs.values.contains(parts[1]) }) ?? true
        {
            add(.block(parts[0]), parts[0], in: location, path: path)
        }
    }

    /// A word that stands in a place; one that is written in another way, as with an escape, is left out.
    private mutating func add(
        _ name: Name, _ word: String, in location: SourceLocation, path: String? = nil, isDefinition: Bool = false
    ) {
        let source = analysis.source.text(of: location)
        let range = source.bytes(of: location)
        guard let start = source.firstOffset(of: path ?? word, in: range) else { return }
        let whole = start..<start + (path ?? word).utf8.count
        let isParameter = if case .parameter = name { path != nil } else { false }
        let place =
            isParameter ? whole.upperBound - word.utf8.count..<whole.upperBound : start..<start + word.utf8.count
        mentions.append(
            Mention(
                name: name, place: source.location(of: place), whole: source.location(of: whole), path: path,
                isDefinition: isDefinition))
    }
}
