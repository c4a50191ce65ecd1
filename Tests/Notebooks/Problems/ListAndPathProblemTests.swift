import Notebooks
import TestSupport
import Testing

@Suite struct ListAndPathProblemTests {
    @Test func aRangeThatIsNoRange() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: al
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but found 'al' [bad-option]
                    layers: al
                            ^
                help: did you mean 'all'?
                """)
    }

    @Test func aRangeThatRunsBackwards() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: 7..4
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but '7..4' runs backwards [bad-option]
                    layers: 7..4
                            ^
                """)
    }

    @Test func aRangeThatIsTooLong() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: 0..99999999
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but '0..99999999' holds more than 10000 numbers [bad-option]
                    layers: 0..99999999
                            ^
                """)
    }

    @Test func aNegativeLayer() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: [1, -2]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:13: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but -2 is negative [bad-option]
                    layers: [1, -2]
                                ^
                """)
    }

    @Test func aLayerTwice() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: [1, 0..3]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:13: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but 1 is listed twice [bad-option]
                    layers: [1, 0..3]
                                ^
                """)
    }

    @Test func anEmptyListOfLayers() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers: []
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: option 'layers' takes 'all', a list such as [1, 4], or a range such as 4..7, but the list is empty [bad-option]
                    layers: []
                            ^
                """)
    }

    @Test func aPathThatLeavesTheProject() {
        let sample = SampleNotebook(
            """
            ```{read}
            path: ../../etc/passwd
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: the path '../../etc/passwd' leads outside the project's folder [outside-project]
                    path: ../../etc/passwd
                          ^
                help: if that is meant, allow it with --allow-path '/tmp/etc'
                """)
    }

    @Test func anEmptyPath() {
        let sample = SampleNotebook(
            """
            ```{read}
            path: ''
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: option 'path' takes a path, but the path is empty [bad-option]
                    path: ''
                          ^
                """)
    }

    @Test func aListForAPath() {
        let sample = SampleNotebook(
            """
            ```{read}
            path: [a]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: option 'path' takes a path, but a list is not a path [bad-option]
                    path: [a]
                          ^
                """)
    }

    @Test func aMisspeltWayToShow() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            show: figure
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: {numbers} has no figure and no table 'figure' to show [bad-option]
                    show: figure
                          ^
                help: did you mean 'figures'?
                """)
    }

    @Test func aPartThatABlockDoesNotHave() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            show: [rows, row]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:14: error: {numbers} has no figure and no table 'row' to show [bad-option]
                    show: [rows, row]
                                 ^
                help: did you mean 'rows'?
                """)
    }

    @Test func aPartThatIsListedTwice() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            show: [rows, rows]
            ```

            """)
        #expect(sample.problems.contains("but 'rows' is listed twice [bad-option]"))
    }

    @Test func anIdThatCannotBeOne() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: Two words
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:5: error: 'Two words' cannot be an id [bad-id]
                    id: Two words
                        ^
                help: an id is small letters, digits and '-', and starts with a letter
                """)
    }

    @Test func everyProblemOfABlockAtOnce() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limt: 2
            limit: 0
            order: upp
            caption: '`{= }`'
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: {numbers} has no option 'limt' [unknown-option]
                    limt: 2
                    ^
                help: did you mean 'limit'?

                notebooks/x.md:3:8: error: option 'limit' takes a whole number from 1 to 1000, but 0 is too small [bad-option]
                    limit: 0
                           ^

                notebooks/x.md:4:8: error: option 'order' takes one of 'up', 'down', but 'upp' is not one of them [bad-option]
                    order: upp
                           ^
                help: did you mean 'up'?

                notebooks/x.md:5:12: error: an inline value names no path [malformed-value]
                    caption: '`{= }`'
                               ^
                help: write `{= sweep.peak.layer | .2f }`; the format is optional
                """)
    }
}
