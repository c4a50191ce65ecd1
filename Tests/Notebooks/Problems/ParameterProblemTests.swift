import Notebooks
import TestSupport
import Testing

@Suite struct ParameterProblemTests {
    @Test func aParameterWhoseNameIsNone() {
        let sample = SampleNotebook(
            """
            ---
            params: {2x: 1}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: '2x' cannot name a parameter; a name is letters from a to z, digits, '_' and '-', and starts with a letter [bad-parameter]
                    params: {2x: 1}
                             ^
                """)
    }

    @Test func aParameterWithoutTypeOrDefault() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {help: a}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: parameter 'x' needs a type or a default [bad-parameter]
                    params: {x: {help: a}}
                             ^
                """)
    }

    @Test func aParameterOfAnUnknownType() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: integer}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:20: error: the type of parameter 'x' is one of 'int', 'float', 'string', 'bool', 'path', 'choice', 'list', not 'integer' [bad-parameter]
                    params: {x: {type: integer}}
                                       ^
                """)
    }

    @Test func aParameterWithAnUnknownKey() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: int, defualt: 3}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:25: error: a parameter has no key 'defualt' [unknown-key]
                    params: {x: {type: int, defualt: 3}}
                                            ^
                help: did you mean 'default'?
                """)
    }

    @Test func aParameterWhoseDefaultIsOutOfRange() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: int, min: 8, default: 4}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:42: error: the default of parameter 'x' must be a whole number, at least 8, but '4' is too small [bad-parameter]
                    params: {x: {type: int, min: 8, default: 4}}
                                                             ^
                """)
    }

    @Test func aParameterWhoseDefaultIsNoneOfItsChoices() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: string, choices: [a, b], default: c}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:54: error: the default of parameter 'x' must be one of 'a', 'b', found 'c' [bad-parameter]
                    params: {x: {type: string, choices: [a, b], default: c}}
                                                                         ^
                """)
    }

    @Test func aParameterWhoseRangeIsEmpty() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: int, min: 8, max: 4, default: 5}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:38: error: 'max' is below 'min' [bad-parameter]
                    params: {x: {type: int, min: 8, max: 4, default: 5}}
                                                         ^
                """)
    }

    @Test func aRangeForAText() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: string, min: 8, default: a}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:33: error: 'min' takes a number, and only for a parameter of type int or float [bad-parameter]
                    params: {x: {type: string, min: 8, default: a}}
                                                    ^
                """)
    }

    @Test func choicesThatAreNoList() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: string, choices: a, default: a}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:37: error: 'choices' takes a list of values, not 'a' [bad-parameter]
                    params: {x: {type: string, choices: a, default: a}}
                                                        ^
                """)
    }

    @Test func `choices that list nothing say so`() {
        let sample = SampleNotebook("---\nparams: {x: {type: string, choices: [], default: a}}\n---\nText\n")
        #expect(sample.problems.contains("2:37: error: 'choices' lists no value [bad-parameter]"), "\(sample.problems)")
    }

    @Test func aParameterThatIsNothing() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: }
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:13: error: parameter 'x' takes a default or a mapping with its type, not nothing [bad-parameter]
                    params: {x: }
                                ^
                """)
    }

    @Test func aParameterWithoutAValue() {
        let sample = SampleNotebook(
            """
            ---
            params: {x: {type: int}}
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: parameter 'x' has no default and needs -P x=\u{2026}: a whole number [bad-parameter]
                    params: {x: {type: int}}
                             ^
                """)
    }

    @Test func anUnknownNameOnTheCommandLine() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: 1}
            ---
            Text

            """, overrides: [("limt", "2")])
        #expect(
            sample.problems == """
                notebooks/x.md: error: -P limt: the notebook has no parameter 'limt' [unknown-parameter]
                help: did you mean 'limit'?
                """)
    }

    @Test func aNameTwiceOnTheCommandLine() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: 1}
            ---
            Text

            """, overrides: [("limit", "2"), ("limit", "3")])
        #expect(
            sample.problems == "notebooks/x.md: error: -P limit is given twice [bad-parameter]")
    }

    @Test func aValueOfTheWrongKindOnTheCommandLine() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: {type: int, min: 8, default: 9}}
            ---
            Text

            """, overrides: [("limit", "many")])
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: parameter 'limit' takes a whole number, at least 8, found -P limit=many [bad-parameter]
                    params: {limit: {type: int, min: 8, default: 9}}
                             ^
                """)
    }

    @Test func aValueOutOfRangeOnTheCommandLine() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: {type: int, min: 8, default: 9}}
            ---
            Text

            """, overrides: [("limit", "7")])
        #expect(
            sample.problems == """
                notebooks/x.md:2:10: error: parameter 'limit' takes a whole number, at least 8, but -P limit=7 is too small [bad-parameter]
                    params: {limit: {type: int, min: 8, default: 9}}
                             ^
                """)
    }

    @Test func anUnknownParameterInABlock() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: 1}
            ---
            Text
            ```{numbers}
            limit: $limt
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:6:8: error: there is no parameter 'limt' [unknown-parameter]
                    limit: $limt
                           ^
                help: did you mean '$limit'?
                """)
    }

    @Test func aParameterOfTheWrongKindForItsOption() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: many}
            ---
            Text
            ```{numbers}
            limit: $limit
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:6:8: error: option 'limit' takes a whole number from 1 to 1000, but 'many' is not a whole number [bad-option]
                    limit: $limit
                           ^
                """)
    }

    @Test func aWrongParameterIsOneProblemNotTwo() {
        let sample = SampleNotebook(
            """
            ---
            params: {limit: {type: integer}}
            ---
            Text
            ```{numbers}
            limit: $limit
            ```
            `{= params.limit }`

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:24: error: the type of parameter 'limit' is one of 'int', 'float', 'string', 'bool', 'path', 'choice', 'list', not 'integer' [bad-parameter]
                    params: {limit: {type: integer}}
                                           ^
                """)
    }

    @Test(arguments: [[("n", "1")], [("n", "many")], [("n", "1"), ("m", "2")], []])
    func `a parameter without a value that fits is one problem, wherever it is used`(_ given: [(String, String)]) {
        let text = """
            ---
            title: "`{= params.n }`"
            params: {n: {type: int, min: 2}, m: 3}
            headline: {n: params.n}
            ---
            `{= params.n }` `{= params.m }`
            ```{numbers}
            limit: $n
            caption: "`{= params.n }`"
            ```

            """
        let problems = SampleNotebook(text, overrides: given).session.analysis.problems.all
        #expect(problems.map(\.code) == [.badParameter], "\(problems)")
    }
}
