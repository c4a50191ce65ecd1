/// What has one plain value.
public protocol ScalarConvertible: SendableMetatype {
    /// The value; `null` where there is none, and for a number that is not finite.
    var scalar: Scalar { get }
    /// The kind of every value of the type; nil where it is not known.
    static var scalarKind: Scalar.Kind? { get }
}

extension Scalar: ScalarConvertible {
    /// Itself.
    public var scalar: Scalar { self }
    /// Any.
    public static var scalarKind: Scalar.Kind? { nil }
}

extension Bool: ScalarConvertible {
    /// The flag.
    public var scalar: Scalar { .bool(self) }
    /// A truth.
    public static var scalarKind: Scalar.Kind? { .truth }
}

extension Int: ScalarConvertible {
    /// The number.
    public var scalar: Scalar { .int(self) }
    /// A number.
    public static var scalarKind: Scalar.Kind? { .number }
}

extension Double: ScalarConvertible {
    /// The number where it is finite, else `null`.
    public var scalar: Scalar { .optional(self) }
    /// A number.
    public static var scalarKind: Scalar.Kind? { .number }
}

extension String: ScalarConvertible {
    /// The text.
    public var scalar: Scalar { .string(self) }
    /// A text.
    public static var scalarKind: Scalar.Kind? { .text }
}

extension Optional: ScalarConvertible where Wrapped: ScalarConvertible {
    /// The value inside, or `null`.
    public var scalar: Scalar { self?.scalar ?? .null }
    /// That of the value inside.
    public static var scalarKind: Scalar.Kind? { Wrapped.scalarKind }
}
