import JSON

/// A value of a tokenizer file together with its place, so that every complaint can name it.
struct FileNode {
    let value: JSON
    let place: String

    init(value: JSON, place: String) {
        self.value = value
        self.place = place
    }

    /// The value of a whole file.
    /// - Throws: `TokenizerError.json`.
    init(parsing bytes: [UInt8]) throws(TokenizerError) {
        do {
            self.init(value: try JSON.parse(bytes), place: "")
        } catch {
            throw .json(error)
        }
    }

    /// The member under `key`, or nil where there is none or it is null.
    func optional(_ key: String) -> FileNode? {
        guard let value = value[key], value != .null else { return nil }
        return FileNode(value: value, place: place.isEmpty ? key : "\(place).\(key)")
    }

    /// The member under `key`.
    /// - Throws: `TokenizerError.missing`.
    func member(_ key: String) throws(TokenizerError) -> FileNode {
        guard let node = optional(key) else { throw .missing(place: place.isEmpty ? key : "\(place).\(key)") }
        return node
    }

    /// Checks that every member has one of these names.
    /// - Throws: `TokenizerError.unknownMember`.
    func allow(_ known: String...) throws(TokenizerError) {
        for member in try object() where !known.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
            throw .unknownMember(place: place.isEmpty ? member.key : "\(place).\(member.key)", known: known)
        }
    }

    func object() throws(TokenizerError) -> [JSON.Member] {
        guard let members = value.object else { throw wrong("an object") }
        return members
    }

    func array() throws(TokenizerError) -> [FileNode] {
        guard let values = value.array else { throw wrong("an array") }
        return values.enumerated().map { FileNode(value: $1, place: "\(place)[\($0)]") }
    }

    func string() throws(TokenizerError) -> String {
        guard let text = value.string else { throw wrong("a string") }
        return text
    }

    func int() throws(TokenizerError) -> Int {
        guard let number = value.int else { throw wrong("an integer") }
        return number
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let flag = value.bool else { throw wrong("true or false") }
        return flag
    }

    /// One of the cases of an enumeration, by its raw value.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) throws(TokenizerError) -> Choice {
        let text = try string()
        guard let choice = Choice.allCases.first(where: { $0.rawValue == text }) else {
            throw unsupported(text, Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// The bytes of a string that must not be empty.
    func bytes() throws(TokenizerError) -> [UInt8] {
        let text = try string()
        guard !text.isEmpty else { throw unsupported("", ["a text that is not empty"]) }
        return Array(text.utf8)
    }

    /// A pattern, written as `{"String": …}` or `{"Regex": …}`.
    func pattern() throws(TokenizerError) -> Pattern {
        try allow("String", "Regex")
        if let text = optional("String") { return .text(try text.bytes()) }
        let expression = try member("Regex")
        return .expression(try RegularExpression(expression.string(), place: expression.place))
    }

    func unsupported(_ found: String, _ supported: [String]) -> TokenizerError {
        .unsupported(place: place, found: found, supported: supported)
    }

    private func wrong(_ expected: String) -> TokenizerError {
        let found =
            switch value {
            case .null: "null"
            case .bool: "true or false"
            case .int: "an integer"
            case .number: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return .wrongKind(place: place, expected: expected, found: found)
    }
}
