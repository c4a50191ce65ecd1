import JSON

/// Turns rows into pairs.
struct PairReader {
    typealias Problem = PairFileError.Problem
    typealias Content = PreferencePair.Content

    /// `auto` until a row has said which it is.
    private(set) var format: PairFormat
    let columns: PairColumns?

    init(format: PairFormat, columns: PairColumns?) {
        self.format = format
        self.columns = columns
    }

    /// The pairs of one row: one, or several where the row holds several responses.
    /// - Throws: why the row is no pair of the format.
    mutating func contents(of row: JSON) throws(Problem) -> [Content] {
        guard let members = row.object else { throw .notAnObject(found: row.kind) }
        let named = columns?.renamed(row) ?? row
        for key in [columns?.prompt, columns?.chosen, columns?.rejected].compactMap(\.self) where row[key] == nil {
            throw .missing(key: key, found: members.map(\.key))
        }
        if format == .auto {
            guard let found = PairFormat(firstRow: named) else {
                throw .missing(key: row["chosen"] == nil ? "chosen" : "rejected", found: members.map(\.key))
            }
            format = found
        }
        let row = Row(json: named)
        var contents = try row.contents(format)
        let hasMessages = contents.contains { if case .messages = $0 { true } else { false } }
        if hasMessages, let tools = try row.tools() { contents = contents.map { $0.with(tools: tools) } }
        if contents.contains(where: \.repeatsPrompt) { throw .repeatedPrompt }
        return contents
    }
}

/// One row, read by a format.
private struct Row {
    typealias Problem = PairFileError.Problem
    typealias Content = PreferencePair.Content

    let json: JSON

    func contents(_ format: PairFormat) throws(Problem) -> [Content] {
        switch format {
        case .hh:
            guard let pair = Content(chosenTranscript: try text("chosen"), rejectedTranscript: try text("rejected"))
            else {
                throw .noMarker
            }
            return [pair]
        case .shared, .ultrafeedback, .tulu3:
            guard json["chosen"]?.array != nil else {
                return [Content(chosenText: try text("chosen"), rejectedText: try text("rejected"))]
            }
            guard
                let pair = Content(
                    chosenConversation: try messages("chosen"), rejectedConversation: try messages("rejected"))
            else { throw .noSharedMessage }
            return [pair]
        case .prompt, .rewardbench, .auto: return try explicit()
        case .helpsteer2:
            return [
                try ordered(
                    "response_1", "response_2", prompt: "prompt", firstIsBetter: try sign("preference_strength"))
            ]
        case .helpsteer3:
            return [
                try ordered("response1", "response2", prompt: "context", firstIsBetter: try sign("overall_preference"))
            ]
        case .safeRLHF, .safeRLHFSafer:
            let label = format == .safeRLHF ? "better_response_id" : "safer_response_id"
            return [
                try ordered(
                    "response_0", "response_1", prompt: "prompt", firstIsBetter: try choice(label, first: 0, second: 1))
            ]
        case .shp:
            return [
                try ordered(
                    "human_ref_A", "human_ref_B", prompt: "history",
                    firstIsBetter: try choice("labels", first: 1, second: 0))
            ]
        }
    }

    /// The tools of a conversation, a list or its JSON as a text, as data sets have it.
    func tools() throws(Problem) -> JSON? {
        guard let value = json["tools"], value != .null else { return nil }
        let tools = value.string.flatMap { try? JSON.parse(Array($0.utf8)) } ?? value
        guard tools.array != nil else { throw .wrongKind(key: "tools", expected: "a list", found: value.kind) }
        return tools
    }

    /// A prompt by itself; several responses on a side give a pair with each one on the other.
    private func explicit() throws(Problem) -> [Content] {
        if json["prompt"]?.array != nil {
            let prompt = try messages("prompt")
            if json["chosen"]?.string != nil, json["rejected"]?.string != nil {
                return [
                    .messages(
                        prompt: prompt, chosen: [assistant(try text("chosen"))],
                        rejected: [assistant(try text("rejected"))])
                ]
            }
            return [.messages(prompt: prompt, chosen: try messages("chosen"), rejected: try messages("rejected"))]
        }
        let prompt = try text("prompt")
        var pairs: [Content] = []
        let rejected = try texts("rejected")
        for better in try texts("chosen") {
            for worse in rejected { pairs.append(.texts(prompt: prompt, chosen: better, rejected: worse)) }
        }
        return pairs
    }

    /// Two responses, the order of which a label says.
    private func ordered(_ first: String, _ second: String, prompt: String, firstIsBetter: Bool) throws(Problem)
        -> Content
    {
        let responses = (try text(first), try text(second))
        let (chosen, rejected) = firstIsBetter ? responses : (responses.1, responses.0)
        guard json[prompt]?.array != nil else {
            return .texts(prompt: try text(prompt), chosen: chosen, rejected: rejected)
        }
        return .messages(prompt: try messages(prompt), chosen: [assistant(chosen)], rejected: [assistant(rejected)])
    }

    private func assistant(_ text: String) -> JSON {
        .object([.init("role", .string("assistant")), .init("content", .string(text))])
    }

    // MARK: Values

    private func value(_ key: String) throws(Problem) -> JSON {
        guard let value = json[key] else { throw .missing(key: key, found: (json.object ?? []).map(\.key)) }
        return value
    }

    private func text(_ key: String) throws(Problem) -> String {
        let value = try value(key)
        guard let text = value.string else { throw .wrongKind(key: key, expected: "a string", found: value.kind) }
        return text
    }

    private func texts(_ key: String) throws(Problem) -> [String] {
        let value = try value(key)
        guard let elements = value.array else { return [try text(key)] }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count, !texts.isEmpty else {
            throw .wrongKind(key: key, expected: "a string or a list of strings", found: value.kind)
        }
        return texts
    }

    private func messages(_ key: String) throws(Problem) -> [JSON] {
        let value = try value(key)
        guard let messages = value.array, messages.allSatisfy({ $0["role"]?.string != nil }) else {
            throw .wrongKind(
                key: key, expected: "a list of messages, objects with 'role' and 'content'", found: value.kind)
        }
        return messages
    }

    /// A label as a number; a CSV file has it as text.
    private func number(_ key: String) throws(Problem) -> Double {
        let value = try value(key)
        guard let number = value.number ?? value.string.flatMap(Double.init) else {
            throw .wrongKind(key: key, expected: "a number", found: value.kind)
        }
        return number
    }

    /// Whether a preference is for the first response: negative, by HelpSteer's scale.
    private func sign(_ key: String) throws(Problem) -> Bool {
        let preference = try number(key)
        if preference == 0 { throw .noPreference }
        return preference < 0
    }

    private func choice(_ key: String, first: Double, second: Double) throws(Problem) -> Bool {
        let label = try number(key)
        guard label == first || label == second else {
            throw .wrongKind(key: key, expected: "0 or 1", found: "another number")
        }
        return label == first
    }
}

extension JSON {
    /// The kind of value in words.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .int, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
