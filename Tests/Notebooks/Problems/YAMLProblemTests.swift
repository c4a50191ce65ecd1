import Notebooks
import TestSupport
import Testing

@Suite struct YAMLProblemTests {
    @Test func aBodyThatDoesNotParse() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: [1, 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:1: error: the YAML of this block does not parse: did not find expected ',' or ']' (while parsing a flow sequence) [yaml-syntax]
                    ```
                    ^
                """)
    }

    @Test func aColonInAPlainText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            caption: Recovery: by layer
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:18: error: the YAML of this block does not parse: mapping values are not allowed in this context [yaml-syntax]
                    caption: Recovery: by layer
                                     ^
                help: put a text that holds ': ' in quotes
                """)
    }

    @Test func aTabInTheIndentation() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            layers:
            \t- 1
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:1: error: the YAML of this block does not parse: found character that cannot start any token (while scanning for the next token) [yaml-syntax]
                    \t- 1
                    ^
                help: YAML is indented with spaces, not tabs
                """)
    }

    @Test func aTextThatStartsWithABacktick() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            caption: `{= a.b }`
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: the YAML of this block does not parse: found character that cannot start any token (while scanning for the next token) [yaml-syntax]
                    caption: `{= a.b }`
                             ^
                help: put a text that starts with '`' in quotes
                """)
    }

    @Test func aKeyGivenTwice() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: 2
            colour: red
            limit: 3
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:4:1: error: the key 'limit' is given twice [duplicate-key]
                    limit: 3
                    ^
                """)
    }

    @Test func aBodyThatIsAList() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            - limit
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: the body of {numbers} is a mapping of options such as 'id: \u{2026}', not a list [yaml-kind]
                    - limit
                    ^
                """)
    }

    @Test func aBodyThatIsAText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: the body of {numbers} is a mapping of options such as 'id: \u{2026}', not 'limit 2' [yaml-kind]
                    limit 2
                    ^
                """)
    }

    @Test func anAnchor() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: &n 2
            scale: *n
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: YAML anchors and aliases are not part of notebooks [yaml-anchor]
                    limit: &n 2
                           ^
                """)
    }

    @Test func anAnchorWithoutAUse() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: &n 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: YAML anchors and aliases are not part of notebooks [yaml-anchor]
                    limit: &n 2
                           ^
                """)
    }

    @Test func anAliasWithoutAnAnchor() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: *n
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: YAML anchors and aliases are not part of notebooks [yaml-anchor]
                    limit: *n
                           ^
                """)
    }

    @Test func aTag() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: !!str 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: YAML tags are not part of notebooks [yaml-tag]
                    limit: !!str 2
                           ^
                """)
    }

    @Test func aControlCharacter() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            colour: a\u{7}b
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: the character U+0007 cannot stand in YAML [yaml-syntax]
                    colour: a�b
                             ^
                """)
    }

    @Test func aKeyThatIsAList() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            ? [a, b]
            : 1
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:3: error: a key must be a word, not a list or a mapping [yaml-syntax]
                    ? [a, b]
                      ^
                """)
    }

    @Test func listsNestedVeryDeep() {
        let sample = SampleNotebook(
            "```{numbers}\nlayers: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "\n```\n"
        )
        #expect(
            sample.problems == """
                notebooks/x.md:2:41: error: lists and mappings are nested more than 32 deep [too-deep]
                    layers: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
                                                            ^
                """)
    }

    @Test func listsNestedBeyondWhatTheParserTakes() {
        let sample = SampleNotebook(
            "```{numbers}\nlayers: " + String(repeating: "[", count: 5000) + "\n```\n")
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: lists and mappings are nested more than 32 deep [too-deep]
                    layers: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\u{2026}
                             ^
                """)
    }

    @Test func aSecondDocument() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: 2
            ---
            limit: 3
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:1: error: a second YAML document begins here; this block is one mapping [yaml-syntax]
                    ---
                    ^
                """)
    }

    @Test func anIndentedFenceKeepsItsPlaces() {
        let sample = SampleNotebook(
            """
            Text

              ```{numbers}
              limit: 2
              lmit: é
              ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:3: error: {numbers} has no option 'lmit' [unknown-option]
                      lmit: é
                      ^
                help: did you mean 'limit'?
                """)
    }
}
