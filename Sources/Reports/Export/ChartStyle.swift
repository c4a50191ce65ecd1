/// The style sheet's rules for charts, so that a drawing can stand alone: as attributes, in light colours, without variables, since what
/// turns Markdown into a PDF knows neither.
struct ChartStyle {
    private struct Rule {
        let selector: Selector
        let declarations: [(name: String, value: String)]
    }

    private let rules: [Rule]
    private let variables: [String: String]

    /// Properties that are also attributes of an element.
    private static let attributes: Set<String> = [
        "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin",
        "stroke-linecap", "opacity", "font-family", "font-weight", "shape-rendering",
    ]

    /// Reads a style sheet, leaving out what depends on a screen or a pointer.
    init(css: String) {
        var rules: [Rule] = []
        var variables: [String: String] = [:]
        for (head, body) in Self.blocks(of: css) {
            let declarations = Self.declarations(body)
            for text in head.split(separator: ",").map({ $0.drop(while: \.isWhitespace) }) {
                if text.hasPrefix(":root") {
                    for (name, value) in declarations { variables[name] = value }
                } else if let selector = Selector(text) {
                    rules.append(Rule(selector: selector, declarations: declarations))
                }
            }
        }
        self.rules = rules.enumerated().sorted {
            ($0.element.selector.weight, $0.offset) < ($1.element.selector.weight, $1.offset)
        }.map(\.element)
        self.variables = variables
    }

    /// A drawing whose elements bear their looks themselves.
    func standalone(_ svg: String) -> String {
        var known: [String: String] = [:]
        // What a page's script reads is of no use in a file.
        let bare = svg.replacing(#/\sdata-readings='[^']*'/#, with: "")
        let styled = bare.replacing(/<([a-z]+) class="([^"]*)"/) { match in
            let (tag, classes) = (String(match.1), String(match.2))
            let key = "\(tag) \(classes)"
            let found = known[key] ?? attributes(of: tag, classes.split(separator: " ").map(String.init))
            known[key] = found
            return "<\(tag)\(found)"
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\"" + styled.dropFirst("<svg".count) + "\n"
    }

    private func attributes(of tag: String, _ classes: [String]) -> String {
        var own = variables
        var found: [(name: String, value: String)] = []
        for rule in rules where rule.selector.matches(tag, classes) {
            for (name, value) in rule.declarations {
                if name.hasPrefix("--") { own[name] = value }
                found.removeAll { $0.name == name }
                found.append((name, value))
            }
        }
        return found.filter { Self.attributes.contains($0.name) }.map { name, value in
            var text = Self.resolved(value, own)
            if text.hasSuffix("px") { text = String(text.dropLast(2)) }
            if text == "transparent" { text = "none" }
            return " \(name)=\"\(text.replacing("\"", with: "'"))\""
        }.joined()
    }

    /// A value with its variables filled in, and the light one of two colours.
    private static func resolved(_ value: String, _ variables: [String: String], depth: Int = 0) -> String {
        guard depth < 8 else { return value }
        let filled = value.replacing(/var\((--[A-Za-z0-9-]+)\)/) { match in
            variables[String(match.1)].map { resolved($0, variables, depth: depth + 1) } ?? "none"
        }
        return filled.replacing(/light-dark\(([^,()]+),[^()]*\)/) { String($0.1) }
    }

    /// The rules at top level: what stands before each pair of braces, and between them.
    private static func blocks(of css: String) -> [(head: String, body: String)] {
        var blocks: [(head: String, body: String)] = []
        var (head, body) = ("", "")
        var depth = 0
        for character in css.replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: "") {
            switch character {
            case "{":
                depth += 1
                if depth > 1 { body.append(character) }
            case "}":
                depth -= 1
                if depth == 0 {
                    let words = head.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    if !words.hasPrefix("@") { blocks.append((words, body)) }
                    (head, body) = ("", "")
                } else {
                    body.append(character)
                }
            default: if depth == 0 { head.append(character) } else { body.append(character) }
            }
        }
        return blocks
    }

    private static func declarations(_ body: String) -> [(name: String, value: String)] {
        body.split(separator: ";").compactMap { declaration in
            guard let colon = declaration.firstIndex(of: ":") else { return nil }
            func trimmed(_ text: Substring) -> String {
                text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            return (
                trimmed(declaration[..<colon]), trimmed(declaration[declaration.index(after: colon)...])
            )
        }
    }

    /// A selector of the forms that charts use: an element, classes and parts of classes, perhaps inside the chart.
    private struct Selector {
        private let tag: String
        private let classes: [String]
        private let parts: [String]
        let weight: Int

        /// Nil for any other form.
        init?(_ text: Substring) {
            var words = text.split(separator: " ")
            if words.count == 2, [".pb-chart", "svg.pb-chart"].contains(words[0]) { words.removeFirst() }
            guard words.count == 1,
                let match = words[0].wholeMatch(of: /([a-z]*)((?:\.[A-Za-z0-9-]+)*)((?:\[class[*^]="[^"]*"\])*)/)
            else { return nil }
            tag = String(match.1)
            classes = match.2.split(separator: ".").map(String.init)
            parts = match.3.matches(of: /"([^"]*)"/).map { String($0.1) }
            guard !classes.isEmpty || !parts.isEmpty || text.contains(".pb-chart") else { return nil }
            weight = 2 * (classes.count + parts.count + (text.hasPrefix(".pb-chart ") ? 1 : 0)) + (tag.isEmpty ? 0 : 1)
        }

        func matches(_ tag: String, _ classes: [String]) -> Bool {
            (self.tag.isEmpty || self.tag == tag) && self.classes.allSatisfy(classes.contains)
                && parts.allSatisfy { part in classes.contains { $0.contains(part) } }
        }
    }
}
