import JSON
import Notebooks
import Values

/// What one run says of one thing: a value with its interval, or what a claim or an identity was judged on.
public struct Reading: Sendable, Equatable {
    /// The value itself.
    public let value: Scalar
    /// The ends of its interval; nil when it has none.
    public var lower: Scalar?
    /// The upper end.
    public var upper: Scalar?
    /// Whether the claim or the identity held; nil for all else.
    public var held: Bool?
    /// Why a claim about a difference has no interval to be judged on, as a clause.
    public var missing: String?

    /// A reading out of its parts.
    public init(_ value: Scalar, lower: Scalar? = nil, upper: Scalar? = nil, held: Bool? = nil, missing: String? = nil)
    {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.held = held
        self.missing = missing
    }

    /// Whether the intervals of two readings have a point in common; nil where one of them has no interval.
    func overlaps(_ other: Reading) -> Bool? {
        guard let lower = lower?.number, let upper = upper?.number, let otherLower = other.lower?.number,
            let otherUpper = other.upper?.number
        else { return nil }
        return lower <= otherUpper && otherLower <= upper
    }

    /// The reading in words: `0.61 [0.5, 0.7]`, `held (found 7)`.
    /// - Parameter isExact: with all digits, for readings that look the same without.
    func text(isExact: Bool = false) -> String {
        func number(_ scalar: Scalar) -> String {
            if isExact, case .number = scalar { return scalar.json.text() }
            // A text of several lines is shown by its first.
            if case .string(let text) = scalar, let end = text.firstIndex(of: "\n") { return text[..<end] + " …" }
            return scalar == .string("") ? "nothing" : ValueFormat.plain.format(scalar)
        }
        if let held {
            let reason = missing.map { " without an interval: \($0)" } ?? ""
            return "\(held ? "held" : "FAILED") (found \(number(value))\(reason))"
        }
        guard let lower, let upper, lower != .null, upper != .null else { return number(value) }
        return "\(number(value)) [\(number(lower)), \(number(upper))]"
    }
}

/// How far two numbers may lie apart and still count as the same.
public struct Tolerance: Sendable, Equatable {
    /// The share of the larger of two numbers that they may differ by; unless it is 0, they may also differ by `rounding`.
    public let relative: Double

    /// A tolerance; one millionth where nobody asks for another.
    public init(relative: Double = 1e-6) { self.relative = relative }

    /// What rounding may leave of zero.
    static let rounding = 1e-12

    /// Whether two values differ: numbers by more than the tolerance, all else at all.
    func differs(_ left: Scalar?, _ right: Scalar?) -> Bool {
        guard let left, let right else { return left != right }
        guard let first = left.number, let second = right.number else { return !left.isSame(as: right) }
        return abs(first - second) > max(relative * max(abs(first), abs(second)), relative > 0 ? Self.rounding : 0)
    }

    func differs(_ left: Reading, _ right: Reading) -> Bool {
        left.held != right.held || differs(left.value, right.value) || differs(left.lower, right.lower)
            || differs(left.upper, right.upper)
    }
}

extension Results.Block {
    /// A value with its interval.
    func reading(_ path: String) -> Reading? {
        guard let value = value(path) else { return nil }
        let ends = interval(of: path)
        return Reading(
            value, lower: ends.flatMap { self.value($0.lower) }, upper: ends.flatMap { self.value($0.upper) })
    }
}
