import Notebooks
import Values

/// A claim about a value: `sweep.peak.layer in 5..10`, `controls.random.upper < 10%`.
struct Claim: Sendable, Equatable {
    /// What a value is compared with: a constant, or another value.
    enum Operand: Sendable, Equatable {
        case constant(Scalar)
        case path(String)
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
    let condition: Condition

    /// Every path that the claim names, the value claimed about first.
    var paths: [String] {
        let operands: [Operand] =
            switch condition {
            case .compares(_, let operand): [operand]
            case .liesBetween(let low, let high): [low, high]
            case .isOneOf(let operands): operands
            }
        return [path] + operands.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }

    /// Why no value can make the claim hold, as a clause; nil for a claim that may.
    var contradiction: String? {
        switch condition {
        case .compares(let comparison, .constant(let constant)) where comparison != .equal && comparison != .unequal:
            return constant.number == nil ? "only numbers are less or greater than others" : nil
        case .compares(let comparison, .path(path)) where [.less, .greater, .unequal].contains(comparison):
            return "a value is compared with itself"
        case .liesBetween(.constant(let low), .constant(let high)):
            guard let lower = low.number, let upper = high.number else { return "a range has numbers at its ends" }
            return lower > upper ? "nothing lies between \(lower.shown) and \(upper.shown)" : nil
        case .liesBetween(.constant(let end), _), .liesBetween(_, .constant(let end)):
            return end.number == nil ? "a range has numbers at its ends" : nil
        default: return nil
        }
    }

    /// Whether the claim holds for the value found; what cannot be compared does not hold.
    /// - Parameter value: looks up a value by its full path.
    func holds(_ value: (String) -> Scalar?) -> Bool {
        let found = value(path) ?? .null
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
