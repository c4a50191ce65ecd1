import Preferences
import Testing

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
    private func pairs(_ texts: [(String, String, String)]) -> [PairRow] {
        texts.enumerated().map { row, text in
            PairRow(
                file: "x", number: row,
                pairs: .success([PreferencePair(row: row, prompt: text.0, chosen: text.1, rejected: text.2)]))
        }
    }

    private func select(_ rows: [PairRow], _ selection: PairSelection = PairSelection(), hasOpening: Bool = true) throws
        -> SelectedPairs
    {
        try selection.select(
            from: rows, renderer: try .plain, encoding: PairEncoding(), tokenizer: Bytes(hasOpening: hasOpening))
    }

    @Test func aPairBecomesTokensWithTheOpeningBeforeThePromptAlone() throws {
        let selected = try select(pairs([("p", "a", "bc")]))
        #expect(
            selected.kept == [
                TokenizedPair(pair: 0, row: 0, prompt: [256, 112], chosen: [97], rejected: [98, 99], cluster: 0)
            ])
        #expect(selected.dropped == [])
    }

    @Test func samePromptsAreOneClusterNumberedByFirstAppearance() throws {
        let rows = pairs([("p", "a", "b"), ("q", "a", "b"), ("x", "", "b"), ("p", "c", "d"), ("r", "a", "b")])
        let selected = try select(rows)
        #expect(selected.kept.map(\.pair) == [0, 1, 2, 3])
        #expect(selected.kept.map(\.row) == [0, 1, 3, 4])
        #expect(selected.kept.map(\.cluster) == [0, 1, 0, 2])
    }

    @Test func nothingIsDroppedWithoutItsReason() throws {
        let rows = pairs([
            ("p", "", "b"), ("p", " \n", "b"), ("p", "a", ""), ("p", "same", "same"), ("p", "1234", "12"),
            ("p", "1", "2"),
        ])
        let selected = try select(rows, PairSelection(maximumTokens: 5))
        #expect(selected.kept.map(\.row) == [5])
        #expect(
            selected.dropped == [
                DroppedPair(row: 0, reason: .emptyChosen), DroppedPair(row: 1, reason: .emptyChosen),
                DroppedPair(row: 2, reason: .emptyRejected), DroppedPair(row: 3, reason: .identicalResponses),
                DroppedPair(row: 4, reason: .tooLong(tokens: 6, maximum: 5)),
            ])
        let bare = try select(pairs([("", "a", "b")]), hasOpening: false)
        #expect(bare.dropped == [DroppedPair(row: 0, reason: .emptyPrompt)])
    }

    @Test func aBadRowIsNamedOrDroppedAndCounted() throws {
        let text =
            #"{"prompt": "p", "chosen": "a", "rejected": "b"}"# + "\n"
            + #"{"prompt": "p", "chosen": "c", "rejected": "d", "score": NaN}"# + "\n"
            + #"{"prompt": "p", "chosen": "c", "rejected": "d", "note": "\ud800"}"# + "\n"
            + #"{"prompt": "p", "chosen": "e", "rejected": "f"}"#
        try Files.with(text.utf8) { path in
            func select(_ badRows: PairSelection.BadRows) throws -> SelectedPairs {
                try PairSelection(badRows: badRows).select(
                    from: PairFile(path), renderer: try .plain, encoding: PairEncoding(), tokenizer: Bytes())
            }
            let selected = try select(.drop)
            #expect(selected.kept.map(\.row) == [1, 4])
            #expect(
                selected.dropped.map { "\($0.row): \($0.reason)" } == [
                    "2: not JSON, column 58: expected a value, found 'N'",
                    "3: not JSON, column 58: lone surrogate in a string",
                ])
            #expect(
                throws: PairFileError(
                    file: path, row: 2, problem: .notJSON(column: 58, problem: "expected a value, found 'N'"))
            ) {
                try select(.error)
            }
        }
    }

    @Test func aTemplateThatRefusesARowIsABadRow() throws {
        let rows = [
            PairRow(
                file: "x", number: 5,
                pairs: .success([
                    PreferencePair(
                        row: 5,
                        .messages(
                            prompt: [message("system", "s")], chosen: [message("assistant", "a")],
                            rejected: [message("assistant", "b")]))
                ]))
        ]
        let renderer = try PairRenderer.simple(.auto, "{{ raise_exception('no system') }}")
        #expect(
            throws: PairFileError(
                file: "x", row: 5,
                problem: .template("chat template, line 1, column 19: the template refuses these messages: no system"))
        ) {
            try PairSelection().select(from: rows, renderer: renderer, encoding: PairEncoding(), tokenizer: Bytes())
        }
        let selected = try PairSelection(badRows: .drop).select(
            from: rows, renderer: renderer, encoding: PairEncoding(), tokenizer: Bytes())
        #expect(selected.dropped.map(\.row) == [5])
        let unknown = try PairRenderer.simple(.auto, "{{ '%s' % messages }}")
        #expect(throws: PairFileError.self, "what the interpreter does not know is no fault of the row") {
            try PairSelection(badRows: .drop).select(
                from: rows, renderer: unknown, encoding: PairEncoding(), tokenizer: Bytes())
        }
    }

    @Test(arguments: [#"[{"name": "f"}]"#, #""[{\"name\": \"f\"}]""#])
    func `a row's tools reach the template, as a list or as its JSON`(_ tools: String) throws {
        let row = #"""
            {"prompt": [{"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "a"}], \#
            "rejected": [{"role": "assistant", "content": "b"}], "tools": \#(tools)}
            """#
        let pair = try #require(try Files.pairs(row).first)
        let renderer = try PairRenderer.simple(
            .auto, "{{ tools[0].name }}{% for m in messages %}{{ m.content }}{% endfor %}")
        #expect(try renderer.text(of: pair.content).prompt == "fq")
    }

    @Test func `tools that are no list are a bad row`() throws {
        let message = #"[{"role": "assistant", "content": "a"}]"#
        let row = #"{"prompt": \#(message), "chosen": \#(message), "rejected": \#(message), "tools": 3}"#
        #expect(try Files.refusal(row.utf8) == ", row 1: 'tools' must be a list, found a number")
        #expect(try Files.pairs(#"{"prompt": "p", "chosen": "a", "rejected": "b", "tools": 3}"#).count == 1)
    }

    @Test func reasonsReadAsSentences() throws {
        #expect(DroppedPair.Reason.emptyPrompt.description == "the prompt is empty")
        #expect(DroppedPair.Reason.emptyChosen.description == "the chosen response is empty")
        #expect(DroppedPair.Reason.emptyRejected.description == "the rejected response is empty")
        #expect(DroppedPair.Reason.identicalResponses.description == "both responses are the same")
        #expect(DroppedPair.Reason.tooLong(tokens: 6, maximum: 5).description == "6 tokens, more than 5")
    }

    @Test func theLimitCountsKeptPairsAndTheRestIsNotLookedAt() throws {
        let rows = pairs([("p", "0", "x"), ("p", "", "x"), ("p", "2", "x"), ("p", "", "x"), ("p", "4", "x")])
        let selected = try select(rows, PairSelection(limit: 2))
        #expect(selected.kept.map(\.row) == [0, 2])
        #expect(selected.dropped.map(\.row) == [1])
        let later = try select(rows, PairSelection(skip: 2, limit: 5))
        #expect(later.kept.map(\.row) == [2, 4])
        #expect(try select(rows, PairSelection(skip: 9)).kept == [])
    }

    @Test func shufflingFollowsFromItsGeneratorAndComesBeforeSkipping() throws {
        let rows = pairs((0..<10).map { ("p\($0)", "a", "b") })
        func order(skip: Int, limit: Int? = nil, seed: UInt64) throws -> [Int] {
            var generator = Generator(state: seed)
            return try PairSelection(skip: skip, limit: limit).select(
                from: rows, renderer: try .plain, encoding: PairEncoding(), tokenizer: Bytes(),
                shufflingWith: &generator
            ).kept.map(\.row)
        }
        // Written out in Python: for i in 9…1, swap i with next() * (i + 1) >> 64.
        #expect(try order(skip: 0, seed: 7) == [9, 5, 8, 6, 1, 2, 4, 7, 0, 3])
        #expect(try order(skip: 4, seed: 7) == Array(try order(skip: 0, seed: 7).dropFirst(4)))
        #expect(try order(skip: 1, limit: 3, seed: 7) == [5, 8, 6])
        #expect(try order(skip: 0, seed: 8) != order(skip: 0, seed: 7))
    }

    @Test func everyOrderIsAboutAsFrequent() throws {
        let rows = pairs([("p", "0", "x"), ("p", "1", "x"), ("p", "2", "x")])
        var generator = Generator(state: 1)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6000 {
            let selected = try PairSelection().select(
                from: rows, renderer: try .plain, encoding: PairEncoding(), tokenizer: Bytes(),
                shufflingWith: &generator)
            counts[selected.kept.map(\.row), default: 0] += 1
        }
        // Each is binomial: mean 1000, standard deviation 29.
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 130 })
    }
}
