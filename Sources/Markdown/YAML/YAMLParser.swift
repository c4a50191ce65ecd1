import Values
import Yams

/// Reads YAML with Yams into values with places; the only file that sees its nodes.
///
/// Anchors, aliases and tags are refused: a notebook's options are plain data, and aliases can blow up.
package struct YAMLParser {
    /// The deepest nesting of lists and mappings.
    static let deepest = 32

    private let slice: YAMLSlice
    /// What the text is, as messages say it: `this block`.
    private let subject: String

    /// The value of a slice, an empty mapping where it says nothing, or nil after adding a problem to the log.
    package static func value(of slice: YAMLSlice, subject: String, log: inout ProblemLog) -> YAMLValue? {
        let parser = YAMLParser(slice: slice, subject: subject)
        guard slice.text.utf8.count <= TextLimits.yaml else {
            log.add(
                .tooLarge, at: slice.start,
                "\(subject) holds \(slice.text.utf8.count) bytes, more than the \(TextLimits.yaml) that YAML may have here",
                help: "keep data in a file of its own, and name its path")
            return nil
        }
        do throws(Failure) {
            try parser.checkCharacters()
            guard let root = try parser.root() else { return YAMLValue(.mapping([]), at: slice.start) }
            let value = try parser.value(root)
            if value.isOddlySpaced, let error = parser.oddSpace() { throw error }
            return value
        } catch {
            let error = parser.oddSpace() ?? error
            log.add(error.code, at: error.location, error.message, replacements: error.replacements, help: error.help)
            return nil
        }
    }

    private struct Failure: Error {
        let code: DiagnosticCode
        let location: SourceLocation
        let message: String
        var replacements: [String] = []
        var help: String?
    }

    /// A space that YAML reads as a letter, where a line is indented or a key ends; nil when there is none.
    private func oddSpace() -> Failure? {
        for line in slice.text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            guard let match = line.firstMatch(of: /^[ ]*(?:- +)*(?:[\w\-]+:)?([\p{Zs}--[ ]])/) else { continue }
            let start = slice.text.utf8.distance(from: slice.text.startIndex, to: match.1.startIndex)
            let digits = match.1.unicodeScalars.first.map { String($0.value, radix: 16, uppercase: true) } ?? ""
            return Failure(
                code: .yamlSyntax, location: slice.location(of: start..<(start + match.1.utf8.count)),
                message: "this is not an ordinary space but U+"
                    + "\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits), which YAML reads as a letter",
                replacements: [" "])
        }
        return nil
    }

    /// The characters that YAML does not allow, found before its reader would stop without a place.
    private func checkCharacters() throws(Failure) {
        var offset = 0
        for scalar in slice.text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: break
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                throw Failure(
                    code: .yamlSyntax, location: slice.location(at: offset),
                    message: "the character \(name) cannot stand in YAML")
            }
            offset += UTF8.width(scalar)
        }
    }

    private func root() throws(Failure) -> Node? {
        // Yams expands aliases, also while it compares keys, where it takes time exponential in their depth. So a text that
        // may hold some is first read with every `*` made an ordinary character, and refused if it has an anchor.
        if slice.text.utf8.contains(UInt8(ascii: "&")), slice.text.utf8.contains(UInt8(ascii: "*")) {
            try compose(Self.defused(slice.text)) { (_) throws(Failure) -> Void in }
        }
        return try compose(slice.text) { (node) throws(Failure) -> Node? in node }
    }

    /// The text with each `*` replaced by a character for private use, a different one each time so that no two keys become one.
    private static func defused(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var next: UInt32 = 0
        for scalar in text.unicodeScalars {
            if scalar == "*", let other = Unicode.Scalar(0xE000 + next % 0x1900) {
                result.append(other)
                next += 1
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Composes a text; what needs its anchors is done inside, for they live only as long as the parser.
    private func compose<T>(_ text: String, _ use: (Node?) throws(Failure) -> T) throws(Failure) -> T {
        let parser: Parser
        let node: Node?
        do {
            parser = try Parser(yaml: text, encoding: .utf8)
            node = try parser.singleRoot()
        } catch {
            throw failure(error)
        }
        return try withExtendedLifetime(parser) { () throws(Failure) -> T in
            if let node { try refuseDecoration(node, depth: 0) }
            return try use(node)
        }
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        mark.map { slice.location(line: $0.line, column: $0.column) } ?? slice.start
    }

    /// Refuses anchors, tags and deep nesting.
    private func refuseDecoration(_ node: Node, depth: Int) throws(Failure) {
        let place = location(node.mark)
        guard depth <= Self.deepest else {
            throw Failure(
                code: .tooDeep, location: place,
                message: "lists and mappings are nested more than \(Self.deepest) deep")
        }
        let anchor: Anchor?
        let tag: String
        switch node {
        case .scalar(let scalar):
            anchor = scalar.anchor
            tag = scalar.style != .plain && scalar.tag.rawValue == "tag:yaml.org,2002:str" ? "" : scalar.tag.rawValue
        case .sequence(let sequence):
            anchor = sequence.anchor
            tag = sequence.tag.rawValue
            for node in sequence { try refuseDecoration(node, depth: depth + 1) }
        case .mapping(let mapping):
            anchor = mapping.anchor
            tag = mapping.tag.rawValue
            for (key, value) in mapping {
                try refuseDecoratedKey(key)
                try refuseDecoration(value, depth: depth + 1)
            }
        case .alias: throw anchored(place)
        }
        if anchor != nil { throw anchored(place) }
        if !tag.isEmpty {
            throw Failure(code: .yamlTag, location: place, message: "YAML tags are not part of notebooks")
        }
    }

    /// Refuses a key that is more than a word. A key's tag cannot be told: Yams fills it in while it compares keys.
    private func refuseDecoratedKey(_ key: Node) throws(Failure) {
        guard case .scalar(let scalar) = key else {
            throw Failure(
                code: .yamlSyntax, location: location(key.mark),
                message: "a key must be a word, not a list or a mapping")
        }
        if scalar.anchor != nil { throw anchored(location(key.mark)) }
    }

    private func anchored(_ place: SourceLocation) -> Failure {
        Failure(code: .yamlAnchor, location: place, message: "YAML anchors and aliases are not part of notebooks")
    }

    private func value(_ node: Node) throws(Failure) -> YAMLValue { try read(node).value }

    /// A value and the offset in the slice after its last byte.
    private func read(_ node: Node) throws(Failure) -> (value: YAMLValue, end: Int) {
        let start = offset(node.mark)
        let content: YAMLValue.Content
        var end = start
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
            end = extent.end(of: scalar.string, from: start)
        case .sequence(let sequence):
            var values: [YAMLValue] = []
            for node in sequence {
                let (value, after) = try read(node)
                values.append(value)
                end = max(end, after)
            }
            content = .sequence(values)
            if extent.isOpening("[", at: start) { end = extent.closing("]", from: max(end, start + 1)) }
        case .mapping(let mapping):
            var entries: [YAMLValue.Entry] = []
            for (key, node) in mapping {
                let (value, after) = try read(node)
                let text = key.scalar?.string ?? ""
                let place = offset(key.mark)
                let keyEnd = extent.end(of: text, from: place)
                entries.append(
                    YAMLValue.Entry(key: text, keyLocation: slice.location(of: place..<keyEnd), value: value))
                end = max(end, after, keyEnd)
            }
            content = .mapping(entries)
            if extent.isOpening("{", at: start) { end = extent.closing("}", from: max(end, start + 1)) }
        case .alias: throw anchored(location(node.mark))
        }
        return (YAMLValue(content, at: slice.location(of: start..<end)), end)
    }

    private var extent: YAMLExtent { YAMLExtent(bytes: slice.bytes) }

    private func offset(_ mark: Mark?) -> Int { mark.map { slice.offset(line: $0.line, column: $0.column) } ?? 0 }

    private func failure(_ error: any Error) -> Failure {
        guard let error = error as? YamlError else {
            return Failure(
                code: .yamlSyntax, location: slice.start, message: "the YAML of \(subject) cannot be read: \(error)")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if problem.hasPrefix("Maximum nesting") {
                return Failure(
                    code: .tooDeep, location: location(mark),
                    message: "lists and mappings are nested more than \(Self.deepest) deep")
            }
            if problem.hasPrefix("but found another document") {
                return Failure(
                    code: .yamlSyntax, location: location(mark),
                    message: "a second YAML document begins here; \(subject) is one mapping")
            }
            if problem == "found undefined alias" { return anchored(location(mark)) }
            let about = context.map { " (\($0.text))" } ?? ""
            return Failure(
                code: .yamlSyntax, location: location(mark),
                message: "the YAML of \(subject) does not parse: \(problem)\(about)", help: advice(problem, at: mark))
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            let first = location(context.mark)
            return Failure(
                code: .duplicateKey, location: repetition(of: key, after: first) ?? first,
                message: "the key '\(key)' is given twice")
        default:
            return Failure(
                code: .yamlSyntax, location: slice.start, message: "the YAML of \(subject) cannot be read: \(error)")
        }
    }

    /// What the common slips look like to YAML.
    private func advice(_ problem: String, at mark: Mark) -> String? {
        let place = slice.source.offset(of: location(mark))
        let bytes = slice.source.bytes
        if problem.hasPrefix("mapping values are not allowed") { return "put a text that holds ': ' in quotes" }
        guard problem.hasPrefix("found character that cannot start") else { return nil }
        if place < bytes.count, bytes[place] == UInt8(ascii: "\t") { return "YAML is indented with spaces, not tabs" }
        if place < bytes.count, bytes[place] == UInt8(ascii: "`") { return "put a text that starts with '`' in quotes" }
        return nil
    }

    /// The next line on which the same key stands in the same column.
    private func repetition(of key: String, after first: SourceLocation) -> SourceLocation? {
        let source = slice.source
        let last = slice.location(at: slice.text.utf8.count).line
        guard first.line < last else { return nil }
        for line in (first.line + 1)...last {
            let range = source.range(ofLine: line)
            let start = range.lowerBound + first.column - 1
            guard start < range.upperBound,
                source.bytes[range.lowerBound..<start].allSatisfy({ $0 == UInt8(ascii: " ") })
            else { continue }
            let rest = source.text(start..<range.upperBound)
            if let colon = rest.firstIndex(of: ":"), rest[..<colon].filter({ $0 != " " }) == key {
                return SourceLocation(line: line, column: first.column, file: first.file)
            }
        }
        return nil
    }
}
