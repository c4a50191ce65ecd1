#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Evaluator {
    /// `left operation right`.
    func arithmetic(_ operation: Expression.Arithmetic, _ left: Value, _ right: Value) throws(TemplateError.Problem)
        -> Value
    {
        switch (operation, left, right) {
        case (_, .undefined(let reason), _), (_, _, .undefined(let reason)): throw .undefined(reason)
        case (.add, .text(let a), .text(let b)):
            try charge(length: a.scalars.count + b.scalars.count)
            if a.isMarkup || b.isMarkup { return .text(Text(a.escaped.scalars + b.escaped.scalars, isMarkup: true)) }
            return .text(Text(a.scalars + b.scalars))
        case (.add, .list(let a), .list(let b)):
            try charge(a.elements.count + b.elements.count)
            return .list(a.elements + b.elements)
        case (.add, .tuple(let a), .tuple(let b)):
            try charge(a.elements.count + b.elements.count)
            return .tuple(a.elements + b.elements)
        case (.multiply, .text(let text), let times), (.multiply, let times, .text(let text)):
            let count = try repetitions(times, of: left, right)
            let (length, overflows) = text.scalars.count.multipliedReportingOverflow(by: count)
            try charge(length: overflows ? .max : length)
            return .text(text.with(Array(repeatElement(text.scalars, count: count).joined())))
        case (.multiply, .list(let list), let times), (.multiply, let times, .list(let list)):
            let count = try repetitions(times, of: left, right)
            let (length, overflows) = list.elements.count.multipliedReportingOverflow(by: count)
            try charge(length: overflows ? .max : length)
            return .list(Array(repeatElement(list.elements, count: count).joined()))
        case (.remainder, .text, _): throw .unsupported("formatting a string with '%'")
        default: return try Operators.calculate(operation, left, right)
        }
    }

    private func repetitions(_ times: Value, of left: Value, _ right: Value) throws(TemplateError.Problem) -> Int {
        guard let count = times.integer else { throw Operators.mismatch("*", left, right) }
        return max(0, count)
    }

    /// `left comparison right`.
    func compare(_ comparison: Expression.Comparison, _ left: Value, _ right: Value) throws(TemplateError.Problem)
        -> Bool
    {
        switch comparison {
        case .equal: try areEqual(left, right)
        case .unequal: !(try areEqual(left, right))
        case .isIn: try contains(right, left)
        case .isNotIn: !(try contains(right, left))
        case .less: try Operators.isLess(left, right, "<")
        case .greater: try Operators.isLess(right, left, ">")
        case .lessOrEqual: try isLessOrEqual(left, right, "<=")
        case .greaterOrEqual: try isLessOrEqual(right, left, ">=")
        }
    }

    private func isLessOrEqual(_ left: Value, _ right: Value, _ sign: String) throws(TemplateError.Problem) -> Bool {
        if try Operators.isLess(left, right, sign) { return true }
        return try areEqual(left, right)
    }

    /// `element in container`.
    func contains(_ container: Value, _ element: Value) throws(TemplateError.Problem) -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let part) = element else {
                throw .invalid("'in' a string takes a string, found '\(element.typeName)'")
            }
            try charge(text.scalars.count)
            return text.firstIndex(of: part) != nil
        case .dictionary(let dictionary): return dictionary[element] != nil
        case .generator(let generator):
            while let next = generator.next() { if try areEqual(next, element) { return true } }
            return false
        default:
            for other in try container.elements() { if try areEqual(other, element) { return true } }
            return false
        }
    }
}

/// Arithmetic and order of numbers, as Python has them.
enum Operators {
    static func calculate(_ operation: Expression.Arithmetic, _ left: Value, _ right: Value)
        throws(TemplateError.Problem) -> Value
    {
        if operation != .divide, let a = left.integer, let b = right.integer {
            guard !(operation == .power && b < 0) else { return .float(power(Double(a), Double(b))) }
            return .int(try calculate(operation, a, b))
        }
        guard let a = left.number, let b = right.number else { throw mismatch(operation.rawValue, left, right) }
        if b == 0, [.divide, .floorDivide, .remainder].contains(operation) { throw .invalid("division by zero") }
        switch operation {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide: return .float(a / b)
        case .floorDivide: return .float((a / b).rounded(.down))
        case .remainder:
            let rest = a.truncatingRemainder(dividingBy: b)
            return .float(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
        case .power: return .float(power(a, b))
        }
    }

    private static func calculate(_ operation: Expression.Arithmetic, _ a: Int, _ b: Int) throws(TemplateError.Problem)
        -> Int
    {
        let (result, overflows): (Int, Bool)
        switch operation {
        case .add: (result, overflows) = a.addingReportingOverflow(b)
        case .subtract: (result, overflows) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflows) = a.multipliedReportingOverflow(by: b)
        case .power: (result, overflows) = power(a, b)
        case .divide, .floorDivide, .remainder:
            if b == 0 { throw .invalid("division by zero") }
            let (quotient, exceeds) = a.dividedReportingOverflow(by: b)
            let rest = exceeds ? 0 : a % b
            let isRoundedUp = rest != 0 && (rest < 0) != (b < 0)
            result = operation == .remainder ? (isRoundedUp ? rest + b : rest) : (isRoundedUp ? quotient - 1 : quotient)
            overflows = exceeds
        }
        if overflows { throw .unsupported("an integer of more than 64 bits") }
        return result
    }

    private static func power(_ base: Int, _ exponent: Int) -> (Int, Bool) {
        var result = 1
        if [0, 1].contains(base) { return (exponent == 0 ? 1 : base, false) }
        if base == -1 { return (exponent % 2 == 0 ? 1 : -1, false) }
        for _ in 0..<min(exponent, 64) {
            let (product, overflows) = result.multipliedReportingOverflow(by: base)
            if overflows { return (0, true) }
            result = product
        }
        return (result, false)
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    static func negative(_ value: Value) throws(TemplateError.Problem) -> Value {
        if case .undefined(let reason) = value { throw .undefined(reason) }
        if let integer = value.integer { return .int(try calculate(.subtract, 0, integer)) }
        guard let number = value.number else { throw .invalid("'\(value.typeName)' object has no negative") }
        return .float(-number)
    }

    static func positive(_ value: Value) throws(TemplateError.Problem) -> Value {
        if case .undefined(let reason) = value { throw .undefined(reason) }
        if let integer = value.integer { return .int(integer) }
        guard value.number != nil else { throw .invalid("'\(value.typeName)' object is not a number") }
        return value
    }

    /// Whether one value comes before another: numbers by size, strings scalar by scalar.
    static func isLess(_ left: Value, _ right: Value, _ sign: String) throws(TemplateError.Problem) -> Bool {
        switch (left, right) {
        case (.undefined(let reason), _), (_, .undefined(let reason)): throw .undefined(reason)
        case (.text(let a), .text(let b)): return a.scalars.lexicographicallyPrecedes(b.scalars)
        default:
            if let a = left.integer, let b = right.integer { return a < b }
            guard let a = left.number, let b = right.number else { throw mismatch(sign, left, right) }
            return a < b
        }
    }

    static func mismatch(_ sign: String, _ left: Value, _ right: Value) -> TemplateError.Problem {
        .invalid("'\(sign)' cannot take '\(left.typeName)' and '\(right.typeName)'")
    }
}

/// Items in the order of their keys; equal keys keep their order.
/// - Throws: `invalid`, where two keys have no order.
func stablySorted<Item>(_ keyed: [(key: Value, item: Item)], descending: Bool = false) throws(TemplateError.Problem)
    -> [Item]
{
    for pair in zip(keyed, keyed.dropFirst()) { _ = try Operators.isLess(pair.0.key, pair.1.key, "<") }
    func comesBefore(
        _ a: (offset: Int, element: (key: Value, item: Item)), _ b: (offset: Int, element: (key: Value, item: Item))
    )
        -> Bool
    {
        let (first, second) = descending ? (b, a) : (a, b)
        if (try? Operators.isLess(first.element.key, second.element.key, "<")) == true { return true }
        if (try? Operators.isLess(second.element.key, first.element.key, "<")) == true { return false }
        return a.offset < b.offset
    }
    return keyed.enumerated().sorted(by: comesBefore).map(\.element.item)
}
