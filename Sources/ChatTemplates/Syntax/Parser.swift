/// Reads a template's tokens as statements; the grammar is Jinja 3's.
struct Parser {
    /// How deep statements, and expressions, may nest.
    static let depthLimit = 200

    private let tokens: [Token]
    private(set) var position = 0
    private var nesting = 0
    private var loops = 0
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]
    /// The names read since the macro around began, for `varargs`, `kwargs` and `caller`.
    private var mentioned: Set<String> = []

    init(_ template: String) throws(TemplateError) {
        tokens = try Lexer.tokens(of: template)
        _ = intern(Name.loop.text)
    }

    /// The whole template.
    mutating func template() throws(TemplateError) -> [Statement] {
        let body = try statements(until: [])
        if token.kind != .end { throw unexpected() }
        return body
    }

    // MARK: Tokens

    var token: Token { tokens[position] }

    var following: Token.Kind { tokens[min(position + 1, tokens.count - 1)].kind }

    mutating func advance(by count: Int = 1) { position = min(position + count, tokens.count - 1) }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func take(mark: String) -> Bool { take(.mark(mark)) }

    mutating func take(word: String) -> Bool { take(.name(word)) }

    mutating func expect(_ kind: Token.Kind) throws(TemplateError) {
        guard take(kind) else {
            throw error(.syntax("expected \(Token(kind: kind, place: token.place).inWords), found \(token.inWords)"))
        }
    }

    mutating func expectName() throws(TemplateError) -> String {
        guard case .name(let name) = token.kind else { throw error(.syntax("expected a name, found \(token.inWords)")) }
        advance()
        return name
    }

    func error(_ problem: TemplateError.Problem) -> TemplateError { TemplateError(token.place, problem) }

    func unexpected() -> TemplateError { error(.syntax("unexpected \(token.inWords)")) }

    /// The name's number; the same text has the same one everywhere in the template.
    mutating func intern(_ text: String) -> Name {
        mentioned.insert(text)
        let number = numbers[text] ?? names.count
        if number == names.count {
            names.append(text)
            numbers[text] = number
        }
        return Name(number: number, text: text)
    }

    /// Runs one level deeper.
    /// - Throws: `tooDeep`, and what `body` throws.
    mutating func nested<Result>(_ body: (inout Parser) throws(TemplateError) -> Result) throws(TemplateError) -> Result
    {
        if nesting >= Self.depthLimit { throw error(.tooDeep(limit: Self.depthLimit)) }
        nesting += 1
        defer { nesting -= 1 }
        return try body(&self)
    }

    // MARK: Statements

    /// Statements up to one of these words in a tag; that word is left to be read.
    private mutating func statements(until ends: [String]) throws(TemplateError) -> [Statement] {
        var body: [Statement] = []
        while true {
            switch token.kind {
            case .data(let text):
                body.append(.text(text, token.place))
                advance()
            case .outputBegin:
                advance()
                body.append(.output(try tuple()))
                try expect(.outputEnd)
            case .blockBegin:
                if case .name(let word) = following, ends.contains(word) {
                    advance()
                    return body
                }
                advance()
                body.append(try nested { (parser) throws(TemplateError) in try parser.statement() })
                try expect(.blockEnd)
            default:
                guard ends.isEmpty else {
                    throw error(
                        .syntax("expected the tag '\(ends.joined(separator: "' or '"))', found \(token.inWords)"))
                }
                return body
            }
        }
    }

    /// A tag's body: the tag's end, statements, and the words that open the closing tag.
    private mutating func body(until ends: String...) throws(TemplateError) -> [Statement] {
        _ = take(mark: ":")
        try expect(.blockEnd)
        return try statements(until: ends)
    }

    private mutating func statement() throws(TemplateError) -> Statement {
        let start = token.place
        let word = try expectName()
        switch word {
        case "set": return try assignment()
        case "if": return try conditional()
        case "for": return try loop()
        case "macro":
            let name = intern(try expectName())
            return .macro(try macro(name, end: "endmacro"))
        case "call": return try callBlock()
        case "filter":
            let filters = try filterCalls(startsInline: true)
            let body = try body(until: "endfilter")
            advance()
            return .filterBlock(filters, body, start)
        case "with": return try with()
        case "generation":
            let body = try body(until: "endgeneration")
            advance()
            return .generation(body)
        case "break", "continue":
            if loops == 0 { throw TemplateError(start, .syntax("'\(word)' stands outside a loop")) }
            return word == "break" ? .breakLoop : .continueLoop
        default: throw TemplateError(start, .unsupported("the tag '\(word)'"))
        }
    }

    private mutating func assignment() throws(TemplateError) -> Statement {
        let target = try target(members: true)
        if take(mark: "=") { return .set(target, try tuple()) }
        let filters = try filterCalls(startsInline: false)
        let body = try body(until: "endset")
        advance()
        return .setBlock(target, filters, body)
    }

    private mutating func conditional() throws(TemplateError) -> Statement {
        var branches: [(test: Expression, body: [Statement])] = []
        while true {
            let test = try tuple(isConditional: false)
            branches.append((test, try body(until: "elif", "else", "endif")))
            switch try expectName() {
            case "elif": continue
            case "else":
                let otherwise = try body(until: "endif")
                advance()
                return .conditional(branches, otherwise: otherwise)
            default: return .conditional(branches, otherwise: [])
            }
        }
    }

    private mutating func loop() throws(TemplateError) -> Statement {
        let target = try target(members: false)
        guard take(word: "in") else { throw error(.syntax("expected 'in', found \(token.inWords)")) }
        let iterable = try tuple(isConditional: false)
        let test = take(word: "if") ? try expression() : nil
        if token.kind == .name("recursive") { throw error(.unsupported("a recursive loop")) }
        loops += 1
        let repeated = try body(until: "endfor", "else")
        loops -= 1
        var otherwise: [Statement] = []
        if try expectName() == "else" {
            otherwise = try body(until: "endfor")
            advance()
        }
        return .loop(ForLoop(target: target, iterable: iterable, test: test, body: repeated, otherwise: otherwise))
    }

    private mutating func macro(_ name: Name, end: String) throws(TemplateError) -> Macro {
        var parameters: [(name: Name, fallback: Expression?)] = []
        if end == "endmacro" || token.kind == .mark("(") { parameters = try signature() }
        return try macro(name, parameters, end: end)
    }

    private mutating func macro(_ name: Name, _ parameters: [(name: Name, fallback: Expression?)], end: String)
        throws(TemplateError) -> Macro
    {
        let outside = (mentioned, loops)
        mentioned = []
        loops = 0
        let body = try body(until: end)
        advance()
        func special(_ text: String) -> Name? { mentioned.contains(text) ? intern(text) : nil }
        let macro = Macro(
            name: name, parameters: parameters, body: body, varargs: special("varargs"), kwargs: special("kwargs"),
            caller: special("caller"))
        mentioned.formUnion(outside.0)
        loops = outside.1
        return macro
    }

    private mutating func signature() throws(TemplateError) -> [(name: Name, fallback: Expression?)] {
        var parameters: [(name: Name, fallback: Expression?)] = []
        try expect(.mark("("))
        while !take(mark: ")") {
            if !parameters.isEmpty { try expect(.mark(",")) }
            let name = intern(try expectName())
            let fallback = take(mark: "=") ? try expression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw error(.syntax("a parameter without a default follows one that has a default"))
            }
            parameters.append((name, fallback))
        }
        return parameters
    }

    private mutating func callBlock() throws(TemplateError) -> Statement {
        let parameters = token.kind == .mark("(") ? try signature() : []
        let call = try expression()
        guard case .call = call.form else { throw TemplateError(call.place, .syntax("expected the call of a macro")) }
        return .callBlock(call: call, caller: try macro(intern("caller"), parameters, end: "endcall"))
    }

    private mutating func with() throws(TemplateError) -> Statement {
        var targets: [(target: Target, value: Expression)] = []
        while token.kind != .blockEnd, token.kind != .mark(":") {
            if !targets.isEmpty { try expect(.mark(",")) }
            let target = Target(place: token.place, form: .name(intern(try expectName())))
            try expect(.mark("="))
            targets.append((target, try expression()))
        }
        let body = try body(until: "endwith")
        advance()
        return .with(targets, body)
    }

    /// The filters of a tag; the first one may stand without `|`.
    private mutating func filterCalls(startsInline: Bool) throws(TemplateError) -> [FilterCall] {
        var calls: [FilterCall] = []
        while startsInline && calls.isEmpty || take(mark: "|") {
            let place = token.place
            let name = try expectName()
            calls.append(
                FilterCall(
                    place: place, name: name, arguments: token.kind == .mark("(") ? try arguments() : CallArguments()))
        }
        return calls
    }

    /// One name or several; members of namespaces where `set` may write to them.
    private mutating func target(members: Bool) throws(TemplateError) -> Target {
        let start = token.place
        var parts: [Target] = []
        var isTuple = false
        let isParenthesized = take(mark: "(")
        repeat {
            if !parts.isEmpty, token.kind == .name("in") || token.kind == .mark("=") { break }
            if token.kind == .mark("(") {
                parts.append(try nested { (parser) throws(TemplateError) in try parser.target(members: members) })
            } else {
                let place = token.place
                let name = intern(try expectName())
                if members, take(mark: ".") {
                    parts.append(Target(place: place, form: .member(name, Text(try expectName()))))
                } else {
                    parts.append(Target(place: place, form: .name(name)))
                }
            }
            if token.kind == .mark(",") { isTuple = true }
        } while take(mark: ",")
        if isParenthesized { try expect(.mark(")")) }
        return isTuple || parts.count != 1 ? Target(place: start, form: .tuple(parts)) : parts[0]
    }
}
