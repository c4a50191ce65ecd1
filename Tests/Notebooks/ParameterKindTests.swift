import Notebooks
import TestSupport
import Testing

/// Parameters of every type, from the front matter and from the command line.
@Suite struct ParameterKindTests {
    static let front = """
        ---
        params:
          count: {type: int, min: 1, max: 9, default: 3}
          scale: {type: float, min: 0, max: 1, default: 0.5}
          order: {type: choice, choices: [up, down], default: up}
          quick: {type: bool, default: false}
          colour: {type: string, default: "12"}
          layers: {type: list, of: int, min: 0, default: [1, 2]}
          plain: [0.5, 1]
        ---

        ```{numbers}
        limit: $count
        scale: $scale
        order: $order
        quick: $quick
        colour: $colour
        layers: $layers
        ```

        """

    private static func values(_ overrides: [(String, String)]) throws -> String {
        try SampleNotebook(front, overrides: overrides).bound().document.parameters.map { "\($0.name) \($0.value)" }
            .joined(separator: "\n")
    }

    @Test func defaultsAndGivenValues() throws {
        #expect(
            try Self.values([]) == """
                count int(3)
                scale number(0.5)
                order string("up")
                quick bool(false)
                colour string("12")
                layers string("1, 2")
                plain string("0.5, 1")
                """)
        #expect(
            try Self.values([
                ("count", "9"), ("scale", "1"), ("order", "down"), ("quick", "true"), ("colour", "red"),
                ("layers", "4, 5"), ("plain", "2"),
            ]) == """
                count int(9)
                scale int(1)
                order string("down")
                quick bool(true)
                colour string("red")
                layers string("4, 5")
                plain string("2")
                """)
        let bound = try SampleNotebook(Self.front, overrides: [("layers", "4,5")]).bound()
        #expect(
            bound.blocks[0].options.first { $0.declaration.name == "layers" }?.value
                == .list([.scalar(.int(4)), .scalar(.int(5))]))
    }

    @Test(arguments: [
        ("count", "10", "a whole number from 1 to 9, but -P count=10 is too large"),
        ("count", "2.5", "a whole number from 1 to 9, found -P count=2.5"),
        ("scale", "x", "a number from 0 to 1, found -P scale=x"),
        ("order", "Up", "one of 'up', 'down', found -P order=Up"),
        ("quick", "yes", "'true' or 'false', found -P quick=yes"),
        ("layers", "1,x", "a list of values, each a whole number, at least 0, found -P layers=1,x"),
        ("layers", "1,-2", "a list of values, each a whole number, at least 0, but -P layers=1,-2 is too small"),
    ])
    func valuesThatDoNotFit(name: String, value: String, sentence: String) {
        let problems = SampleNotebook(Self.front, overrides: [(name, value)]).problems
        #expect(problems.contains("error: parameter '\(name)' takes \(sentence) [bad-parameter]"), "\(problems)")
    }

    @Test(arguments: [
        ("{type: choice, default: a}", "parameter 'x' of type choice needs 'choices'"),
        (
            "{type: list, of: list, default: []}",
            "the values of parameter 'x' are one of 'int', 'float', 'string', 'bool', 'path', not 'list'"
        ),
        (
            "{type: list, of: int, default: [1, a]}",
            "the default of parameter 'x' must be a list of values, each a whole number, found 'a'"
        ),
        (
            "{type: list, of: int, default: 1}",
            "the default of parameter 'x' must be a list of values, each a whole number, found '1'"
        ),
        ("{type: int, of: int, default: 1}", "'of' is only for a parameter of type list"),
        (
            "[1, a]",
            "the default of parameter 'x' must be a list of values, each a whole number, found 'a'"
        ),
    ])
    func declarationsThatAreWrong(declaration: String, sentence: String) {
        let problems = SampleNotebook("---\nparams:\n  x: \(declaration)\n---\n").problems
        #expect(problems.contains("error: \(sentence) [bad-parameter]"), "\(problems)")
    }
}
