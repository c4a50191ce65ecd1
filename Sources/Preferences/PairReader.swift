import JSON

/// Turns rows of JSON into pairs.
struct PairReader {
    let path: String
    /// `auto` until the first row has said which it is.
    private(set) var format: PairFile.Format
    private(set) var pairs: [PreferencePair] = []

    init(path: String, format: PairFile.Format) {
        self.path = path
        self.format = format
    }

    /// Adds the pair of one line of JSON Lines.
    mutating func add(_ bytes: [UInt8], line: Int) throws(PairFileError) {
        let row: JSON
        do { row = try JSON.parse(bytes) } catch {
            throw self.error(.notJSON(column: error.column, problem: error.problem), line: line)
        }
        try add(row, line: line)
    }

    /// Adds the pairs of a whole JSON array.
    mutating func add(array bytes: [UInt8]) throws(PairFileError) {
        let rows: JSON
        do { rows = try JSON.parse(bytes) } catch {
            throw PairFileError(
                file: path, line: error.line, problem: .notJSON(column: error.column, problem: error.problem))
        }
        for row in rows.array ?? [] { try add(row, line: nil) }
    }

    private mutating func add(_ row: JSON, line: Int?) throws(PairFileError) {
        guard row.object != nil else { throw error(.notAnObject(found: row.kind), line: line) }
        if format == .auto { format = row["prompt"] == nil ? .hh : .prompt }
        let prompt = format == .prompt ? try text("prompt", of: row, line: line) : nil
        let chosen = try text("chosen", of: row, line: line)
        let rejected = try text("rejected", of: row, line: line)
        let number = pairs.count
        if let prompt {
            pairs.append(PreferencePair(row: number, prompt: prompt, chosen: chosen, rejected: rejected))
        } else if let pair = PreferencePair(row: number, chosenTranscript: chosen, rejectedTranscript: rejected) {
            pairs.append(pair)
        } else {
            throw error(.noMarker, line: line)
        }
    }

    private func text(_ key: String, of row: JSON, line: Int?) throws(PairFileError) -> String {
        switch row[key] {
        case .string(let text): return text
        case .array: throw error(.messages(key: key), line: line)
        case .some(let other): throw error(.notText(key: key, found: other.kind), line: line)
        case nil: throw error(.missing(key: key, found: (row.object ?? []).map(\.key)), line: line)
        }
    }

    private func error(_ problem: PairFileError.Problem, line: Int?) -> PairFileError {
        PairFileError(file: path, row: pairs.count, line: line, problem: problem)
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
