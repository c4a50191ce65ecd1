import Comparison
import Markdown
import Testing

@Suite struct SweepTests {
    @Test func `lists and ranges give a point for each combination, the last parameter fastest`() throws {
        let sweep = try Sweep([try Sweep.Axis("adapter=a,b"), try Sweep.Axis("seed=1..2,7")])
        #expect(
            sweep.points.map(\.name) == [
                "adapter=a,seed=1", "adapter=a,seed=2", "adapter=a,seed=7", "adapter=b,seed=1", "adapter=b,seed=2",
                "adapter=b,seed=7",
            ])
        #expect(sweep.name == "adapter,seed")
        #expect(sweep.points[0].title == "adapter a, seed 1")
        #expect(try Sweep.Axis("path=a..b,../c,0.1").values == ["a..b", "../c", "0.1"])
    }

    @Test func `the names of points are files' names, and no two values share one`() throws {
        let values = [
            "a/b", "a-b", "a~b", "a b", "a%20b", "a,b", "ä", "../x", String(repeating: "x", count: 300), "A", "a",
            "/m/x", "/n/x",
        ]
        let names = try Sweep([.init(name: "p", values: values)]).points.map(\.name)
        #expect(Set(names).count == values.count)
        for name in names {
            #expect(name.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 > 0x20 && $0 < 0x7F } && name.count < 80)
        }
        #expect(names[0] == "p=a~b")
    }

    @Test(
        "what cannot be a sweep is said",
        arguments: [
            (["a"], "the sweep over 'a': a sweep is written name=values, such as adapter=a,b or seed=1..3"),
            (["=1"], "the sweep over '=1': a sweep is written name=values, such as adapter=a,b or seed=1..3"),
            (["a="], "the sweep over 'a': there are no values"),
            (["a=3..1"], "the sweep over 'a': the range '3..1' is empty"),
            (["a=1..100000"], "the sweep over 'a': the range '1..100000' has more than 500 values"),
            (
                ["a=-9223372036854775808..9223372036854775807"],
                "the sweep over 'a': the range '-9223372036854775808..9223372036854775807' has more than 500 values"
            ),
            (["a=1,1"], "the sweep over 'a': the value '1' is listed twice"),
            (["a=1", "a=2"], "the sweep over 'a': the parameter is given twice"),
            (["a=1..30", "b=1..30"], "the sweep over 'b': the sweep has more than 500 points"),
        ])
    func refusals(_ written: [String], _ message: String) {
        #expect {
            _ = try Sweep(try written.map { try Sweep.Axis($0) })
        } throws: { "\($0)" == message }
    }

    @Test func `a file holds values, ranges and lists of them`() throws {
        let text = "adapter: [models/a, 'b c']\nseed: 1..3\nlayers:\n  - [1, 2]\n  - [3]\nlimit: 8\n"
        let axes = try Sweep.Axis.all(in: SourceText(name: "s.yml", text: text))
        #expect(axes.map(\.name) == ["adapter", "seed", "layers", "limit"])
        #expect(axes.map(\.values) == [["models/a", "b c"], ["1", "2", "3"], ["1,2", "3"], ["8"]])
        for (wrong, place) in [
            ("- a\n", "s.yml:1:1"), ("a: {b: 1}\n", "s.yml:1:4"), ("a: 3..1\n", "s.yml:1:4"), ("a: [\n", "s.yml"),
        ] {
            #expect {
                _ = try Sweep.Axis.all(in: SourceText(name: "s.yml", text: wrong))
            } throws: { "\($0)".contains(place) }
        }
    }
}
