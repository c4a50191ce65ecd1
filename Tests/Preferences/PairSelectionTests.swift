import Preferences
import Testing

/// A token a byte, and 256 in front.
private struct Bytes: TextEncoder {
    var hasOpening = true

    func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] {
        (addingSpecialTokens && hasOpening ? [256] : []) + text.utf8.map(Int.init)
    }
}

/// SplitMix64, so that the expected order can be computed elsewhere.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

@Suite struct PairSelectionTests {
    private func pairs(_ texts: [(String, String, String)]) -> [PreferencePair] {
        texts.enumerated().map { PreferencePair(row: $0, prompt: $1.0, chosen: $1.1, rejected: $1.2) }
    }

    @Test func aPairBecomesTokensWithTheOpeningBeforeThePromptAlone() {
        let selected = PairSelection().select(from: pairs([("p", "a", "bc")]), tokenizer: Bytes())
        #expect(
            selected.kept == [
                TokenizedPair(pair: 0, row: 0, prompt: [256, 112], chosen: [97], rejected: [98, 99], cluster: 0)
            ])
        #expect(selected.dropped == [])
    }

    @Test func samePromptsAreOneClusterNumberedByFirstAppearance() {
        let rows = pairs([("p", "a", "b"), ("q", "a", "b"), ("x", "", "b"), ("p", "c", "d"), ("r", "a", "b")])
        let selected = PairSelection().select(from: rows, tokenizer: Bytes())
        #expect(selected.kept.map(\.pair) == [0, 1, 2, 3])
        #expect(selected.kept.map(\.row) == [0, 1, 3, 4])
        #expect(selected.kept.map(\.cluster) == [0, 1, 0, 2])
    }

    @Test func nothingIsDroppedWithoutItsReason() {
        let rows = pairs([
            ("p", "", "b"), ("p", " \n", "b"), ("p", "a", ""), ("p", "same", "same"), ("p", "1234", "12"),
            ("p", "1", "2"),
        ])
        let selected = PairSelection(maximumTokens: 5).select(from: rows, tokenizer: Bytes())
        #expect(selected.kept.map(\.row) == [5])
        #expect(
            selected.dropped == [
                DroppedPair(row: 0, reason: .emptyChosen), DroppedPair(row: 1, reason: .emptyChosen),
                DroppedPair(row: 2, reason: .emptyRejected), DroppedPair(row: 3, reason: .identicalResponses),
                DroppedPair(row: 4, reason: .tooLong(tokens: 6, maximum: 5)),
            ])
        let bare = PairSelection().select(from: pairs([("", "a", "b")]), tokenizer: Bytes(hasOpening: false))
        #expect(bare.dropped == [DroppedPair(row: 0, reason: .emptyPrompt)])
    }

    @Test func reasonsReadAsSentences() {
        #expect(DroppedPair.Reason.emptyPrompt.description == "the prompt is empty")
        #expect(DroppedPair.Reason.emptyChosen.description == "the chosen response is empty")
        #expect(DroppedPair.Reason.emptyRejected.description == "the rejected response is empty")
        #expect(DroppedPair.Reason.identicalResponses.description == "both responses are the same")
        #expect(DroppedPair.Reason.tooLong(tokens: 6, maximum: 5).description == "6 tokens, more than 5")
    }

    @Test func theLimitCountsKeptPairsAndTheRestIsNotLookedAt() {
        let rows = pairs([("p", "0", "x"), ("p", "", "x"), ("p", "2", "x"), ("p", "", "x"), ("p", "4", "x")])
        let selected = PairSelection(limit: 2).select(from: rows, tokenizer: Bytes())
        #expect(selected.kept.map(\.row) == [0, 2])
        #expect(selected.dropped.map(\.row) == [1])
        let later = PairSelection(skip: 2, limit: 5).select(from: rows, tokenizer: Bytes())
        #expect(later.kept.map(\.row) == [2, 4])
        #expect(PairSelection(skip: 9).select(from: rows, tokenizer: Bytes()).kept == [])
    }

    @Test func shufflingFollowsFromItsGeneratorAndComesBeforeSkipping() {
        let rows = pairs((0..<10).map { ("p\($0)", "a", "b") })
        func order(skip: Int, seed: UInt64) -> [Int] {
            var generator = Generator(state: seed)
            return PairSelection(skip: skip).select(from: rows, tokenizer: Bytes(), shufflingWith: &generator).kept
                .map(\.row)
        }
        // Written out in Python: for i in 9…1, swap i with next() * (i + 1) >> 64.
        #expect(order(skip: 0, seed: 7) == [9, 5, 8, 6, 1, 2, 4, 7, 0, 3])
        #expect(order(skip: 4, seed: 7) == Array(order(skip: 0, seed: 7).dropFirst(4)))
        #expect(order(skip: 0, seed: 8) != order(skip: 0, seed: 7))
    }

    @Test func everyOrderIsAboutAsFrequent() {
        let rows = pairs([("p", "0", "x"), ("p", "1", "x"), ("p", "2", "x")])
        var generator = Generator(state: 1)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6000 {
            let selected = PairSelection().select(from: rows, tokenizer: Bytes(), shufflingWith: &generator)
            counts[selected.kept.map(\.row), default: 0] += 1
        }
        // Each is binomial: mean 1000, standard deviation 29.
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 130 })
    }
}
