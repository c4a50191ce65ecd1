import Notebooks
import TestSupport
import Testing

@Suite struct QuotedValueProblemTests {
    @Test func aValueOfNoBlock() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= m.sum }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: no block has the id 'm' [unknown-block]
                    See `{= m.sum }`.
                            ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func `a parameter is quoted after 'params.'`() {
        let sample = SampleNotebook("---\nparams: {m: 2}\n---\nSee `{= m }`.\n")
        #expect(sample.problems.contains("help: did you mean 'params.m'?"), "\(sample.problems)")
    }

    @Test func aMisspeltValue() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= n.mean.al }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: block 'n' has no value 'mean.al' [unknown-value]
                    See `{= n.mean.al }`.
                            ^
                help: did you mean 'n.mean.all'?
                """)
    }

    @Test func aValueLikeNoOther() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= n.zzz }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: block 'n' has no value 'zzz' [unknown-value]
                    See `{= n.zzz }`.
                            ^
                help: its values are 'sum', 'mean.all', 'nothing'
                """)
    }

    @Test func aBlockInsteadOfAValue() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= n }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: 'n' is a block, not a value [unknown-value]
                    See `{= n }`.
                            ^
                help: its values are 'sum', 'mean.all', 'nothing'
                """)
    }

    @Test func aTableInsteadOfAValue() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= n.rows }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: 'n.rows' is a table, not a value [unknown-value]
                    See `{= n.rows }`.
                            ^
                help: a {table} block shows a table
                """)
    }

    @Test func aParameterThatIsNotDeclared() {
        let sample = SampleNotebook(
            "See `{= params.x }`.\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:9: error: there is no parameter 'x' [unknown-value]
                    See `{= params.x }`.
                            ^
                help: the front matter declares no parameters
                """)
    }

    @Test func aMisspeltParameter() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: 2}
            ---
            Text
            See `{= params.limt }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:9: error: there is no parameter 'limt' [unknown-value]
                    See `{= params.limt }`.
                            ^
                help: did you mean 'params.limit'?
                """)
    }

    @Test func aFormatThatIsNone() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            See `{= n.sum | .2 }`.

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:5:17: error: '.2' is not a format [bad-format]
                    See `{= n.sum | .2 }`.
                                    ^
                help: formats are .2f, .3g, .0%, d and p, with + (sign) and , (thousands) in front, and interval and a unit such as 'nats' at the end
                """)
    }

    @Test func valuesInTitleHeadingListCaptionAndAlt() {
        let sample = SampleNotebook(
            """
            ---
            title: Of `{= a.b }`
            subtitle: "And `{= c.d }`"
            ---
            # Peak `{= e.f }`

            - one
              `{= g.h }`

            ```{numbers}
            caption: |
              Some text
              with `{= i.j }`
            alt: '`{= k.l }`'
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:15: error: no block has the id 'a' [unknown-block]
                    title: Of `{= a.b }`
                                  ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'

                notebooks/x.md:3:20: error: no block has the id 'c' [unknown-block]
                    subtitle: "And `{= c.d }`"
                                       ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'

                notebooks/x.md:5:12: error: no block has the id 'e' [unknown-block]
                    # Peak `{= e.f }`
                               ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'

                notebooks/x.md:8:7: error: no block has the id 'g' [unknown-block]
                      `{= g.h }`
                          ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'

                notebooks/x.md:13:12: error: no block has the id 'i' [unknown-block]
                      with `{= i.j }`
                               ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'

                notebooks/x.md:14:11: error: no block has the id 'k' [unknown-block]
                    alt: '`{= k.l }`'
                              ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func aBrokenBlockIsOneProblemNotSeveral() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            limit: 0
            ```

            ```{double}
            of: n
            data: n.foo
            ```

            `{= n.foo }`

            ```{numbers}
            id: m
            - x
            ```

            `{= m.sum }`

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:8: error: option 'limit' takes a whole number from 1 to 1000, but 0 is too small [bad-option]
                    limit: 0
                           ^

                notebooks/x.md:15:1: error: the YAML of this block does not parse: did not find expected key (while parsing a block mapping) [yaml-syntax]
                    - x
                    ^
                """)
    }
}
