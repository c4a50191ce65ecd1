import Notebooks
import TestSupport
import Testing

@Suite struct ReferenceProblemTests {
    @Test func anUnknownCommand() {
        let sample = SampleNotebook(
            """
            ```{nubmers}
            limit: 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:5: error: there is no command 'nubmers' [unknown-command]
                    ```{nubmers}
                        ^
                help: did you mean 'numbers'?
                """)
    }

    @Test func aCommandLikeNoOther() {
        let sample = SampleNotebook(
            """
            ```{zzzzzz}
            limit: 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:5: error: there is no command 'zzzzzz' [unknown-command]
                    ```{zzzzzz}
                        ^
                help: the commands are 'numbers', 'double', 'read', 'break', 'include'
                """)
    }

    @Test func aDuplicateId() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: a
            ```

            ```{numbers}
            id: a
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:6:5: error: the id 'a' is taken by the block on line 1 [duplicate-id]
                    id: a
                        ^
                """)
    }

    @Test func theIdOfTheParameters() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: params
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:5: error: the id 'params' stands for the notebook's parameters [bad-id]
                    id: params
                        ^
                """)
    }

    @Test func aReferenceToNoBlock() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: first
            ```

            ```{double}
            of: frist
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:6:5: error: no block has the id 'frist' [unknown-block]
                    of: frist
                        ^
                help: did you mean 'first'?
                """)
    }

    @Test func aReferenceWhereThereIsNoSuchBlock() {
        let sample = SampleNotebook(
            """
            ```{double}
            of: some
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:5: error: no block has the id 'some' [unknown-block]
                    of: some
                        ^
                help: there is no 'numbers' block above
                """)
    }

    @Test func aForwardReference() {
        let sample = SampleNotebook(
            """
            ```{double}
            of: late
            ```

            ```{numbers}
            id: late
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:5: error: block 'late' stands below; a block can only refer to blocks above it [forward-reference]
                    of: late
                        ^
                """)
    }

    @Test func aReferenceToItself() {
        let sample = SampleNotebook(
            """
            ```{double}
            id: me
            of: me
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:5: error: block 'me' cannot refer to itself [forward-reference]
                    of: me
                        ^
                """)
    }

    @Test func aReferenceToABlockOfAWrongCommand() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            id: d
            of: n
            ```

            ```{double}
            of: d
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:11:5: error: 'd' is a 'double' block, but this needs a 'numbers' block [wrong-block]
                    of: d
                        ^
                help: did you mean 'n'?
                """)
    }

    @Test func aListForAReference() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            of: [n]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:6:5: error: option 'of' takes the id of a 'numbers' block above, but a list is not an id [bad-option]
                    of: [n]
                        ^
                """)
    }

    @Test func anUnknownTable() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            of: n
            data: n.row
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:7:7: error: block 'n' has no table 'row' [unknown-table]
                    data: n.row
                          ^
                help: did you mean 'n.rows'?
                """)
    }

    @Test func aTableOfABlockWithoutTables() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            id: d
            of: n
            ```

            ```{double}
            of: n
            data: d.rows
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:12:7: error: block 'd' has no table 'rows' [unknown-table]
                    data: d.rows
                          ^
                help: it has no tables
                """)
    }

    @Test func aTableWithoutAName() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            of: n
            data: n
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:7:7: error: option 'data' takes a table of a block above, as id.table, but 'n' names no table [bad-option]
                    data: n
                          ^
                help: did you mean 'n.rows'?
                """)
    }

    @Test func aTableOfNoBlock() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{double}
            of: n
            data: m.rows
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:7:7: error: no block has the id 'm' [unknown-block]
                    data: m.rows
                          ^
                """)
    }
}
