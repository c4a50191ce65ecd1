import Notebooks
import Testing
import Values

/// `{divergence}` and `{dose}` through whole notebooks, on models whose tuning is known.
@Suite struct DivergenceCommandTests {
    /// Layers 5 to 7 alone were tuned.
    @Test func `later layers do all before the tuned ones and nothing after them, whatever came before`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 24, EmbeddedNotebook.block("divergence", "along: chosen\nlength: 1024"))
        let gain = try #require(outcome.number("gain.mean"))
        #expect(try #require(outcome.number("count")) > 3 && gain > 0)
        func means(_ effect: String) -> [Double] {
            outcome.numbers("effects", "mean", where: ["effect": .string(effect)])
        }
        #expect(
            outcome.numbers("effects", "layer", where: ["effect": .string("interaction")]) == (0...12).map(Double.init))
        for effect in ["late_given_base", "late_given_tuned"] {
            #expect(means(effect).prefix(6).allSatisfy { $0 == gain })
            #expect(means(effect).suffix(5).allSatisfy { $0 == 0 })
        }
        #expect(
            means("interaction").prefix(6).allSatisfy { $0 == 0 }
                && means("interaction").suffix(5).allSatisfy { $0 == 0 })
        #expect(outcome.figures.map(\.name) == ["effects", "cells"])
        #expect(Set(outcome.numbers("pairs", "pair")) == Set(outcome.numbers("positions", "pair")))
        let cells = outcome.numbers("cells", "mean", where: ["upstream": .string("tuned"), "later": .string("base")])
        #expect(cells.count == 13 && cells[0] < 0 && cells[12] > 0)
    }

    @Test func `models that prefer the same tokens everywhere have no effects, and the page says so`() throws {
        // Two of the six pairs have one prompt.
        let outcome = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 6, EmbeddedNotebook.block("divergence", "length: 4"))
        #expect(outcome.number("count") == 0)
        #expect(outcome.number("agreeing.count") == 5)
        #expect(outcome.value("interaction.mean") == .null)
        #expect(outcome.table("effects")?.rows.isEmpty == true)
        #expect(outcome.figures.isEmpty)
        #expect(outcome.notes.contains { $0.hasPrefix("In 5 of 5 texts the models prefer the same tokens") })
    }

    @Test func `the tokens that the models prefer are shown, and not where texts are hidden`() throws {
        let shown = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 6, EmbeddedNotebook.block("divergence", "layers: [6]"))
        let table = try #require(shown.table("positions"))
        #expect(table.columns == ["pair", "position", "base_id", "base_token", "tuned_id", "tuned_token"])
        #expect(
            zip(shown.numbers("positions", "base_id"), shown.numbers("positions", "tuned_id")).allSatisfy { $0 != $1 })
        #expect(shown.numbers("effects", "layer", where: ["effect": .string("interaction")]) == [0, 6, 12])
        let hidden = "```{pairs}\nid: secret\npath: notebooks/data/demo-heldout.jsonl\nlimit: 6\ntext: hidden\n```\n"
        func block(_ options: String) -> String {
            hidden + "```{divergence}\nid: found\nmodels: pair\npairs: secret\n\(options)\n```\n"
        }
        #expect(
            EmbeddedNotebook.problems("demo-dpo", block("length: 4")).contains(
                "the pairs 'secret' hide their text, and this block would show a part of it"))
        let quiet = try EmbeddedNotebook.outcome("demo-dpo", limit: 6, block("text: hidden"))
        #expect(quiet.table("positions")?.columns == ["pair", "position"])
    }

    @Test func `layers that the models do not have are named`() {
        for (command, layer) in [("divergence", 13), ("dose", 12)] {
            #expect(
                EmbeddedNotebook.problems("demo-dpo", EmbeddedNotebook.block(command, "layers: [\(layer)]")).contains(
                    "option 'layers' names layer \(layer), but the models' layers are 0 to 11"))
        }
    }

    @Test func `a dose of tuning is its models at 0 and 1, and by layer nothing where nothing was tuned`() throws {
        let score = try EmbeddedNotebook.outcome("demo-planted", limit: 12, EmbeddedNotebook.block("score"))
        let whole = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 12, EmbeddedNotebook.block("dose", "scales: [-1, 0.5, 2]"))
        #expect(whole.numbers("doses", "scale") == [-1, 0, 0.5, 1, 2])
        for (scale, column) in [(0.0, "base_margin"), (1, "tuned_margin")] {
            #expect(
                whole.numbers("pairs", "margin", where: ["scale": .number(scale)]) == score.numbers("pairs", column))
        }
        #expect(whole.number("effect") == score.number("gain.mean"))
        #expect(whole.numbers("doses", "kl")[3] == 0)
        #expect(whole.figures.map(\.name) == ["response", "departure", "kl"])
        let layers = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 12, EmbeddedNotebook.block("dose", "scales: [0.5]\nlayers: [2, 6, 9]\nby: layer"))
        for layer in ["2", "9"] {
            #expect(layers.numbers("doses", "effect", where: ["layers": .string(layer)]) == [0, 0, 0])
        }
        #expect(layers.numbers("doses", "effect", where: ["layers": .string("6")])[2] != 0)
        #expect(layers.notes.contains { $0.hasPrefix("The values of this block are those of layer 6") })
        #expect(layers.figures.map(\.name) == ["response", "departure"])
    }

    @Test(arguments: [
        ("scales: [0.5, 0.5]", "'0.5' is listed twice"),
        ("scales: [11]", "a list of numbers from -10 to 10, but found"),
        ("scales: []", "the list is empty"),
        ("site: z", "option 'site' says where a direction is added, and this block changes weights"),
    ])
    func `scales that are none are named`(_ options: String, _ sentence: String) {
        let found = EmbeddedNotebook.problems("demo-dpo", EmbeddedNotebook.block("dose", options))
        #expect(found.contains(sentence), "\(found)")
    }
}
