import Notebooks
import Testing

/// `{patch}` on models whose answer is known.
@Suite struct PatchEstimandTests {
    @Test(arguments: ["swap", "shapley", "leave_one_out"])
    func `each estimand finds the three tuned layers, and nothing at any other`(_ estimand: String) throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted",
            EmbeddedNotebook.block("patch", "estimand: \(estimand)" + (estimand == "shapley" ? "\norders: 6" : "")))
        let column = estimand == "leave_one_out" ? "increment" : "effect"
        for direction in ["tuned_to_base", "base_to_tuned"] {
            let effects = outcome.numbers("layers", column, where: ["direction": .string(direction)])
            #expect(effects.count == 12)
            for layer in effects.indices {
                if (5...7).contains(layer) {
                    #expect(abs(effects[layer]) > 0.05, "layer \(layer)")
                } else {
                    #expect(effects[layer] == 0, "layer \(layer)")
                }
            }
        }
        #expect(outcome.text("nothing.layers") == "0, 1, 2, 3, 4, 8, 9, 10, 11")
        let layers = try #require(outcome.number("concentration.layers"))
        #expect(layers <= 3)
        #expect((outcome.number("concentration.participation") ?? 1) <= 0.25 + 1e-9)
        #expect((outcome.number("concentration.norm") ?? 12) <= 3)
        #expect(outcome.number("concentration.third.layers") == 4)
        let third = try #require(outcome.number("concentration.third.share"))
        #expect(abs(third - 1) < 1e-6, "four of twelve layers hold the three that do anything")
        #expect(try #require(outcome.number("concentration.third.random")) < third)
        #expect(outcome.checks.filter { !$0.held }.isEmpty)
    }

    @Test(arguments: ["swap", "shapley"])
    func `the three planted layers together reach the whole gain, and random sets need more`(_ estimand: String) throws
    {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted",
            EmbeddedNotebook.block(
                "patch",
                "estimand: \(estimand)\nsets: 10\ndirection: tuned_to_base"
                    + (estimand == "shapley" ? "\norders: 2" : "")))
        let table = try #require(outcome.table("sets"))
        #expect(table.rows.count == 12)
        let first = outcome.numbers("sets", "layer").prefix(3)
        #expect(first.sorted() == [5, 6, 7])
        let recovery = outcome.numbers("sets", "recovery")
        // The donor's three blocks at once are the donor, and blocks that are one in both change nothing more.
        #expect(recovery[2...].allSatisfy { $0 == 1 })
        #expect(recovery[0] > 0 && recovery[0] < 1)
        #expect(outcome.numbers("sets", "recovery_by_norm")[2] == 1)
        #expect((outcome.number("sets.layers") ?? 4) <= 3)
        #expect((outcome.number("sets.random") ?? 0) > 3)
        #expect(outcome.figures.last?.name == "sets")
        let (lower, upper) = (outcome.numbers("sets", "random_lower"), outcome.numbers("sets", "random_upper"))
        #expect(zip(lower, upper).allSatisfy { $0 <= $1 } && upper[11] == 1 && lower[11] == 1)
    }

    @Test func `Shapley shares sum exactly to the difference of the models`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 8,
            EmbeddedNotebook.block("patch", "estimand: shapley\norders: 2\ndirection: tuned_to_base"))
        let sum = outcome.numbers("layers", "effect").reduce(0, +)
        #expect(abs(sum - (outcome.number("gain.mean") ?? 0)) < 1e-9)
        #expect(outcome.checks.count == 1 && outcome.checks[0].held)
    }

    @Test(arguments: ["patch", "swap", "shapley", "leave_one_out"])
    func `a zero adapter is equivalent to nothing at every layer`(_ estimand: String) throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 12,
            EmbeddedNotebook.block(
                "patch",
                "estimand: \(estimand)" + (estimand == "patch" ? "\ncontrols: [self, random, flipped, covariance]" : "")
            ))
        #expect(outcome.number("nothing.count") == 12)
        #expect(outcome.number("carriers.count") == 0)
        #expect(outcome.number("peak.effect") == 0)
        #expect(outcome.value("peak.recovery") == .null)
        #expect(outcome.value("concentration.layers") == .null)
        #expect(outcome.numbers("layers", "equivalence").allSatisfy { $0 == 0 })
        #expect(outcome.numbers("layers", "detectable").allSatisfy { $0 == 0 })
    }

    @Test func `the peak is chosen on the fit pairs and judged by the others`() throws {
        let block = EmbeddedNotebook.block("patch", "layers: 4..8\ncontrols: [self]\ndirection: tuned_to_base")
        let outcome = try EmbeddedNotebook.outcome("demo-dpo", limit: 20, block)
        #expect((outcome.number("pairs.fit") ?? 0) + (outcome.number("pairs.confirm") ?? 0) == 20)
        #expect(!outcome.notes.contains { $0.contains("flattered") })
        let table = try #require(outcome.table("pairs"))
        let evaluation = try EmbeddedNotebook.evaluation("demo-dpo", limit: 20, split: "{fit: 0.5}", block)
        let tokens = try #require(evaluation.blocks[1].result.outcome.table("tokens"))
        let confirm = Set(
            (tokens[column: "split"] ?? []).indices.filter { tokens[column: "split"]?[$0] == .string("confirm") })
        let effects = table.rows.filter {
            $0[1] == outcome.value("peak.layer") && $0[3] == .string("none")
        }.enumerated().filter { confirm.contains($0.offset) }.map { $0.element[7].number ?? 0 }
        let mean = effects.reduce(0, +) / Double(effects.count)
        #expect(abs(mean - (outcome.number("peak.effect") ?? 0)) < 1e-12)
    }

    @Test(arguments: [("{fit: 0.5}", "choose_on: all"), ("none", "controls: []")])
    func `choosing on what is reported is said aloud`(_ split: String, _ option: String) throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 6, split: split, EmbeddedNotebook.block("patch", option + "\nlayers: [7]"))
        #expect(
            outcome.notes.contains(
                "The peak was chosen on the very pairs that it is reported on, so its effect is flattered: "
                    + "split the pairs, and let the fit half choose."))
    }

    @Test func `a single layer is not called chosen, and a figure of few layers has intervals and no bands`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 6, split: "none",
            EmbeddedNotebook.block("patch", "layers: [7]\ndirection: tuned_to_base"))
        #expect(!outcome.notes.contains { $0.hasPrefix("The peak was chosen") })
        let figure = try #require(outcome.figures.first { $0.name == "effects" })
        #expect(
            figure.description.contains("the mean effect is ")
                && figure.description.hasSuffix(
                    " Intervals are 95 % over prompts. The self-patch changed nothing and is not drawn.")
        )
    }

    @Test func `every control does what it says`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 16,
            EmbeddedNotebook.block(
                "patch",
                "positions: response\nlayers: [6, 7]\ndirection: tuned_to_base\n"
                    + "controls: [self, shuffled, exchanged, random, covariance, base_difference, neutral, flipped, length_matched]"
            ))
        func effects(_ control: String) -> [Double] {
            outcome.numbers("layers", "effect", where: ["control": .string(control)])
        }
        #expect(effects("self") == [0, 0])
        #expect(effects("none")[1] > 1)
        for control in ["random", "covariance", "base_difference"] {
            #expect(abs(effects(control)[1]) < effects("none")[1] / 2, "\(control)")
        }
        #expect(effects("flipped")[1] < 0, "the difference with its sign changed lowers the margin")
        #expect(effects("shuffled")[1] != effects("none")[1] && effects("exchanged")[1] != effects("none")[1])
        #expect(effects("neutral")[1] != effects("none")[1] && effects("neutral") != effects("shuffled"))
        #expect(abs(effects("length_matched")[1] - effects("none")[1]) < effects("none")[1])
        #expect(outcome.notes.contains { $0.hasPrefix("'length_matched' is the patch over the ") })
    }

    @Test func `maps by position and by head add up to their parts' names`() throws {
        let positions = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 6,
            EmbeddedNotebook.block(
                "patch",
                "positions: [prompt, last_prompt, 'response[:1]', first_divergent]\nlayers: [4, 7]\ncontrols: []\ndirection: tuned_to_base"
            ))
        #expect(positions.figures.map(\.name) == ["positions-tuned-to-base"])
        #expect(positions.table("layers")?.rows.count == 8)
        let heads = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 6,
            EmbeddedNotebook.block(
                "patch", "site: z\nheads: each\nlayers: [4, 6]\ncontrols: []\ndirection: tuned_to_base"))
        #expect(heads.table("layers")?.rows.count == 16)
        let below = heads.numbers("layers", "effect", where: ["layer": .int(4)])
        #expect(below.count == 8 && below.allSatisfy { $0 == 0 }, "nothing was tuned up to layer 4")
        #expect(heads.numbers("layers", "effect", where: ["layer": .int(6)]).contains { $0 != 0 })
    }

    @Test func `metrics are read off the same runs`() throws {
        func gain(_ metric: String) throws -> Double {
            try #require(
                try EmbeddedNotebook.outcome(
                    "demo-planted", limit: 8,
                    EmbeddedNotebook.block("patch", "metric: \(metric)\nlayers: [7]\ncontrols: []")
                ).number("gain.mean"))
        }
        #expect(abs(try gain("margin") - (try gain("chosen") - gain("rejected"))) < 1e-9)
        #expect(try gain("loss") < 0)
        #expect(try gain("margin_per_token") < gain("margin"))
        #expect((0...1).contains(try gain("accuracy")))
    }

    @Test func `KL from the tuned model falls to nothing on the way of the planted layers`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 8,
            EmbeddedNotebook.block("patch", "metric: kl\nlayers: [4, 6, 7, 11]\ncontrols: [self, base_difference]"))
        let gain = try #require(outcome.number("gain.mean"))
        #expect(outcome.number("tuned.margin.mean") == 0)
        #expect(gain < 0, "tuning is where KL from the tuned model is nothing")
        func numbers(_ column: String, _ direction: String) -> [Double] {
            outcome.numbers(
                "layers", column, where: ["direction": .string(direction), "control": .string("none")])
        }
        let sufficient = numbers("effect", "tuned_to_base")
        #expect(sufficient[0] == 0 && sufficient[2] == gain && sufficient[3] == gain)
        #expect(sufficient[1] < 0 && sufficient[1] > gain)
        #expect(numbers("recovery", "tuned_to_base")[3] == 1)
        let necessary = numbers("effect", "base_to_tuned")
        #expect(necessary[0] == 0 && abs(necessary[3] + gain) < 1e-12)
        #expect(outcome.checks.filter { !$0.held }.isEmpty)
    }

    @Test(arguments: [
        ("estimand: swap\nsite: z", "option 'site' says how an activation is patched, and 'swap' patches none"),
        ("estimand: swap\ncontrols: [random]", "control 'random' stands in for an activation, and 'swap' patches none"),
        ("sets: 4", "option 'sets' runs sets of whole blocks, and 'patch' has no such order of layers"),
        ("neutral: A bus.", "option 'neutral' is the text of the control 'neutral', which is not among the controls"),
        ("controls: [neutral]\nneutral: ' '", "option 'neutral' is a text without a word"),
        ("orders: 4", "option 'orders' belongs to 'estimand: shapley'"),
        ("estimand: shapley\norders: 3", "orders come in twos, each with its reverse, and 3 is odd"),
        ("basis: mean", "option 'basis' says which directions 'rank' keeps to, and no rank is given"),
        ("rank: 2\ncontrols: [flipped]", "control 'flipped' does not go with 'rank'"),
        ("positions: 'response[3:1]'", "found 'response[3:1]'"),
        ("positions: [all, all]", "'all' is listed twice"),
        ("positions: []", "the list is empty"),
        ("heads: each", "'heads: each' needs a site that has heads, such as 'z', and 'resid_post' has none"),
        ("rank: 2\npositions: [all, prompt]", "'rank' and the control 'covariance' take one choice of positions"),
        ("layers: [12]", "option 'layers' names layer 12, but the models' layers are 0 to 11"),
    ])
    func `a mistake is one sentence`(_ options: String, _ sentence: String) {
        #expect(EmbeddedNotebook.problems("demo-planted", EmbeddedNotebook.block("patch", options)).contains(sentence))
    }

    @Test func `all mistakes of a block are reported, and none hides another`() {
        let problems = EmbeddedNotebook.problems(
            "demo-planted",
            EmbeddedNotebook.block(
                "patch", "sets: 4\norders: 3\nbasis: mean\nneutral: A bus.\nheads: each\ncaption: \"`{= x * 2 }`\""))
        for option in ["sets", "orders", "basis", "neutral"] {
            #expect(problems.contains("error: option '\(option)' "), "\(option): \(problems)")
        }
        #expect(
            problems.contains("'heads: each' needs a site") && problems.contains("[malformed-value]"), "\(problems)")
        let files = EmbeddedNotebook.problems(
            "demo-gone", "```{models}\nid: m\nbase: nowhere\ntuned: {path: x, revsion: y}\n```\n")
        #expect(files.contains("there is no adapter at 'notebooks/models/demo-gone'"), "\(files)")
        #expect(files.contains("there is no model at 'nowhere'") && files.contains("'revsion' is not one of its keys"))
    }
}
