import Notebooks
import Statistics
import Testing
import Values

/// What a sweep says of length, of concentration and of interaction, each computed again from the effects of its pairs.
@Suite struct PatchLengthTests {
    private static let sweep = EmbeddedNotebook.block(
        "patch", "controls: [shuffled, shuffled_difference, random]\nlayers: 4..9", id: "sweep")

    private static func study(_ adapter: String, _ blocks: String) throws -> [Outcome] {
        try EmbeddedNotebook.evaluation(adapter, limit: 30, split: "none", blocks).blocks.map(\.result.outcome)
    }

    /// What the pairs of a place gained, in the order of the pairs.
    private static func effects(_ sweep: Outcome, _ layer: Double, _ control: String, _ direction: String) -> [Double] {
        sweep.numbers(
            "pairs", "effect",
            where: ["layer": .int(Int(layer)), "control": .string(control), "direction": .string(direction)])
    }

    private static func line(_ x: [Double], _ y: [Double]) -> Double {
        let slope =
            zip(x, y).reduce(0) { $0 + ($1.0 - x.mean) * ($1.1 - y.mean) }
            / x.reduce(0) { $0 + ($1 - x.mean) * ($1 - x.mean) }
        return y.mean - slope * x.mean
    }

    @Test func `effects at equal length and where either response is longer are those of the pairs`() throws {
        let found = try Self.study("demo-dpo", Self.sweep)
        let sweep = found[2]
        let excess = zip(
            found[1].numbers("tokens", "rejected_tokens"), found[1].numbers("tokens", "chosen_tokens")
        ).map { $0 - $1 }
        try #require(excess.contains { $0 > 0 } && excess.contains { $0 < 0 })
        for control in ["none", "shuffled", "shuffled_difference"] {
            for direction in ["tuned_to_base", "base_to_tuned"] {
                let place: [String: Scalar] = ["control": .string(control), "direction": .string(direction)]
                let equal = sweep.numbers("layers", "equal_length", where: place)
                let longer = sweep.numbers("lengths", "rejected_longer", where: place)
                let shorter = sweep.numbers("lengths", "chosen_longer", where: place)
                for (index, layer) in (4...9).enumerated() {
                    let effects = Self.effects(sweep, Double(layer), control, direction)
                    #expect(abs(equal[index] - Self.line(excess, effects)) < 1e-9)
                    let above = effects.indices.filter { excess[$0] > 0 }.map { effects[$0] }
                    let below = effects.indices.filter { excess[$0] < 0 }.map { effects[$0] }
                    #expect(abs(longer[index] - above.mean) < 1e-9 && abs(shorter[index] - below.mean) < 1e-9)
                }
            }
        }
        let steps = sweep.numbers(
            "layers", "increment_equal_length", where: ["control": .string("none"), "layer": .int(6)])
        let before = sweep.numbers("layers", "equal_length", where: ["control": .string("none"), "layer": .int(5)])
        let after = sweep.numbers("layers", "equal_length", where: ["control": .string("none"), "layer": .int(6)])
        #expect(zip(steps, zip(after, before)).allSatisfy { abs($0 - ($1.0 - $1.1)) < 1e-9 }, "intercepts are linear")
        #expect(sweep.figures.map(\.name).contains("equal-length"))
    }

    @Test func `three planted layers are those that carry at equal length too, and nothing carries nothing`() throws {
        let all = EmbeddedNotebook.block("patch", "controls: [shuffled_difference]", id: "sweep")
        let planted = try Self.study("demo-planted", all)[2]
        #expect(planted.text("carriers.equal_length.layers") == planted.text("carriers.layers"))
        #expect(planted.number("carriers.equal_length.count") == 3)
        // The difference of another pair moves the margin less than the pair's own.
        let own = try #require(planted.number("peak.effect"))
        #expect(abs(try #require(planted.number("shuffled_difference.effect"))) < own)
        let nowhere = try Self.study("demo-nowhere", all)[2]
        #expect(nowhere.number("carriers.equal_length.count") == 0)
        #expect(nowhere.number("shuffled_difference.effect") == 0, "models that are the same differ nowhere")
    }

    @Test func `a third of neighbouring layers is chosen on one half of the prompts and judged on the other`() throws {
        let found = try EmbeddedNotebook.evaluation(
            "demo-dpo", limit: 30, split: "{fit: 0.5}", EmbeddedNotebook.block("patch", "controls: []", id: "sweep")
        ).blocks.map(\.result.outcome)
        let sweep = found[2]
        let halves = try #require(found[1].table("tokens")?[column: "split"])
        let effects = (0..<12).map { Self.effects(sweep, Double($0), "none", "tuned_to_base") }
        let steps = effects.indices.map { layer in
            effects[layer].indices.map { effects[layer][$0] - (layer > 0 ? effects[layer - 1][$0] : 0) }
        }
        func sums(_ half: String) -> [Double] {
            steps.map { step in step.indices.filter { halves[$0] == .string(half) }.map { step[$0] }.reduce(0, +) }
        }
        let (fit, confirm) = (sums("fit"), sums("confirm"))
        let sign = fit.reduce(0, +) < 0 ? -1.0 : 1
        let first = try #require(
            (0...8).max { sign * fit[$0..<$0 + 4].reduce(0, +) < sign * fit[$1..<$1 + 4].reduce(0, +) })
        #expect(sweep.number("concentration.window.first") == Double(first))
        #expect(sweep.number("concentration.window.last") == Double(first + 3))
        let share = confirm[first..<first + 4].reduce(0, +) / confirm.reduce(0, +)
        #expect(abs(try #require(sweep.number("concentration.window.share")) - share) < 1e-9)
        #expect(try #require(sweep.number("concentration.window.share.lower")) <= share)
        #expect(try #require(sweep.number("concentration.window.share.upper")) >= share)
    }

    @Test func `a control's difference is taken pair by pair at the place where the control's effect is largest`()
        throws
    {
        let sweep = try Self.study("demo-dpo", Self.sweep)[2]
        for control in ["shuffled", "shuffled_difference", "random"] {
            let place = try #require(
                (4...9).max {
                    abs(Self.effects(sweep, Double($0), control, "tuned_to_base").mean)
                        < abs(Self.effects(sweep, Double($1), control, "tuned_to_base").mean)
                })
            let (patch, other) = (
                Self.effects(sweep, Double(place), "none", "tuned_to_base"),
                Self.effects(sweep, Double(place), control, "tuned_to_base")
            )
            let difference = try #require(sweep.number("\(control).difference"))
            #expect(abs(difference - zip(patch, other).map { $0 - $1 }.mean) < 1e-9)
            #expect(try #require(sweep.number("\(control).difference.lower")) < difference)
            #expect(try #require(sweep.number("\(control).difference.upper")) > difference)
        }
    }

    @Test func `the pairs nearest in length are the quarter that differs least, with all that tie`() throws {
        let found = try Self.study("demo-dpo", EmbeddedNotebook.block("score", "", id: "scores"))
        let excess = zip(
            found[1].numbers("tokens", "rejected_tokens"), found[1].numbers("tokens", "chosen_tokens")
        ).map { abs($0 - $1) }
        let limit = excess.sorted()[(excess.count - 1) / 4]
        let gains = found[2].numbers("pairs", "gain")
        let near = excess.indices.filter { excess[$0] <= limit }.map { gains[$0] }
        #expect(found[2].number("gain.nearest_length.tokens") == limit)
        #expect(found[2].number("gain.nearest_length.count") == Double(near.count) && near.count >= excess.count / 4)
        #expect(abs(try #require(found[2].number("gain.nearest_length.mean")) - near.mean) < 1e-9)
    }

    @Test func `the interaction is that of each pair's four runs, with intervals over prompts`() throws {
        let found = try Self.study("demo-dpo", Self.sweep)
        let (sweep, prompts) = (found[2], found[1].numbers("tokens", "prompt_number").map { Int($0) })
        let layer = try #require(sweep.number("interaction.layer"))
        let values = zip(
            Self.effects(sweep, layer, "none", "tuned_to_base"), Self.effects(sweep, layer, "none", "base_to_tuned")
        ).map { 0 - $0 - $1 }
        let expected = try #require(ClusterBootstrap(seed: 7).means(of: ClusteredValues(values, clusters: prompts))[0])
        #expect(abs(try #require(sweep.number("interaction.largest")) - expected.estimate) < 1e-9)
        #expect(abs(try #require(sweep.number("interaction.largest.lower")) - expected.lower) < 1e-9)
        #expect(abs(try #require(sweep.number("interaction.largest.upper")) - expected.upper) < 1e-9)
        let share = try #require(sweep.number("interaction.share"))
        #expect(abs(share - values.mean / (try #require(sweep.number("gain.mean")))) < 1e-9)
        let ends = (sweep.number("interaction.share.lower") ?? .nan, sweep.number("interaction.share.upper") ?? .nan)
        #expect(ends.0 < share && share < ends.1)
    }

    @Test func `the share of the strongest third has the interval of a ratio, and all layers have none`() throws {
        let found = try Self.study("demo-dpo", EmbeddedNotebook.block("patch", "estimand: swap\nsets: 0", id: "sweep"))
        let (sweep, prompts) = (found[2], found[1].numbers("tokens", "prompt_number").map { Int($0) })
        let order = sweep.numbers("concentration", "layer")
        let columns = order.map { Self.effects(sweep, $0, "none", "tuned_to_base") }
        func sum(_ columns: ArraySlice<[Double]>) -> [Double] {
            prompts.indices.map { pair in columns.reduce(0) { $0 + $1[pair] } }
        }
        let values = ClusteredValues([sum(columns.prefix(4)), sum(columns[...])], clusters: prompts)
        let expected = try #require(ClusterBootstrap(seed: 7).ratios(of: values, to: 1)[0])
        #expect(abs(try #require(sweep.number("concentration.third.share")) - expected.estimate) < 1e-9)
        #expect(abs(try #require(sweep.number("concentration.third.share.lower")) - expected.lower) < 1e-9)
        #expect(abs(try #require(sweep.number("concentration.third.share.upper")) - expected.upper) < 1e-9)
        #expect(sweep.numbers("concentration", "share_lower").last == 1)
        let (fewest, lower, upper) = (
            try #require(sweep.number("concentration.layers")),
            try #require(sweep.number("concentration.layers.lower")),
            try #require(sweep.number("concentration.layers.upper"))
        )
        #expect(lower <= fewest && fewest <= upper && lower >= 1 && upper <= 12)
    }

    @Test func `a claim about two estimates is judged on the interval of their paired difference`() throws {
        let claims = """
            ```{expect}
            - claim: sweep.peak.effect - sweep.shuffled_difference.effect > 0
              because: x
            - {claim: sweep.peak.effect - sweep.shuffled_difference.effect < 0, because: x, kind: exploratory}
            - {claim: sweep.peak.effect - scores.gain.mean in -1..100, because: x, kind: identity}
            - {claim: sweep.gain.mean - scores.gain.mean in -1e-9..1e-9, because: x, kind: identity}
            ```
            """
        let found = try Self.study(
            "demo-planted", Self.sweep + EmbeddedNotebook.block("score", id: "scores") + claims)
        let (pairs, sweep, verdicts) = (found[1], found[2], try #require(found.last).claims)
        let layers = sweep.numbers("layers", "layer", where: ["control": .string("shuffled_difference")])
        let effects = sweep.numbers("layers", "effect", where: ["control": .string("shuffled_difference")])
        let first = zip(layers, effects).prefix(6)
        let largest = try #require(first.max { abs($0.1) < abs($1.1) })
        let differences = zip(
            Self.effects(sweep, try #require(sweep.number("peak.layer")), "none", "tuned_to_base"),
            Self.effects(sweep, largest.0, "shuffled_difference", "tuned_to_base")
        ).map { $0 - $1 }
        let prompts = pairs.numbers("tokens", "prompt_number").map { Int($0) }
        let expected = try #require(
            ClusterBootstrap(seed: 7).means(of: ClusteredValues(differences, clusters: prompts))[0])
        let interval = try #require(verdicts[0].interval)
        #expect(abs(try #require(verdicts[0].found.number) - expected.estimate) < 1e-9)
        #expect(abs(interval.lower - expected.lower) < 1e-9 && abs(interval.upper - expected.upper) < 1e-9)
        #expect(verdicts[0].others.map(\.path) == ["sweep.peak.effect", "sweep.shuffled_difference.effect"])
        #expect(verdicts.map(\.kind) == [.prediction, .exploratory, .identity, .identity])
        #expect(verdicts[0].held == (expected.lower > 0) && verdicts[1].held == (expected.upper < 0))
        #expect(verdicts[3].held, "two commands score the same pairs")
        #expect(found.last?.value("identity.held") == .int(verdicts[2].held ? 2 : 1))
        #expect(found.last?.value("exploratory.failed") == .int(1))
    }

    @Test(arguments: [
        ("sweep.peak.effect - sweep.random.upper > 0", "'sweep.random.upper' has no parts by prompt"),
        ("sweep.peak.layer - sweep.random.effect > 0", "'sweep.peak.layer' has no parts by prompt"),
        ("sweep.peak.effect - params.x > 0", "'params.x' has no parts by prompt"),
        (
            "sweep.peak.effect > sweep.random.effect",
            "are two estimates, and comparing them as numbers ignores their error"
        ),
        ("sweep.peak.effect in 0..sweep.gain.mean", "write 'sweep.peak.effect - sweep.gain.mean'"),
        ("sweep.peak.effect - sweep.random.effect > sweep.gain.mean", "and 'sweep.gain.mean' is an estimate"),
        (
            "sweep.peak.effect - sweep.peak.effect > 0",
            "both sides of the claim are the same value, 'sweep.peak.effect'"
        ),
        ("sweep.peak.effect - sweep.random.effect == 0", "an estimated difference never equals a number"),
        ("sweep.peak.effect - sweep.random.effect in [1, 2]", "a difference lies in a range, not in a list"),
        ("sweep.peak.effect - 3 > 0", "'-' takes the path of a second estimate, not the number 3"),
        ("sweep.peak.effect - > 0", "'-' takes the path of a second estimate, not '>'"),
        ("sweep.peak.effect - other.peak.effect > 0", "over the pairs 'pairs' and 'other.peak.effect' over 'few'"),
        ("sweep.gain.mean == sweep.tuned.margin.mean", ""),
    ])
    func `what cannot be paired is an error before anything runs`(_ claim: String, _ sentence: String) {
        let blocks =
            EmbeddedNotebook.block("patch", "layers: [5]", id: "sweep")
            + "```{pairs}\nid: few\npath: notebooks/data/demo-heldout.jsonl\nlimit: 4\n```\n"
            + "```{patch}\nid: other\nmodels: pair\npairs: few\nlayers: [5]\n```\n"
            + "```{expect}\n- {claim: '\(claim)', because: x}\n```\n"
        let sample = EmbeddedNotebook.standard(
            "---\nparams: {x: 1}\n---\n```{models}\nid: pair\nbase: notebooks/models/demo\ntuned: {path: notebooks/models/demo, adapter: notebooks/models/demo-planted}\n```\n"
                + "```{pairs}\nid: pairs\npath: notebooks/data/demo-heldout.jsonl\nlimit: 6\n```\n" + blocks)
        let problems = sample.problems
        #expect(sentence.isEmpty ? problems.isEmpty : problems.contains(sentence), "\(problems)")
    }

    @Test func `of many values an error lists those with the name in their path, else how paths begin`() {
        func problems(_ path: String) -> String {
            EmbeddedNotebook.problems(
                "demo-dpo", EmbeddedNotebook.block("patch", id: "sweep") + "`{= sweep.\(path) }`\n")
        }
        let alike = problems("window")
        #expect(alike.contains("values with that in their path are 'concentration.window.first', "), "\(alike)")
        #expect(!alike.contains("'peak.layer'"), "\(alike)")
        let others = problems("nonsense")
        #expect(others.contains("its values begin with 'base', 'tuned', 'gain', "), "\(others)")
        #expect(others.contains("; 'patchbook help patch' explains each"), "\(others)")
    }

    @Test func `a kind that does not exist is an error that names the kinds`() {
        let problems = EmbeddedNotebook.problems(
            "demo-planted", "```{expect}\n- {claim: pairs.count > 1, because: x, kind: guess}\n```\n")
        #expect(
            problems.contains("a claim's 'kind' is one of 'prediction', 'identity', 'exploratory', not 'guess'"),
            "\(problems)")
    }
}
