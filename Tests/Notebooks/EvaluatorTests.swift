import JSON
import Notebooks
import Synchronization
import TestSupport
import Testing

@Suite struct EvaluatorTests {
    static let text = """
        ---
        title: Sums up to `{= params.limit }`
        author: A. Author
        seed: 9
        params: {limit: 3}
        ---
        The sum is `{= n.sum }`.

        ```{numbers}
        id: n
        limit: $limit
        colour: red
        ```
        ```{double}
        id: d
        of: n
        data: n.rows
        ```
        ```{read}
        path: data/a.txt
        ```
        """

    @Test func blocksRunInOrderAndSayHowFarTheyAre() throws {
        let seen = Mutex<[String]>([])
        let evaluation = try SampleNotebook(Self.text).evaluation { event in
            seen.withLock { $0.append("\(event)") }
        }
        #expect(
            seen.withLock { $0 } == [
                #"blockStarted(id: "n", command: "numbers", index: 0, count: 3)"#,
                #"progress(id: "n", Notebooks.Progress(unit: "numbers", done: 1, total: 3, kept: 0))"#,
                #"progress(id: "n", Notebooks.Progress(unit: "numbers", done: 2, total: 3, kept: 0))"#,
                #"progress(id: "n", Notebooks.Progress(unit: "numbers", done: 3, total: 3, kept: 0))"#,
                #"blockFinished(id: "n", isKept: false, failedClaims: 0)"#,
                #"blockStarted(id: "d", command: "double", index: 1, count: 3)"#,
                #"blockFinished(id: "d", isKept: false, failedClaims: 0)"#,
                #"blockStarted(id: "read-1", command: "read", index: 2, count: 3)"#,
                #"blockFinished(id: "read-1", isKept: false, failedClaims: 0)"#,
            ])
        #expect(evaluation.name == "x.md")
        #expect(evaluation.publication.authors == [Publication.Author("A. Author")])
        #expect(evaluation.seed == 9)
        #expect(evaluation.value("n.sum") == .int(6))
        #expect(evaluation.value("d.sum") == .int(12))
        #expect(evaluation.value("d.rows") == .int(3))
        #expect(evaluation.value("params.limit") == .int(3))
        #expect(evaluation.value("n.mean.all") == .number(2))
        #expect(evaluation.value("n.other") == nil && evaluation.value("x.sum") == nil && evaluation.value("n") == nil)
        #expect(evaluation.blocks.map(\.head.isAnonymous) == [false, false, true])
        #expect(evaluation.blocks[1].head.source == "```{double}\nid: d\nof: n\ndata: n.rows\n```")
        #expect(evaluation.parts.count == 4)
    }

    @Test func resultsAreWrittenInTheShapeThatNotebooksMdGives() throws {
        let json = ResultsJSON.json(of: try SampleNotebook(Self.text).evaluation())
        #expect(json.object?.map(\.key) == ["schema", "notebook", "blocks", "provenance"])
        #expect(json["blocks"]?.object?.map(\.key) == ["n", "d", "read-1"])
        let numbers = try #require(json["blocks"]?["n"])
        #expect(numbers.object?.map(\.key) == ["command", "options", "key", "values", "tables", "checks"])
        #expect(
            numbers["options"]?.text()
                == #"{"limit":3,"scale":1.0,"order":"up","marks":["odd"],"layers":"all","quick":false}"#)
        #expect(numbers["values"]?.text() == #"{"sum":6,"mean.all":2.0,"nothing":null}"#)
        #expect(
            numbers["tables"]?.text() == #"{"rows":{"columns":["number","value"],"rows":[[1,1.0],[2,2.0],[3,3.0]]}}"#)
        #expect(
            numbers["checks"]?.text()
                == #"[{"name":"The sum is right","found":0.0,"tolerance":1e-09,"unit":"numbers","held":true}]"#)
        #expect(numbers["key"]?.string?.count == 64)
        #expect(
            json["provenance"]?.text()
                == #"{"patchbook":"0.1.0","engine":\#(Version.engine),"arithmetic":"","seed":9,"parameters":{"limit":3},"inputs":[{"block":"read-1","name":"file","sha256":"of 10 letters"}]}"#
        )
        #expect(ResultsJSON.json(of: try SampleNotebook(Self.text).evaluation()) == json)
    }

    private func keys(_ text: String, _ overrides: [(String, String)] = []) throws -> [String] {
        try SampleNotebook(text, overrides: overrides).evaluation().blocks.map(\.result.key)
    }

    private func changed(_ old: String, _ new: String) throws -> [Bool] {
        precondition(Self.text.contains(old))
        return try zip(keys(Self.text), keys(Self.text.replacing(old, with: new))).map { $0 != $1 }
    }

    @Test func aKeyChangesWithWhatTheResultHangsOnAndWithNothingElse() throws {
        #expect(try changed("seed: 9", "seed: 10") == [true, true, true])
        #expect(try changed("{limit: 3}", "{limit: 4}") == [true, true, false])
        #expect(try changed("data/a.txt", "data/bb.txt") == [false, false, true])
        #expect(try changed("data: n.rows", "") == [false, true, false])
        // A presentational option, prose and the order of options change nothing; nor does a default that is written out.
        #expect(try changed("colour: red", "colour: blue\nscale: 1.0") == [false, false, false])
        #expect(try changed("The sum is", "Its sum is") == [false, false, false])
        #expect(try changed("of: n\ndata: n.rows", "data: n.rows\nof: n") == [false, false, false])
        // An upstream that runs again with an equal result leaves what stands on it good; so does another name for it.
        #expect(try changed("limit: $limit", "limit: $limit\norder: down") == [true, false, false])
        #expect(
            try zip(
                keys(Self.text),
                keys(
                    Self.text.replacing("id: n", with: "id: m").replacing("n.", with: "m.").replacing(
                        ": n\n", with: ": m\n"))
            )
            .map { $0 != $1 } == [false, false, false])
    }

    @Test func aResultsDigestIsOverValuesAndTables() throws {
        func digests(_ limit: Int) throws -> [String] {
            try SampleNotebook(Self.text, overrides: [("limit", "\(limit)")]).evaluation().blocks.map(\.result.digest)
        }
        let three = try digests(3)
        #expect(try digests(3) == three)
        #expect(try zip(digests(4), three).map { $0 == $1 } == [false, false, true])
    }

    @Test func aBlockReachesOnlyTheResultsItRefersTo() throws {
        let bindings = Bindings(
            seed: 0, project: Project(notebookFolder: "/tmp", root: "/tmp"), parameters: [("limit", .int(3))],
            results: [:])
        #expect(bindings.value("params.limit") == .int(3))
        #expect(bindings.value("params.other") == nil)
        #expect(bindings.value("n.sum") == nil)
    }
}
