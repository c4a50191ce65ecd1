/// What has one plain value.
public protocol ScalarConvertible: SendableMetatype {
    /// The value; `null` where there is none, and for a number that is not finite.
    var scalar: Scalar { get }
}

extension Scalar: ScalarConvertible {
    /// Itself.
    public var scalar: Scalar { self }
}

extension Bool: ScalarConvertible {
    /// The flag.
    public var scalar: Scalar { .bool(self) }
}

extension Int: ScalarConvertible {
    /// The number.
    public var scalar: Scalar { .int(self) }
}

extension Double: ScalarConvertible {
    /// The number where it is finite, else `null`.
    public var scalar: Scalar { .optional(self) }
}

extension String: ScalarConvertible {
    /// The text.
    public var scalar: Scalar { .string(self) }
}

extension Optional: ScalarConvertible where Wrapped: ScalarConvertible {
    /// The value inside, or `null`.
    public var scalar: Scalar { self?.scalar ?? .null }
}
