import JSON
import References

/// The JSON Schema (2020-12) of front matter and command blocks, for editors, out of the declarations.
public enum NotebookSchema {
    /// Front matter as a whole; each command's block under `$defs`.
    public static func json(for catalogue: Catalogue) -> JSON {
        let blocks =
            [(IncludeBlock.name, IncludeBlock.summary, IncludeBlock.options, [OptionDeclaration](), String?.none)]
            + catalogue.commands.map {
                ($0.name, $0.summary, $0.options, SharedOptions.declarations, $0.listOption)
            }
        return .object([
            JSON.Member("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            JSON.Member("title", .string("A Patchbook notebook")),
            JSON.Member(
                "description",
                .string("Front matter of a notebook; the body of a {command} block is $defs/command.")),
            JSON.Member("type", .string("object")),
            JSON.Member("properties", frontMatter),
            JSON.Member("additionalProperties", .bool(false)),
            JSON.Member(
                "$defs",
                .object(
                    [JSON.Member("parameter", parameter), JSON.Member("reference", reference)]
                        + blocks.map { name, summary, options, shared, list in
                            JSON.Member(name, block(summary, options + shared, list: list))
                        })),
        ])
    }

    private static func block(_ summary: String, _ options: [OptionDeclaration], list: String?) -> JSON {
        let mapping: [JSON.Member] = [
            JSON.Member("type", .string("object")),
            JSON.Member(
                "properties", .object(options.map { JSON.Member($0.name, option($0)) })),
            JSON.Member("required", .array(options.filter(\.isRequired).map { .string($0.name) })),
            JSON.Member("additionalProperties", .bool(false)),
        ]
        let words = JSON.Member("description", .string(summary))
        guard let list, let option = options.first(where: { $0.name == list }) else {
            return .object([words] + mapping)
        }
        return .object([
            words,
            JSON.Member(
                "anyOf",
                .array([
                    .object(mapping),
                    .object([JSON.Member("type", .string("array"))] + option.shape.schema),
                ])),
        ])
    }

    private static func option(_ option: OptionDeclaration) -> JSON {
        let words = JSON.Member(
            "description",
            .string("\(option.help) (\(option.type); \(option.defaultText.map { "default: \($0)" } ?? "required"))"))
        guard option.shape != .any else { return .object([words]) }
        // A parameter may stand for any value.
        return .object([
            words,
            JSON.Member(
                "anyOf",
                .array([
                    .object(option.shape.schema), .object([JSON.Member("$ref", .string("#/$defs/reference"))]),
                ])),
        ])
    }

    private static let reference = JSON.object([
        JSON.Member("description", .string("A parameter of the front matter.")),
        JSON.Member("type", .string("string")), JSON.Member("pattern", .string("^\\$[A-Za-z][A-Za-z0-9_-]*$")),
    ])

    private static var frontMatter: JSON {
        func text(_ help: String) -> JSON {
            .object([JSON.Member("description", .string(help)), JSON.Member("type", .string("string"))])
        }
        return .object([
            JSON.Member("title", text("the title; Markdown with inline values")),
            JSON.Member("subtitle", text("a line below the title; Markdown with inline values")),
            JSON.Member("author", author),
            JSON.Member("date", text("the day, as 2026-11-29")),
            JSON.Member("doi", text("the DOI, as 10.1000/182")),
            JSON.Member("abstract", text("what it is about; Markdown with inline values")),
            JSON.Member("bibliography", text("the works to cite: a BibTeX or CSL-JSON file of the project")),
            JSON.Member(
                "citation_style",
                .object([
                    JSON.Member("description", .string("how citations look")),
                    JSON.Member("enum", .array(CitationStyle.allCases.map { .string($0.rawValue) })),
                ])),
            JSON.Member(
                "headline",
                .object([
                    JSON.Member(
                        "description",
                        .string("the main results, each a path and, after '|', a format; a list, or a mapping by name")),
                    JSON.Member("type", .array([.string("string"), .string("array"), .string("object")])),
                    JSON.Member("items", .object([JSON.Member("type", .string("string"))])),
                ])),
            JSON.Member(
                "seed",
                .object([
                    JSON.Member("description", .string("the seed of all randomness")),
                    JSON.Member("type", .string("integer")), JSON.Member("minimum", .int(0)),
                ])),
            JSON.Member(
                "params",
                .object([
                    JSON.Member("description", .string("parameters by name, each with its default or a declaration")),
                    JSON.Member("type", .array([.string("object"), .string("null")])),
                    JSON.Member(
                        "propertyNames", .object([JSON.Member("pattern", .string("^[A-Za-z][A-Za-z0-9_-]*$"))])),
                    JSON.Member(
                        "additionalProperties", .object([JSON.Member("$ref", .string("#/$defs/parameter"))])),
                ])),
        ])
    }

    private static var author: JSON {
        let text = JSON.object([JSON.Member("type", .string("string"))])
        let one = JSON.object([
            JSON.Member(
                "anyOf",
                .array([
                    text,
                    .object([
                        JSON.Member("type", .string("object")),
                        JSON.Member(
                            "properties",
                            .object(PublicationReader.authorKeys.map { JSON.Member($0, text) })),
                        JSON.Member("required", .array([.string("name")])),
                        JSON.Member("additionalProperties", .bool(false)),
                    ]),
                ]))
        ])
        return .object([
            JSON.Member("description", .string("who wrote it: a name, or a list of names or mappings")),
            JSON.Member(
                "anyOf",
                .array([
                    one, .object([JSON.Member("type", .string("array")), JSON.Member("items", one)]),
                ])),
        ])
    }

    private static var parameter: JSON {
        func list(_ names: [String]) -> JSON { .array(names.map { .string($0) }) }
        let scalar = JSON.object([JSON.Member("type", list(["string", "number", "boolean"]))])
        let names = Parameter.Kind.allCases.map(\.rawValue)
        let fields = JSON.object([
            JSON.Member("type", .object([JSON.Member("enum", list(names))])),
            JSON.Member("of", .object([JSON.Member("enum", list(names.filter { $0 != "list" && $0 != "choice" }))])),
            JSON.Member("default", .object([])),
            JSON.Member("min", .object([JSON.Member("type", .string("number"))])),
            JSON.Member("max", .object([JSON.Member("type", .string("number"))])),
            JSON.Member(
                "choices",
                .object([
                    JSON.Member("type", .string("array")), JSON.Member("minItems", .int(1)),
                    JSON.Member("items", scalar),
                ])),
            JSON.Member("help", .object([JSON.Member("type", .string("string"))])),
        ])
        return .object([
            JSON.Member(
                "anyOf",
                .array([
                    scalar, .object([JSON.Member("type", .string("array")), JSON.Member("items", scalar)]),
                    .object([
                        JSON.Member("type", .string("object")), JSON.Member("properties", fields),
                        JSON.Member("additionalProperties", .bool(false)),
                    ]),
                ]))
        ])
    }
}
