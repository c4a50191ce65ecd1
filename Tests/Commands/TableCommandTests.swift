import Commands
import Foundation
import Notebooks
import TestSupport
import Testing
import Values

/// `{table}`
@Suite struct TableCommandTests {
    static let catalogue = Catalogue([TableCommand.self, ChartCommand.self])

    static let people = #"""
        ```{table}
        id: t
        csv: |
          name, size, share, "odd, one"
          b, 2, 0.5, "1"
          a, 10, , "say ""hi"""
          c, -1, 1e-3, true
        ```

        """#

    static func table(_ options: String) throws -> Table {
        let body = options.split(separator: "\n").map { $0 + "\n" }.joined()
        let sample = SampleNotebook(people + "```{table}\nid: u\n\(body)```\n", catalogue: catalogue)
        return try #require(try sample.evaluation().blocks.last?.result.outcome.table("data"))
    }

    @Test("a table written as CSV has numbers, text, truth values and gaps")
    func inline() throws {
        #expect(
            try Self.table("data: t.data")
                == Table(
                    columns: ["name", "size", "share", "odd, one"],
                    rows: [
                        [.string("b"), .int(2), .number(0.5), .string("1")],
                        [.string("a"), .int(10), .null, .string("say \"hi\"")],
                        [.string("c"), .int(-1), .number(0.001), .bool(true)],
                    ]))
    }

    @Test("a table is read from a file, whose digest is an input of the block")
    func file() throws {
        let folder = try Fixtures.temporaryFolder()
        try Data("name,size\r\na,1\r\n".utf8).write(to: URL(fileURLWithPath: folder + "/data.csv"))
        var sample = SampleNotebook("```{table}\nid: t\npath: data.csv\n```\n", catalogue: Self.catalogue)
        sample.project = Project(notebookFolder: folder, root: folder)
        let result = try #require(try sample.evaluation().blocks.first?.result)
        #expect(result.outcome.table("data") == Table(columns: ["name", "size"], rows: [[.string("a"), .int(1)]]))
        #expect(result.inputs.map(\.name) == ["table file"])
        try Data("name,size\n".utf8).write(to: URL(fileURLWithPath: folder + "/data.csv"))
        #expect(sample.problems.contains("'data.csv' holds a line of column names and no rows"))
        try Data([0x61, 0xFF]).write(to: URL(fileURLWithPath: folder + "/data.csv"))
        #expect(sample.problems.contains("'data.csv' is not text in UTF-8"))
    }

    @Test("rows are kept, sorted and cut, and columns chosen")
    func selection() throws {
        #expect(
            try Self.table("data: t.data\ncolumns: [size, name]\nsort: size\nrows: 2")
                == Table(columns: ["size", "name"], rows: [[.int(-1), .string("c")], [.int(2), .string("b")]]))
        #expect(
            try Self.table("data: t.data\ncolumns: [name]\nsort: -name\nwhere: {size: [2, 10.0]}")
                == Table(columns: ["name"], rows: [[.string("b")], [.string("a")]]))
        // A gap comes last both ways.
        for (sort, names) in [("share", ["c", "b", "a"]), ("-share", ["b", "c", "a"])] {
            #expect(
                try Self.table("data: t.data\ncolumns: [name]\nsort: \(sort)").rows == names.map { [.string($0)] })
        }
    }

    @Test("a format for a column without numbers is noted")
    func idleFormat() throws {
        let text = Self.people + "```{table}\nid: u\ndata: t.data\nformat: {size: .2f, name: d, 'odd, one': .1f}\n```\n"
        let outcome = try #require(
            try SampleNotebook(text, catalogue: Self.catalogue).evaluation().blocks.last?.result.outcome)
        #expect(
            outcome.notes == ["name", "odd, one"].map { "Column '\($0)' has a format and holds no number." })
        #expect(!ValueFormat.columnHelp.contains("interval") && ValueFormat.help.contains("interval"))
    }

    @Test(
        "a mistake is one sentence at its place",
        arguments: [
            ("data: t.data\ncolumns: [nam]", "table 't.data' has no column 'nam'"),
            ("data: t.data\nsort: -sice", "table 't.data' has no column 'sice'"),
            ("data: t.data\nwhere: {sise: 1}", "table 't.data' has no column 'sise'"),
            ("data: t.data\nwhere: {size: {a: 1}}", "column 'size' is compared with values, not with a mapping"),
            ("data: t.data\nwhere: 3", "'where' takes a mapping from columns to values, not '3'"),
            (
                "data: t.data\nwhere: {size: 3}",
                "'where' keeps none of the 3 rows of 't.data': column 'size' has 2, 10, -1 [bad-option]"
            ),
            (
                "data: t.data\nwhere: {size: ['10', 7]}",
                "help: column 'size' has 10 without quotes"
            ),
            ("data: t.data\nwhere: {'odd, one': 1.0}", "help: column 'odd, one' has '1' in quotes"),
            (
                "data: t.data\nwhere: {share: '1e-3', name: z}",
                "column 'share' has 0.5, null, 0.001; column 'name' has 'b', 'a', 'c'"
            ),
            (
                "data: t.data\nwhere: {size: 2, name: c}",
                "'where' keeps none of the 3 rows of 't.data': no row meets all conditions"
            ),
            ("csv: \"a\\n1\"\nwhere: {a: 2}", "'where' does not keep the one row of 'csv': column 'a' has 1 ["),
            ("csv: \"a\\n1\\n2\\n3\\n4\\n5\\n6\\n7\\n7\"\nwhere: {a: 8}", "column 'a' has 1, 2, 3, 4, 5 and 2 more"),
            ("csv: \"a\\ntuned_to_base\"\nwhere: {a: tuned to base}", "help: did you mean 'tuned_to_base'?"),
            ("data: t.data\ncolumns: name", "'columns' takes a list of columns, not 'name'"),
            ("data: t.data\ncolumns: [name, name]", "column 'name' is listed twice"),
            ("data: t.data\ncolumns: [[name]]", "a list is not a column"),
            ("data: t.data\nformat: .2f", "'format' takes a mapping from columns to formats, not '.2f'"),
            ("data: t.data\nformat: {size: 2f}", "'2f' is not a format"),
            (
                "data: t.data\nformat: {size: .2f interval}",
                "'.2f interval' shows an interval, and a table has the ends of intervals in columns of their own [bad-format]"
            ),
            ("data: t.data\nformat: {size: 2f}", "help: \(ValueFormat.columnHelp)"),
            ("data: t.data\nheadings: {size: }", "nothing is not a text"),
            (
                "data: t.data\ncolumns: [name]\nformat: {size: .2f}",
                "column 'size' has a format but is not among 'columns'"
            ),
            ("data: t.data\nheadings: size", "'headings' takes a mapping from columns to texts, not 'size'"),
            ("data: t.data\nheadings: {size: [a]}", "a list is not a text"),
            ("data: t.data\nheadings: {sise: a}", "table 't.data' has no column 'sise'"),
            ("rows: 3", "block {table} needs one of 'data', 'csv' and 'path', and only one"),
            ("data: t.data\ncsv: a", "block {table} needs one of 'data', 'csv' and 'path', and only one"),
            ("csv: \"\"", "'csv' holds no line of column names"),
            ("csv: data.csv", "'csv' holds a line of column names and no rows"),
            ("path: gone.csv", "there is no file 'gone.csv'"),
            ("csv: \"a,a\\n1,2\"", "'csv' has two columns 'a'"),
            ("csv: \"a,,b\\n1,2,3\"", "column 2 of 'csv' has no name"),
            ("csv: \"a,b\\n1\"", "row 1 of 'csv' has 1 field, but there are 2 columns"),
            ("csv: \"a,b\\n1,x\\\"y\\\"\"", "row 1 of 'csv' has a quote inside a field without quotes"),
            ("csv: \"a,b\\n1,\\\"x\\\"y\"", "row 1 of 'csv' has text after a closing quote"),
            ("csv: \"a,b\\n1,\\\"x\"", "row 1 of 'csv' has a quote that is not closed"),
        ])
    func mistakes(_ options: String, _ sentence: String) throws {
        let sample = SampleNotebook(Self.people + "```{table}\nid: u\n\(options)\n```\n", catalogue: Self.catalogue)
        let problems = sample.problems
        #expect(problems.contains(sentence), "\(problems)")
    }
}
