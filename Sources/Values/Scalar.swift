/// One value a block produces: plain data that serialises exactly.
public enum Scalar: Sendable, Equatable {
    /// No value: a quantity that is not defined here, such as the recovery of an effect when the gain is zero.
    case null
    case bool(Bool)
    case int(Int)
    /// A 64-bit float; a NaN or an infinity is written as `null`.
    case number(Double)
    case string(String)

    /// The value as a float64, for an integer or a number.
    public var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// A number where the value exists, else `null`.
    public static func optional(_ value: Double?) -> Scalar {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}

extension Scalar {
    /// What a value can be compared with: values of its own kind, and only numbers have an order.
    public enum Kind: Sendable, Equatable {
        case number, text, truth

        /// The kind in words: `a text`.
        public var words: String {
            switch self {
            case .number: "a number"
            case .text: "a text"
            case .truth: "true or false"
            }
        }
    }

    /// The value's kind; nil for none.
    public var kind: Kind? {
        switch self {
        case .null: nil
        case .bool: .truth
        case .int, .number: .number
        case .string: .text
        }
    }

    /// What two scalars share that are the same value: `4` and `4.0` are, and texts are compared byte by byte.
    public enum Identity: Hashable, Sendable {
        case none
        case bool(Bool)
        case int(Int)
        case number(Double)
        case text([UInt8])
    }

    /// Equal for scalars that are the same value; a NaN is none.
    public var identity: Identity {
        switch self {
        case .null: .none
        case .bool(let flag): .bool(flag)
        case .int(let value): .int(value)
        case .number(let value):
            if let whole = Int(exactly: value) { .int(whole) } else { value.isNaN ? .none : .number(value) }
        case .string(let text): .text(Array(text.utf8))
        }
    }

    /// Whether two scalars are the same value, `4` and `4.0` alike.
    public func isSame(as other: Scalar) -> Bool { identity == other.identity }
}
