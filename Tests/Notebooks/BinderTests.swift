import Markdown
import Notebooks
import Testing
import TestSupport

@Suite struct BinderTests {
    @Test func optionsTakeTheirNormalFormWithDefaultsIncluded() throws {
        let block = try #require(
            try SampleNotebook("```{numbers}\nscale: 1\nlayers: [7, 2..4]\nmarks: even\n```\n").bound().blocks.first)
        #expect(
            block.options.map { "\($0.declaration.name)=\($0.value.json.text())" } == [
                "limit=3", "scale=1.0", "order=\"up\"", "marks=[\"even\"]", "colour=null", "layers=[2,3,4,7]",
                "quick=false",
            ])
        #expect(block.options.map(\.location?.line) == [nil, 2, nil, 4, nil, 3, nil])
    }

    @Test func anonymousBlocksAreNumberedAndNeverTakeAGivenName() throws {
        let bound = try SampleNotebook(
            "```{numbers}\n```\n```{numbers}\nid: numbers-2\n```\n```{numbers}\n```\n```{read}\npath: a\n```\n"
        ).bound()
        #expect(bound.blocks.map(\.id) == ["numbers-1", "numbers-2", "numbers-3", "read-1"])
        #expect(bound.blocks.map(\.head.isAnonymous) == [true, false, true, true])
    }

    @Test func aReferenceMayBeLeftOutWhereTheNearestBlockWillDo() throws {
        let bound = try SampleNotebook(
            "```{numbers}\nid: n\n```\n```{double}\nid: d\nof: n\n```\n```{double}\nof: n\ndata: n.rows\n```\n"
        ).bound()
        #expect(bound.blocks.map(\.references) == [[], ["n"], ["n", "d"]])
        #expect(bound.blocks[1].options.map { $0.value.json.text() } == ["\"n\"", "null", "null"])
        #expect(bound.blocks[2].options.map { $0.value.json.text() } == ["\"n\"", "\"d\"", "\"n.rows\""])
    }

    @Test func `a caption of several lines keeps its paragraphs and lists`() throws {
        let bound = try SampleNotebook(
            "```{numbers}\nid: n\ncaption: |\n  One\n  line.\n\n  - `{= n.sum }`\n  - b\n```\n"
        ).bound()
        #expect(
            bound.blocks.first?.head.caption == [
                .paragraph([.text("One"), .softBreak, .text("line.")]),
                .list(
                    start: nil, isTight: true,
                    items: [
                        [
                            .paragraph([
                                .value(
                                    InlineValue(
                                        path: "n.sum", format: "",
                                        location: SourceLocation(line: 7, column: 9, length: 5)))
                            ])
                        ], [.paragraph([.text("b")])],
                    ]),
            ])
    }

    @Test func captionsHoldMarkdownAndValuesEvenOfBlocksBelow() throws {
        let bound = try SampleNotebook(
            "```{numbers}\ncaption: \"1. *Sum* `{= late.sum | .1f }`\"\nalt: Rises\nshow: tables\n```\n```{numbers}\nid: late\n```\n"
        ).bound()
        let block = try #require(bound.blocks.first)
        #expect(
            block.head.caption == [
                .paragraph([
                    .text("1. "), .emphasis([.text("Sum")]), .text(" "),
                    .value(
                        InlineValue(
                            path: "late.sum", format: ".1f", location: SourceLocation(line: 2, column: 24, length: 8),
                            formatLocation: SourceLocation(line: 2, column: 35, length: 3))),
                ])
            ])
        #expect(block.head.alt == [.text("Rises")])
        #expect(block.head.show == .tables)
    }

    @Test func parametersStandForWholeValuesAlsoInListsAndMappings() throws {
        let text = """
            ---
            params:
              limit: {type: int, min: 2, max: 9, default: 4, help: how far}
              scale: 0.5
              order: {type: string, choices: [up, down], default: down}
              quick: false
              layer: 3
              note: 'true'
            ---
            `{= params.limit }`
            ```{numbers}
            limit: $limit
            scale: $scale
            order: $order
            quick: $quick
            layers: [1, $layer]
            colour: $note
            caption: costs $limit
            ```
            ```{read}
            path: a
            source: {a: [$layer, '$layer'], b: $order}
            ```
            """
        func options(_ overrides: [(String, String)]) throws -> [String] {
            try SampleNotebook(text, overrides: overrides).bound().blocks.map { block in
                block.options.map { $0.value.json.text() }.joined(separator: " ")
            }
        }
        #expect(
            try options([]) == [
                #"4 0.5 "down" ["odd"] "true" [1,3] false"#, #""a" {"a":[3,"$layer"],"b":"down"}"#,
            ])
        #expect(
            try options([("limit", "9"), ("scale", "1"), ("quick", "true"), ("order", "up"), ("note", "12")]) == [
                #"9 1.0 "up" ["odd"] "12" [1,3] true"#, #""a" {"a":[3,"$layer"],"b":"up"}"#,
            ])
        let bound = try SampleNotebook(text, overrides: [("limit", "9")]).bound()
        #expect(bound.document.parameters.map(\.name) == ["limit", "scale", "order", "quick", "layer", "note"])
        #expect(
            bound.document.parameters.map(\.value) == [
                .int(9), .number(0.5), .string("down"), .bool(false), .int(3), .string("true"),
            ])
        #expect(bound.blocks.first?.head.caption == [.paragraph([.text("costs $limit")])])
    }

    @Test func aPathOfTheCommandLineMayLieAnywhereAndLeavesNoTraceOfItsFolder() throws {
        let text =
            "---\nparams: {file: {type: path, default: data/a.txt}}\n---\n```{read}\npath: $file\nsource: {path: $file}\n```\n"
        let inside = try SampleNotebook(text).bound()
        #expect(
            inside.blocks.first?.options.map { $0.value.json.text() } == [#""data/a.txt""#, #"{"path":"data/a.txt"}"#])
        let sample = SampleNotebook(text, overrides: [("file", "sets/b.txt")])
        let outside = try sample.bound()
        #expect(outside.blocks.first?.options.map { $0.value.json.text() } == [#""b.txt""#, #"{"path":"b.txt"}"#])
        #expect(outside.document.parameters.map(\.value) == [.string("b.txt")])
        #expect(try outside.project.resolve("/data/sets/b.txt") == "/data/sets/b.txt")
        #expect(!ResultsJSON.json(of: try sample.evaluation()).text().contains("/data"))
        let escape = "---\nparams: {file: {type: path, default: ../../a.txt}}\n---\n```{read}\npath: $file\n```\n"
        #expect(SampleNotebook(escape).problems.contains("[outside-project]"))
    }

    @Test func aMistakeInTheLastBlockIsFoundBeforeTheFirstBlockRuns() {
        let sample = SampleNotebook("```{break}\nhow: throw\n```\n\n```{numbers}\nlimt: 2\n```\n")
        #expect(
            sample.problems == """
                notebooks/x.md:6:1: error: {numbers} has no option 'limt' [unknown-option]
                    limt: 2
                    ^
                help: did you mean 'limit'?
                """)
    }

    @Test func helpIsMadeFromTheDeclarations() throws {
        let double = try #require(Catalogue.samples["double"])
        #expect(
            CommandHelp.text(
                for: double)
                    == """
                    {double}  Doubles a sum.

                    Options

                      of      the id of a 'numbers' block above; required
                              whose sum to double
                      beside  the id of a 'double' block above; default: the closest above, if any
                              another double
                      data    a table of a block above, as id.table; default: none
                              a table to count

                    Options of every block

                      id       a text; default: none
                               the block's name, by which text and other blocks refer to it; small letters, digits and '-'
                      caption  a text; default: none
                               Markdown under the figures and tables; may hold inline values
                      alt      a text; default: none
                               Markdown that describes the first figure to a reader who cannot see it; may hold inline values
                      show     one of 'main', 'figures', 'tables', 'all', 'folded', 'none', or a list of names of its figures and tables; default: main
                               which parts of the result the page shows; 'main' opens the main figure and folds the others, 'folded' folds all or, in a list, those not named
                    """)
        #expect(
            CommandHelp.text(for: .samples) == """
                numbers  Counts from 1.
                double   Doubles a sum.
                read     Reads a file.
                break    Fails.
                include  Reads another Markdown text as if it were written here.
                """)
    }
}
