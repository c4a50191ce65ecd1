import Markdown
import Notebooks
import Testing

@Suite struct SuggestionTests {
    @Test func aSlipIsFoundAndAnotherWordIsNot() {
        let known = ["layers", "limit", "positions", "normalize", "tuned_to_base", "base_to_tuned"]
        #expect(Suggestion.closest(to: "layer", among: known) == ["layers"])
        #expect(Suggestion.closest(to: "lmiit", among: known) == ["limit"])
        #expect(Suggestion.closest(to: "Positions", among: known) == ["positions"])
        #expect(Suggestion.closest(to: "normalise", among: known) == ["normalize"])
        #expect(Suggestion.closest(to: "tuned-to-base", among: known) == ["tuned_to_base"])
        #expect(Suggestion.closest(to: "caption", among: known) == [])
        #expect(Suggestion.closest(to: "", among: known) == [])
        #expect(Suggestion.closest(to: "m", among: ["n"]) == [])
        #expect(Suggestion.closest(to: String(repeating: "x", count: 1_000_000), among: known) == [])
    }

    @Test func equallyNearNamesAreAllGiven() {
        #expect(Suggestion.closest(to: "pairt", among: ["pairs", "pair", "x"]) == ["pairs", "pair"])
        #expect(Suggestion.question(["pairs", "pair"]) == "did you mean 'pairs' or 'pair'?")
        #expect(Suggestion.question(["a", "b", "c"]) == "did you mean 'a', 'b' or 'c'?")
        #expect(Suggestion.question([]) == nil)
    }
}
