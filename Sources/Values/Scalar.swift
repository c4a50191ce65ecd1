/// One value a block hands on: plain data that serialises exactly.
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
