/// Where the inlines of a leaf stand, as far as they are read.
struct InlinePlace {
    var finder: CodeSpanFinder
    /// The leaf's own place, for what cannot be found.
    let fallback: SourceLocation
    /// True inside a link, which holds no other link.
    var isLinked = false
}

extension MarkdownParser {
    /// The inlines below a node.
    mutating func inlines(of parent: CMarkNode, _ place: inout InlinePlace, depth: Int) -> [MarkdownInline] {
        guard depth < Self.deepest else {
            log.add(
                .tooDeep, at: place.fallback, "emphasis, links and images are nested more than \(Self.deepest) deep")
            return []
        }
        var inlines: [MarkdownInline] = []
        // cmark splits text at every bracket; one run of text is one value here.
        var text = ""
        var dropsDollar = false
        let nodes = Array(parent.children)
        for (index, node) in nodes.enumerated() {
            let kind = node.kind
            if kind == .text {
                text += dropsDollar ? String(node.literal.dropFirst()) : node.literal
                dropsDollar = false
                continue
            }
            if kind == .softBreak, mayCiteOn(text) {
                text.append(Self.lineEnd)
                continue
            }
            if kind == .inlineCode, text.hasSuffix("$"), index + 1 < nodes.count, nodes[index + 1].kind == .text,
                nodes[index + 1].literal.hasPrefix("$"), place.finder.isBetweenDollars(nextSpan: node.literal)
            {
                text.removeLast()
                dropsDollar = true
            }
            if !text.isEmpty { inlines += run(text, &place) }
            text = ""
            switch kind {
            case .softBreak: inlines.append(.softBreak)
            case .lineBreak: inlines.append(.lineBreak)
            case .inlineCode where dropsDollar: inlines.append(.formula(formula(node.literal, &place)))
            case .inlineCode: inlines.append(code(node.literal, &place))
            case .inlineHTML where node.literal.hasPrefix("<!--"): break
            case .inlineHTML: inlines.append(.html(node.literal))
            case .emphasis: inlines.append(.emphasis(self.inlines(of: node, &place, depth: depth + 1)))
            case .strong: inlines.append(.strong(self.inlines(of: node, &place, depth: depth + 1)))
            case .link: inlines.append(link(node, &place, depth: depth))
            case .image:
                let start = place.finder.nextImage()
                let alt = self.inlines(of: node, &place, depth: depth + 1)
                let path = start.flatMap { place.finder.destination(node.destination, ofImageAt: $0) }
                inlines.append(
                    .image(
                        source: node.destination, title: node.title, alt: alt,
                        location: (path ?? start.map { $0..<$0 + 2 }).map(source.location(of:)) ?? place.fallback))
            default: preconditionFailure("cmark gave an inline of kind \(kind)")
            }
        }
        if !text.isEmpty { inlines += run(text, &place) }
        return inlines
    }

    /// A link, or a reference to a figure or a table by its number.
    private mutating func link(_ node: CMarkNode, _ place: inout InlinePlace, depth: Int) -> MarkdownInline {
        let destination = node.destination
        let title = node.title
        let wasLinked = place.isLinked
        place.isLinked = true
        let inner = inlines(of: node, &place, depth: depth + 1)
        place.isLinked = wasLinked
        // A footnote's definition in a list or a quote, which is a problem of its own, and which cmark takes for a link's.
        if case .text(let label)? = inner.first, label.hasPrefix("^"), inner.count == 1 { return .text("[\(label)]") }
        guard MarkdownInline.isLocal(destination), destination != "#" else {
            return .link(destination: destination, title: title, inner)
        }
        let start =
            place.finder.next("](" + destination).map {
                source.location(at: $0 + 2, length: destination.utf8.count)
            } ?? place.fallback
        guard destination.hasPrefix("#") else {
            return .link(destination: destination, title: title, inner, location: start)
        }
        guard title.isEmpty, inner.count == 1, case .text(let word) = inner[0],
            let kind = CrossReference.Kind(rawValue: word.lowercased())
        else { return .link(destination: destination, title: title, inner, location: start) }
        let target = destination.dropFirst()
        let dot = target.firstIndex(of: ".")
        return .reference(
            CrossReference(
                kind: kind, word: word, block: String(target[..<(dot ?? target.endIndex)]),
                name: dot.map { String(target[target.index(after: $0)...]) }, location: start))
    }

    /// A code span: a computed value, or code.
    private mutating func code(_ content: String, _ place: inout InlinePlace) -> MarkdownInline {
        let range = place.finder.nextSpan(content)
        guard InlineValueSyntax.isMeant(content) else { return .code(content) }
        switch InlineValueSyntax.parts(of: content) {
        case .failure where log.isFull: return .code(content)
        case .failure(let malformed):
            let inner = range.flatMap { range in
                source.bytes[range].firstIndex(of: UInt8(ascii: "{")).map { start in
                    start..<(source.bytes[range].lastIndex { !" \n\r".utf8.contains($0) } ?? start) + 1
                }
            }
            log.add(
                .malformedValue, at: inner.map(source.location(of:)) ?? place.fallback, malformed.problem,
                help: "write `\(InlineValueSyntax.example)`; the format is optional")
            return .code(content)
        case .success(let parts):
            let path = range.flatMap { source.firstOffset(of: parts.path, in: $0) }
            let bar = range.flatMap { range in source.bytes[range].firstIndex(of: UInt8(ascii: "|")) }
            let format = range.flatMap { range in
                bar.flatMap { source.firstOffset(of: parts.format, in: $0..<range.upperBound) }
            }
            return .value(
                InlineValue(
                    path: parts.path, format: parts.format,
                    location: path.map { source.location(at: $0, length: parts.path.utf8.count) } ?? place.fallback,
                    formatLocation: format.map { source.location(at: $0, length: parts.format.utf8.count) }))
        }
    }
}

extension SourceText {
    /// Where a text first stands within a range of bytes.
    package func firstOffset(of text: String, in range: Range<Int>) -> Int? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, range.count >= wanted.count else { return nil }
        return (range.lowerBound...(range.upperBound - wanted.count)).first { offset in
            bytes[offset] == first && bytes[offset..<(offset + wanted.count)].elementsEqual(wanted)
        }
    }
}
