import Commands
import Foundation
import JSON
import Markdown
import Notebooks
import Testing
import TestSupport

/// Documents that are made from the commands' declarations; `scripts/documents` renews them.
@Suite struct GeneratedDocumentTests {
    @Test("docs/commands.md says what the commands declare")
    func commands() throws {
        let examples = try [Self.bound("tour"), Self.bound("every-command", in: "docs")]
        let shown = Set(examples.flatMap(\.blocks).map(\.name))
        #expect(Catalogue.standard.commands.allSatisfy { shown.contains($0.name) }, "each command is in one of them")
        #expect(try Self.document("commands.md") == CommandReference.markdown(for: .standard, examples: examples))
    }

    @Test("every value and every column of a command's outputs is explained")
    func meanings() throws {
        for block in try [Self.bound("tour"), Self.bound("every-command", in: "docs")].flatMap(\.blocks) {
            // The columns of a table are its author's own.
            guard block.name != "table" else { continue }
            let outputs = block.command.outputs
            for path in outputs.values { #expect(outputs.value(path) != nil, "\(block.name): \(path)") }
            for (table, columns) in outputs.tables {
                for column in columns {
                    #expect(outputs.column(column, of: table) != nil, "\(block.name): \(table).\(column)")
                }
            }
        }
    }

    @Test("no help has two articles or the same word twice in a row")
    func articles() throws {
        let outputs = Catalogue.standard.commands.map { $0.outputs }
        let helps = outputs.flatMap { outputs in
            outputs.values.compactMap { outputs.value($0)?.words }
                + outputs.tables.flatMap { table, columns in
                    columns.compactMap { outputs.column($0, of: table)?.words }
                }
        }
        #expect(helps.count > 100)
        let slip = try Regex(#"(?i)\b(the|an?) (the|an?|that|this|these|those)\b|\b([a-z]+) \3\b"#)
        #expect("the that share".contains(slip) && "of of".contains(slip) && !"the thesis of a thing".contains(slip))
        for text in helps + (try ["commands.md", "command-line.md"].map(Self.document)) {
            #expect(text.firstMatch(of: slip).map { String(text[$0.range]) } == nil, "\(text.prefix(200))")
        }
    }

    @Test("commands that run models over pairs work in units, except those that do one walk or answer in sequence")
    func units() throws {
        for block in try [Self.bound("tour"), Self.bound("every-command", in: "docs")].flatMap(\.blocks) {
            let names = Set(type(of: block.command).options.map(\.name))
            guard names.isSuperset(of: ["models", "pairs"]) || block.name == "lineage" else { continue }
            #expect(block.command.worksInUnits == !["tokens", "generate"].contains(block.name), "\(block.name)")
        }
    }

    @Test("docs/notebook.schema.json says what the commands declare")
    func schema() throws {
        #expect(
            try Self.document("notebook.schema.json") == NotebookSchema.json(for: .standard).text(pretty: true) + "\n")
    }

    @Test("the schema names every command with every option, and what must be given")
    func schemaOfATable() throws {
        let definitions = try #require(NotebookSchema.json(for: .standard)["$defs"])
        for command in Catalogue.standard.commands {
            let block = try #require(definitions[command.name])
            let mapping = command.listOption == nil ? block : try #require(block["anyOf"]?.array?.first)
            let names = mapping["properties"]?.object?.map(\.key) ?? []
            #expect(names.prefix(command.options.count) == command.options.map(\.name)[...])
            #expect(
                mapping["required"]?.array?.compactMap(\.string) == command.options.filter(\.isRequired).map(\.name))
        }
    }

    static func document(_ name: String) throws -> String {
        String(decoding: try Fixtures.bytes(Fixtures.repository + "/docs/" + name), as: UTF8.self)
    }

    static func bound(_ notebook: String, in name: String = "notebooks") throws -> Analysis {
        let folder = Fixtures.repository + "/" + name
        let text = String(decoding: try Fixtures.bytes("\(folder)/\(notebook).md"), as: UTF8.self)
        return try EmbeddedNotebook.standard(text, in: folder).bound()
    }
}
