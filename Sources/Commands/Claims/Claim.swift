import Notebooks
import Values

/// A claim about a value, or about the difference of two estimates: `sweep.peak.layer in 5..10`,
/// `sweep.peak.effect - sweep.random.effect > 0`.
struct Claim: Sendable, Equatable {
    /// What a value is compared with: a constant, or another value.
    enum Operand: Sendable, Equatable {
        case constant(Scalar)
        case path(String)

        /// The operand as an author would write it.
        var shown: String {
            switch self {
            case .path(let path): "'\(path)'"
            case .constant(.string(let text)): "\"\(text)\""
            case .constant(.bool(let flag)): "'\(flag)'"
            case .constant(let scalar): scalar.number?.shown ?? "nothing"
            }
        }
    }

    enum Comparison: String, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case greater = ">"
    }

    enum Condition: Sendable, Equatable {
        case compares(Comparison, Operand)
        /// Both ends belong to it.
        case liesBetween(Operand, Operand)
        case isOneOf([Operand])
    }

    /// The value claimed about.
    let path: String
    /// The estimate that is subtracted from it, where the claim is about a difference.
    let subtracted: String?
    let condition: Condition

    init(path: String, subtracted: String? = nil, condition: Condition) {
        self.path = path
        self.subtracted = subtracted
        self.condition = condition
    }

    /// Every path that the claim names, the value claimed about first.
    var paths: [String] {
        let operands: [Operand] =
            switch condition {
            case .compares(_, let operand): [operand]
            case .liesBetween(let low, let high): [low, high]
            case .isOneOf(let operands): operands
            }
        return [path] + (subtracted.map { [$0] } ?? [])
            + operands.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }

    /// The paths that the value is less or greater than, or lies between.
    private var limits: [String] {
        switch condition {
        case .compares(.equal, _), .compares(.unequal, _), .isOneOf: []
        case .compares, .liesBetween: Array(paths.dropFirst(subtracted == nil ? 1 : 2))
        }
    }

    /// Whether both sides are one value, so that the claim says nothing about the results.
    var comparesWithItself: Bool {
        if let subtracted { return subtracted == path }
        if case .compares(_, .path(path)) = condition { return true }
        return false
    }

    /// Why the claim does not say how its estimates are compared, as a sentence; nil where it does.
    /// - Parameters:
    ///   - isEstimate: whether a value's parts by prompt will be known, by its full path; nil where its block did not bind.
    ///   - pairs: the ids of the pairs that a value's block runs on, by the value's full path.
    func unpaired(isEstimate: (String) -> Bool?, pairs: (String) -> [String]) -> String? {
        if let subtracted {
            if let path = [path, subtracted].first(where: { isEstimate($0) == false }) {
                return "'\(path)' has no parts by prompt, so no difference from it has an interval"
            }
            let (first, second) = (pairs(path), pairs(subtracted))
            if first != second {
                func words(_ pairs: [String]) -> String { pairs.map { "'\($0)'" }.joined(separator: ", ") }
                return "'\(path)' is over the pairs \(words(first)) and '\(subtracted)' over \(words(second)); "
                    + "only estimates over the same pairs block are compared prompt by prompt"
            }
        }
        guard isEstimate(path) == true, let limit = limits.first(where: { isEstimate($0) == true }) else { return nil }
        return subtracted == nil
            ? "'\(path)' and '\(limit)' are two estimates, and comparing them as numbers ignores their error; "
                + "write '\(path) - \(limit)' and compare the difference with a number"
            : "a difference of estimates is compared with numbers and parameters, and '\(limit)' is an estimate"
    }

    /// Why no value can make the claim hold, as a clause; nil for a claim that may.
    /// - Parameter kind: the kind of a value by its full path, where it is known.
    func contradiction(_ kind: (String) -> Scalar.Kind?) -> String? {
        func kindOf(_ operand: Operand) -> Scalar.Kind? {
            switch operand {
            case .constant(let scalar): scalar.kind
            case .path(let path): kind(path)
            }
        }
        /// The first side that has no order.
        func unordered(_ sides: [Operand]) -> String? {
            sides.first { kindOf($0).map { $0 != .number } ?? false }.map {
                "\($0.shown) is \(kindOf($0)?.words ?? ""), and only numbers are less or greater than others"
            }
        }
        func unequal(_ operand: Operand) -> String? {
            guard let left = kind(path), let right = kindOf(operand), left != right else { return nil }
            return "'\(path)' is \(left.words), and \(operand.shown) is \(right.words)"
        }
        if let subtracted, let problem = unordered([.path(path), .path(subtracted)]) { return problem }
        switch condition {
        case .compares(.equal, let operand), .compares(.unequal, let operand): return unequal(operand)
        case .compares(_, let operand): return unordered([.path(path), operand])
        case .liesBetween(let low, let high):
            if let problem = unordered([.path(path), low, high]) { return problem }
            guard case .constant(let low) = low, case .constant(let high) = high, let lower = low.number,
                let upper = high.number, lower > upper
            else { return nil }
            return "nothing lies between \(lower.shown) and \(upper.shown)"
        case .isOneOf(let operands): return operands.compactMap(unequal).first
        }
    }

    /// Whether the claim holds for the value found; what cannot be compared does not hold.
    /// - Parameter value: looks up a value by its full path.
    func holds(_ value: (String) -> Scalar?) -> Bool { holds(for: value(path) ?? .null, value) }

    /// Whether the claim holds for both ends of the interval of a difference, and so for all between them.
    func holds(for ends: ClaimVerdict.Ends, _ value: (String) -> Scalar?) -> Bool {
        holds(for: .number(ends.lower), value) && holds(for: .number(ends.upper), value)
    }

    private func holds(for found: Scalar, _ value: (String) -> Scalar?) -> Bool {
        func constant(_ operand: Operand) -> Scalar {
            switch operand {
            case .constant(let scalar): scalar
            case .path(let path): value(path) ?? .null
            }
        }
        switch condition {
        case .compares(let comparison, let operand): return Self.holds(found, comparison, constant(operand))
        case .liesBetween(let low, let high):
            return Self.holds(found, .atLeast, constant(low)) && Self.holds(found, .atMost, constant(high))
        case .isOneOf(let operands): return operands.contains { Self.holds(found, .equal, constant($0)) }
        }
    }

    private static func holds(_ left: Scalar, _ comparison: Comparison, _ right: Scalar) -> Bool {
        if let left = left.number, let right = right.number {
            guard left.isFinite, right.isFinite else { return false }
            return switch comparison {
            case .less: left < right
            case .atMost: left <= right
            case .greater: left > right
            case .atLeast: left >= right
            case .equal: left == right
            case .unequal: left != right
            }
        }
        let same: Bool
        switch (left, right) {
        case (.bool(let left), .bool(let right)): same = left == right
        case (.string(let left), .string(let right)): same = left.utf8.elementsEqual(right.utf8)
        default: return false
        }
        return comparison == .equal ? same : comparison == .unequal ? !same : false
    }
}

extension Double {
    /// The number as an author would write it.
    fileprivate var shown: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : String(self) }
}
