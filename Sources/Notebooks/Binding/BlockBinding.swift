import Markdown

/// Binds one block: its options are all checked, then its command takes them.
struct BlockBinding {
    let block: Notebook.Block
    let header: BlockHeader
    let surroundings: Surroundings
    let substitution: ParameterSubstitution
    var log: ProblemLog
    /// The caption and the description, read even when the block does not bind.
    private(set) var caption: [MarkdownInline] = []
    private(set) var alt: [MarkdownInline] = []

    init(
        block: Notebook.Block, header: BlockHeader, surroundings: Surroundings, substitution: ParameterSubstitution,
        log: ProblemLog
    ) {
        self.block = block
        self.header = header
        self.surroundings = surroundings
        self.substitution = substitution
        self.log = log
    }

    /// The bound block; nil after adding what is wrong to the log.
    mutating func bind(_ catalogue: Catalogue) -> BoundBlock? {
        guard let type = catalogue[block.command] else {
            let known = catalogue.commands.map { $0.name } + [IncludeBlock.name]
            log.add(
                .unknownCommand, at: commandLocation, "there is no command '\(block.command.shortened)'",
                help: Suggestion.question(Suggestion.closest(to: block.command, among: known))
                    ?? Surroundings.list("the commands are", known))
            return nil
        }
        guard let written = entries(type) else { return nil }
        let problemsBefore = log.all.count
        var entries: [YAMLValue.Entry] = []
        var isFilled = true
        for entry in written {
            if let value = substitution.apply(to: entry.value, log: &log) {
                entries.append(YAMLValue.Entry(key: entry.key, keyLocation: entry.keyLocation, value: value))
            } else {
                isFilled = false
            }
        }
        checkNames(written, type)
        let arguments = arguments(entries, type)
        caption = inlines("caption", arguments)
        alt = inlines("alt", arguments)
        let shared = checked(SharedOptions.declarations, arguments, written)
        let own = checked(type.options, arguments, written)
        guard isFilled, log.all.count == problemsBefore, header.isWell else { return nil }
        let named = own.compactMap(\.reference)
        // What a block hands on is unknown until it binds: nothing more can be said of a block that refers to a broken one.
        guard named.allSatisfy({ surroundings.block($0)?.outputs != nil }) else { return nil }
        do {
            let command = try type.init(arguments)
            let references = Set(named + command.references)
            return BoundBlock(
                id: header.id, isAnonymous: header.isAnonymous, name: block.command, command: command, options: own,
                references: surroundings.inOrder(references),
                caption: caption, alt: alt, show: Self.show(shared), source: block.source, location: block.location)
        } catch {
            log.add(error, in: arguments.location(of:))
            return nil
        }
    }

    /// The place of the command's name in the opening fence.
    private var commandLocation: SourceLocation {
        let line = block.text.range(ofLine: block.location.line)
        guard let brace = block.text.firstOffset(of: "{\(block.command)", in: line) else { return block.location }
        return block.text.location(at: brace + 1)
    }

    private func arguments(_ entries: [YAMLValue.Entry], _ type: any Command.Type) -> Arguments {
        Arguments(
            command: block.command, location: block.location, entries: entries,
            declarations: type.options + SharedOptions.declarations, surroundings: surroundings)
    }

    private mutating func entries(_ type: any Command.Type) -> [YAMLValue.Entry]? {
        guard let body = block.body else { return nil }
        switch body.content {
        case .mapping(let entries): return entries
        case .sequence:
            if let option = type.listOption {
                return [YAMLValue.Entry(key: option, keyLocation: body.location, value: body)]
            }
        case .scalar: break
        }
        log.add(
            .yamlKind, at: body.location,
            "the body of {\(block.command)} is a mapping of options such as 'id: …', not \(body.inWords)")
        return nil
    }

    private mutating func checkNames(_ entries: [YAMLValue.Entry], _ type: any Command.Type) {
        let known = (type.options + SharedOptions.declarations).map(\.name)
        for entry in entries where !known.contains(entry.key) && !log.isFull {
            log.add(
                .unknownOption, at: entry.keyLocation,
                "{\(block.command)} has no option '\(entry.key.shortened)'",
                help: Suggestion.question(Suggestion.closest(to: entry.key, among: known))
                    ?? Surroundings.list("its options are", known))
        }
    }

    /// The options in their normal form; what cannot be one goes to the log.
    private mutating func checked(
        _ declarations: [OptionDeclaration], _ arguments: Arguments, _ written: [YAMLValue.Entry]
    ) -> [BoundBlock.NormalOption] {
        var options: [BoundBlock.NormalOption] = []
        for declaration in declarations {
            let value = arguments.written(declaration.name)
            // An option whose parameter is wrong was written, and its problem is known.
            if value == nil, written.contains(where: { $0.key == declaration.name }) { continue }
            if value == nil, declaration.isRequired {
                log.add(arguments.missing(declaration), in: arguments.location(of:))
                continue
            }
            do {
                let normal = try declaration.normalise(value, surroundings)
                options.append(
                    BoundBlock.NormalOption(declaration: declaration, value: normal, location: value?.location))
            } catch {
                log.add(ArgumentError(declaration, error), in: arguments.location(of:))
            }
        }
        return options
    }

    private mutating func inlines(_ option: String, _ arguments: Arguments) -> [MarkdownInline] {
        guard let value = arguments.written(option), let text = value.text else { return [] }
        let start = block.text.offset(of: value.location)
        // The block's end bounds the search for inline values.
        let lines = block.source.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        let end = block.text.start(ofLine: block.location.line + lines)
        var parser = MarkdownParser(block.text, log: log)
        let inlines = parser.inlines(of: text, in: start..<max(start, end))
        log = parser.log
        return inlines
    }

    private static func show(_ options: [BoundBlock.NormalOption]) -> EvaluatedBlock.Show {
        guard let option = options.first(where: { $0.declaration.name == "show" }),
            case .scalar(.string(let text)) = option.value
        else { return .auto }
        return EvaluatedBlock.Show(rawValue: text) ?? .auto
    }
}

extension BoundBlock.NormalOption {
    /// The id of the block that the option refers to.
    var reference: String? {
        guard declaration.reference != nil, case .scalar(.string(let text)) = value else { return nil }
        return String(text.prefix { $0 != "." })
    }
}
