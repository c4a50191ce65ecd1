import Transformers

/// Which tokens of a pair an edit or a reading touches; P is the number of prompt tokens.
///
/// Positions inside a response are counted from its first token, in the chosen and in the rejected response alike.
public struct Positions: Sendable, Hashable {
    private enum Kind: Sendable, Hashable {
        case all, prompt, lastPrompt, firstDivergent
        /// A stretch of each response, from `start` to before `end`.
        case response(start: Int, end: Int?)
        /// Positions of the whole sequence, counted from 0, in rising order.
        case explicit([Int])
    }

    private let kind: Kind
    private init(_ kind: Kind) { self.kind = kind }

    /// Every token.
    public static let all = Positions(.all)
    /// `P…`: every response token; the last prompt token, which predicts the first of them, is not in it.
    public static let response = Positions(.response(start: 0, end: nil))
    /// `0…P−1`
    public static let prompt = Positions(.prompt)
    /// `P−1`
    public static let lastPrompt = Positions(.lastPrompt)
    /// The first position at which chosen and rejected differ, in both; where one is the other's beginning, the first that only
    /// one of them has.
    public static let firstDivergent = Positions(.firstDivergent)
    /// Those that have a name of their own, without slices and explicit positions.
    public static let named: [Positions] = [.all, .response, .prompt, .lastPrompt, .firstDivergent]

    /// `response[start:end]`, as Python counts; both from 0, `end` not included.
    public static func response(from start: Int = 0, to end: Int? = nil) -> Positions {
        precondition(start >= 0 && end.map { $0 > start } ?? true, "response[\(start):\(end ?? -1)]")
        return Positions(.response(start: start, end: end))
    }

    /// Positions of the whole sequence, counted from 0; those inside a response are taken in both responses.
    public static func explicit(_ positions: [Int]) -> Positions {
        precondition(positions.allSatisfy { $0 >= 0 }, "positions \(positions)")
        return Positions(.explicit(Set(positions).sorted()))
    }

    /// The text that names them in a notebook.
    public var name: String {
        switch kind {
        case .all: "all"
        case .prompt: "prompt"
        case .lastPrompt: "last_prompt"
        case .firstDivergent: "first_divergent"
        case .response(0, nil): "response"
        case .response(let start, let end): "response[\(start == 0 ? "" : "\(start)"):\(end.map(String.init) ?? "")]"
        case .explicit(let positions): positions.map(String.init).joined(separator: ",")
        }
    }

    /// Reads a name, a slice `response[i:j]`, or position numbers with commas.
    /// - Throws: ``PositionsError`` naming what was expected.
    public init(_ text: String) throws(PositionsError) {
        if let named = Self.named.first(where: { $0.name == text }) {
            self = named
        } else if text.hasPrefix("response["), text.hasSuffix("]") {
            let parts = text.dropFirst("response[".count).dropLast().split(
                separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let start = Self.number(parts[0], empty: 0),
                let end = Self.number(parts[1], empty: .max), start < end
            else { throw PositionsError(text: text) }
            self = .response(from: start, to: end == .max ? nil : end)
        } else {
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
                Self.number($0, empty: nil)
            }
            let found = numbers.compactMap(\.self)
            guard found.count == numbers.count else { throw PositionsError(text: text) }
            self = .explicit(found)
        }
    }

    /// A whole number of plain digits with spaces around it, or what stands for none.
    private static func number(_ text: Substring, empty: Int?) -> Int? {
        let digits = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        if digits.isEmpty { return empty }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(String(digits))
    }

    /// Whether they are every row of every pair.
    var isEverywhere: Bool { kind == .all }

    /// The rows of a packed pair, in rising order.
    func rows(of tree: TokenTree) -> [Int] {
        let prompt = tree.trunk.count
        func inBranches(_ range: (Int) -> Range<Int>) -> [Int] {
            tree.branches.indices.flatMap { branch in
                let rows = tree.rows(ofBranch: branch)
                return range(rows.count).map { rows.lowerBound + $0 }
            }
        }
        switch kind {
        case .all: return Array(0..<tree.rows)
        case .prompt: return Array(0..<prompt)
        case .lastPrompt: return Array(max(prompt - 1, 0)..<prompt)
        case .response(let start, let end):
            return inBranches { min(start, $0)..<min(end ?? $0, $0) }
        case .firstDivergent:
            let first = tree.firstDivergence
            return inBranches { min(first, $0)..<min(first + 1, $0) }
        case .explicit(let positions):
            return positions.filter { $0 < prompt }
                + tree.branches.indices.flatMap { branch in
                    let rows = tree.rows(ofBranch: branch)
                    return positions.filter { $0 >= prompt && $0 - prompt < rows.count }
                        .map { rows.lowerBound + $0 - prompt }
                }
        }
    }
}

/// A text that names no positions.
public struct PositionsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was written.
    public let text: String

    /// The sentence for the reader.
    public var description: String {
        "'\(text)' names no positions: expected \(Positions.named.map(\.name).joined(separator: ", ")), "
            + "a slice such as response[:3] or response[3:], or positions such as 0,5,7"
    }
}
