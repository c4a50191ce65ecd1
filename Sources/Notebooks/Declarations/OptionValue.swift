import JSON
import Markdown
import Values

/// An option's value in its normal form: parameters filled in, defaults included.
public indirect enum OptionValue: Sendable, Equatable {
    case scalar(Scalar)
    case list([OptionValue])
    case map([MapEntry])

    /// One key with its value.
    public struct MapEntry: Sendable, Equatable {
        /// The key's text.
        public let key: String
        /// What the key is given.
        public let value: OptionValue

        /// A key with its value.
        public init(key: String, value: OptionValue) {
            self.key = key
            self.value = value
        }
    }

    /// What the YAML says; absolute paths by their last part, since no result depends on where a machine keeps its files.
    init(_ value: YAMLValue) {
        switch value.content {
        case .scalar:
            if case .string(let text)? = value.scalar {
                self.init(path: text)
            } else {
                self = .scalar(value.scalar ?? .null)
            }
        case .sequence(let values): self = .list(values.map { OptionValue($0) })
        case .mapping(let entries): self = .map(entries.map { MapEntry(key: $0.key, value: OptionValue($0.value)) })
        }
    }

    /// A path: as written when it is relative, by its last part when it is absolute.
    init(path: String) { self = .scalar(.string(Self.portable(path))) }

    static func portable(_ path: String) -> String {
        guard path.hasPrefix("/"), let last = path.split(separator: "/").last else { return path }
        return String(last)
    }

    /// The value as JSON.
    public var json: JSON {
        switch self {
        case .scalar(let scalar): scalar.json
        case .list(let values): .array(values.map(\.json))
        case .map(let entries): .object(entries.map { JSON.Member($0.key, $0.value.json) })
        }
    }
}

extension Scalar {
    /// The value as JSON; NaN and infinities become null.
    public var json: JSON {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .number(let number): number.isFinite ? .number(number) : .null
        case .string(let text): .string(text)
        }
    }

    /// Reads what ``json`` wrote; nil for a list or an object.
    public init?(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array, .object: return nil
        }
    }

    /// The value as a notebook would write it: `null`, `true`, `12`, `0.5`, text without quotes.
    public var plainText: String {
        switch self {
        case .null: "null"
        case .bool(let flag): String(flag)
        case .int(let number): String(number)
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        case .string(let text): text
        }
    }
}

extension Table {
    /// `{"columns": […], "rows": [[…], …]}`
    public var json: JSON {
        .object([
            JSON.Member("columns", .array(columns.map { .string($0) })),
            JSON.Member("rows", .array(rows.map { .array($0.map(\.json)) })),
        ])
    }
}
