import JSON

/// What an option's value looks like in a notebook, as data: from it the JSON Schema is made.
public enum OptionShape: Sendable, Equatable {
    /// Anything: the command reads it itself.
    case any
    case integer(least: Int?, greatest: Int?)
    case number(least: Double?, greatest: Double?)
    case boolean
    case text
    /// One of a few words.
    case choice([String])
    /// One of a few words, or a list of them.
    case choices([String])
    /// One of a few words, or one name or more.
    case choiceOrNames([String])
    /// `all`, a number, a list of numbers and ranges, or a range such as `4..7`.
    case integers
    /// The id of a block.
    case id
    /// `id.table`
    case table

    /// The value's JSON Schema (2020-12), without its description.
    var schema: [JSON.Member] {
        switch self {
        case .any: []
        case .integer(let least, let greatest):
            [JSON.Member("type", .string("integer"))]
                + bounds(
                    least.flatMap { $0 == .min ? nil : .int($0) }, greatest.flatMap { $0 == .max ? nil : .int($0) })
        case .number(let least, let greatest):
            [JSON.Member("type", .string("number"))]
                + bounds(
                    least.flatMap { $0.isFinite ? .number($0) : nil },
                    greatest.flatMap { $0.isFinite ? .number($0) : nil })
        case .boolean: [JSON.Member("type", .string("boolean"))]
        case .text: [JSON.Member("type", .array([.string("string"), .string("number"), .string("boolean")]))]
        case .choice(let words): [JSON.Member("enum", .array(words.map { .string($0) }))]
        case .choices(let words):
            [
                JSON.Member(
                    "anyOf",
                    .array([
                        .object([JSON.Member("enum", .array(words.map { .string($0) }))]),
                        .object([
                            JSON.Member("type", .string("array")), JSON.Member("uniqueItems", .bool(true)),
                            JSON.Member("items", .object([JSON.Member("enum", .array(words.map { .string($0) }))])),
                        ]),
                    ]))
            ]
        case .choiceOrNames(let words):
            [
                JSON.Member(
                    "anyOf",
                    .array([
                        .object([JSON.Member("enum", .array(words.map { .string($0) }))]),
                        .object([JSON.Member("type", .string("string"))]),
                        .object([
                            JSON.Member("type", .string("array")), JSON.Member("minItems", .int(1)),
                            JSON.Member("uniqueItems", .bool(true)),
                            JSON.Member("items", .object([JSON.Member("type", .string("string"))])),
                        ]),
                    ]))
            ]
        case .integers:
            [
                JSON.Member(
                    "anyOf",
                    .array([
                        Self.integerOrRange, .object([JSON.Member("const", .string("all"))]),
                        .object([
                            JSON.Member("type", .string("array")), JSON.Member("minItems", .int(1)),
                            JSON.Member("items", Self.integerOrRange),
                        ]),
                    ]))
            ]
        case .id:
            [JSON.Member("type", .string("string")), JSON.Member("pattern", .string("^[a-z][a-z0-9-]*$"))]
        case .table:
            [JSON.Member("type", .string("string")), JSON.Member("pattern", .string("^[a-z][a-z0-9-]*\\..+$"))]
        }
    }

    private static let integerOrRange = JSON.object([
        JSON.Member(
            "anyOf",
            .array([
                .object([JSON.Member("type", .string("integer")), JSON.Member("minimum", .int(0))]),
                .object([
                    JSON.Member("type", .string("string")), JSON.Member("pattern", .string("^[0-9]+\\.\\.[0-9]+$")),
                ]),
            ]))
    ])

    private func bounds(_ least: JSON?, _ greatest: JSON?) -> [JSON.Member] {
        (least.map { [JSON.Member("minimum", $0)] } ?? []) + (greatest.map { [JSON.Member("maximum", $0)] } ?? [])
    }
}
