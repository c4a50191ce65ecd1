/// A JSON value (RFC 8259) whose objects keep their members in the order of the text.
///
/// Strings and keys are equal when their UTF-8 bytes are, not when Unicode calls them canonically equivalent.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One key of an object with its value.
    public struct Member: Sendable, Equatable {
        /// The key, as written (escapes undone).
        public let key: String
        /// What stands after the colon.
        public let value: JSON

        /// A member out of its two halves.
        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }

        /// Whether both keys have the same bytes and both values are equal.
        public static func == (left: Member, right: Member) -> Bool {
            left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
        }
    }
}

extension JSON: Equatable {
    /// Whether both are of one kind and hold the same: strings by bytes, objects with their order.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }
}

extension JSON {
    /// The value under `key` (compared by UTF-8 bytes); nil where this is not an object or has no such member.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The text, where this is a string.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The integer, where this was written without fraction and exponent and fits `Int`.
    public var int: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number as float64, where this is an integer or a number.
    public var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The truth value, where this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, where this is an array.
    public var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The members in the order of the text, where this is an object.
    public var object: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}
