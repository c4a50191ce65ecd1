import Markdown

/// Binds one block: its options are all checked, then its command takes them.
struct BlockBinding {
    let block: WrittenBlock
    /// The block on its page; its caption and description are read even when the block does not bind.
    private(set) var head: BlockHead
    /// False for a block whose id another block has already, or cannot be one.
    let isWell: Bool
    let surroundings: Surroundings
    let substitution: ParameterSubstitution
    /// The footnotes of the text that the block stands in.
    private(set) var footnotes: Footnotes
    private(set) var log: ProblemLog
    /// The paths that its options name, as written.
    private(set) var paths: [String] = []

    init(
        block: WrittenBlock, head: BlockHead, isWell: Bool, surroundings: Surroundings,
        substitution: ParameterSubstitution, footnotes: Footnotes, log: ProblemLog
    ) {
        self.block = block
        self.head = head
        self.isWell = isWell
        self.surroundings = surroundings
        self.substitution = substitution
        self.footnotes = footnotes
        self.log = log
    }

    /// The bound block; nil after adding what is wrong to the log.
    mutating func bind(_ catalogue: Catalogue) -> BoundBlock? {
        guard let type = catalogue[block.command] else {
            let known = catalogue.commands.map { $0.name } + [IncludeBlock.name]
            log.add(
                .unknownCommand, at: block.nameLocation, "there is no command '\(block.command.shortened)'",
                replacements: Suggestion.closest(to: block.command, among: known),
                help: Surroundings.list("the commands are", known))
            return nil
        }
        head.display = type.display
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
        let own = checked(type.options, arguments, written)
        paths = own.filter { $0.declaration.target != nil }.compactMap { arguments.written($0.declaration.name)?.text }
        let isSound = isFilled && log.all.count == problemsBefore
        head.caption =
            markdown("caption", arguments) { parser, text, range in
                parser.caption(of: text, in: range, at: arguments.location(of: "caption"))
            } ?? []
        head.alt = markdown("alt", arguments) { $0.inlines(of: $1, in: $2) } ?? []
        _ = checked(SharedOptions.declarations, arguments, written)
        head.show = (try? arguments.value(SharedOptions.show)) ?? .main
        checkFiles(own, arguments)
        guard isSound, isWell else { return nil }
        let named = own.compactMap(\.reference)
        // What a block produces is unknown until it binds: nothing more can be said of a block that refers to a broken one.
        guard named.allSatisfy({ surroundings.block($0)?.outputs != nil }) else { return nil }
        do {
            let command = try type.init(arguments)
            if surroundings.checksFiles {
                for error in command.problems(arguments) {
                    log.add(error, of: surroundings.project, in: arguments.location(of:))
                }
            }
            head.outputs = command.outputs
            try arguments.checkShow(head.outputs)
            return BoundBlock(
                head: head, command: command, options: own,
                paths: paths + command.paths,
                references: surroundings.inOrder(Set(named + command.references)))
        } catch {
            log.add(error, of: surroundings.project, in: arguments.location(of:))
            return nil
        }
    }

    /// Looks at the files that the options name which can be read. What is missing there keeps no block from being bound.
    private mutating func checkFiles(_ options: [BoundBlock.NormalOption], _ arguments: Arguments) {
        guard surroundings.checksFiles else { return }
        for declaration in options.map(\.declaration) {
            guard let written = arguments.written(declaration.name) else { continue }
            for error in declaration.missing?(written, surroundings) ?? [] {
                log.add(error, of: surroundings.project, in: arguments.location(of:))
            }
        }
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
                replacements: Suggestion.closest(to: entry.key, among: known),
                help: Surroundings.list("its options are", known))
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
                log.add(arguments.missing(declaration), of: surroundings.project, in: arguments.location(of:))
                continue
            }
            do {
                let normal = try declaration.normalise(value, surroundings)
                options.append(
                    BoundBlock.NormalOption(declaration: declaration, value: normal, location: value?.location))
            } catch {
                log.add(ArgumentError(declaration, error), of: surroundings.project, in: arguments.location(of:))
            }
        }
        return options
    }

    /// What an option of Markdown says; nil when it is not given.
    private mutating func markdown<Read>(
        _ option: String, _ arguments: Arguments, read: (inout MarkdownParser, String, Range<Int>) -> Read
    ) -> Read? {
        guard let value = arguments.written(option), let text = value.text else { return nil }
        let start = block.text.offset(of: value.location)
        // The block's end bounds the search for inline values.
        let lines = block.source.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        let end = block.text.start(ofLine: block.location.line + lines)
        var parser = MarkdownParser(
            block.text, log: log, footnotes: footnotes, hasBibliography: surroundings.hasBibliography)
        let found = read(&parser, text, start..<max(start, end))
        log = parser.log
        footnotes = parser.footnotes
        return found
    }
}

extension BoundBlock.NormalOption {
    /// The id of the block that the option refers to.
    var reference: String? {
        guard declaration.reference != nil, case .scalar(.string(let text)) = value else { return nil }
        return String(text.prefix { $0 != "." })
    }
}
