import Foundation
import JSON
import Preferences
import Testing

/// Files in the columns of known data sets (`scripts/fixtures/preferences.py`).
@Suite struct DataSetTests {
    private let questions = [
        "Name a bird that swims.", "How do I boil an egg?", "Which is larger, 7 or 9?", "Write one line about rain.",
    ]
    private let good = [
        "A grebe swims well.", "Boil water, lower the egg in, wait eight minutes.", "9 is larger.",
        "Rain taps the roof all night.",
    ]
    private let bad = ["Birds.", "Use a pan.", "7, I think.", "No."]

    private func texts(_ index: Int) -> PreferencePair.Content {
        .texts(prompt: questions[index], chosen: good[index], rejected: bad[index])
    }

    private func conversation(_ index: Int, before: [JSON] = []) -> PreferencePair.Content {
        .messages(
            prompt: before + [message("user", questions[index])], chosen: [message("assistant", good[index])],
            rejected: [message("assistant", bad[index])])
    }

    private func contents(_ name: String, _ format: PairFormat = .auto, _ columns: PairColumns? = nil) throws
        -> [PreferencePair.Content]
    {
        try PairFile(Files.fixture(name), format: format, columns: columns).pairs().map(\.content)
    }

    @Test(arguments: [("ultrafeedback.jsonl", PairFormat.ultrafeedback), ("tulu3.jsonl", .tulu3)])
    func `conversations are cut after the messages that both share`(name: String, format: PairFormat) throws {
        #expect(try contents(name) == questions.indices.map { conversation($0) })
        #expect(try contents(name, format) == contents(name))
    }

    @Test func `RewardBench gives one pair for each rejected response`() throws {
        #expect(try contents("rewardbench.jsonl") == questions.indices.map(texts))
        let second = try PairFile(Files.fixture("rewardbench2.jsonl"), format: .rewardbench).pairs()
        #expect(second.map(\.row) == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
        #expect(second[0].content == texts(0))
        #expect(second[2].content == .texts(prompt: questions[0], chosen: good[0], rejected: "I do not know."))
    }

    @Test func `HelpSteer's ties have no pair, and the sign says which response is better`() throws {
        for (name, before) in [
            ("helpsteer2.jsonl", nil),
            ("helpsteer3.jsonl", [message("user", "Hello."), message("assistant", "Hello!")]),
        ] {
            var rows: [PairRow] = []
            try PairFile(Files.fixture(name)).forEachRow(at: nil) { (row) throws(PairFileError) in
                rows.append(row)
                return true
            }
            for index in [0, 1, 3] {
                #expect(
                    try rows[index].pairs.get().map(\.content) == [
                        before.map { conversation(index, before: $0) } ?? texts(index)
                    ])
            }
            #expect(throws: PairFileError(file: Files.fixture(name), row: 3, problem: .noPreference)) {
                try rows[2].pairs.get()
            }
        }
    }

    @Test func `SafeRLHF goes by the better response or by the safer one`() throws {
        #expect(try contents("safe-rlhf.jsonl") == questions.indices.map(texts))
        let safer = try contents("safe-rlhf.jsonl", .safeRLHFSafer)
        #expect(safer[0] == .texts(prompt: questions[0], chosen: bad[0], rejected: good[0]))
        #expect(safer[1] == texts(1))
    }

    @Test func `SHP's label is 1 where the first reply is preferred`() throws {
        #expect(try contents("shp.jsonl") == questions.indices.map(texts))
    }

    @Test(arguments: ["questions.csv", "questions.csv.gz"])
    func `columns of a CSV file are named, and rows are the lines on which they begin`(name: String) throws {
        let pairs = try PairFile(
            Files.fixture(name), columns: PairColumns(prompt: "question", chosen: "best", rejected: "worst")
        ).pairs()
        #expect(pairs.map(\.row) == [2, 3, 5, 6])
        #expect(pairs[0].content == texts(0))
        #expect(
            pairs[1].content
                == .texts(prompt: questions[1] + "\nSay \"why\", please.", chosen: good[1], rejected: bad[1]))
        let sentence = try #require(throws: PairFileError.self) { try contents(name) }.description
        #expect(
            sentence.hasSuffix(
                ", row 2: 'chosen' is missing; found 'id', 'question', 'best', 'worst'; 'columns' says which columns hold the prompt and the responses"
            ))
    }

    @Test func `a CSV row with too few fields, or an open quote, is named`() throws {
        #expect(
            try Files.refusal("prompt,chosen,rejected\np,a,b\np,a\n".utf8, ending: ".csv")
                == ", row 3: 2 fields, but the header names 3 columns")
        #expect(
            try Files.refusal("prompt,chosen,chosen\np,a,b\n".utf8, ending: ".csv")
                == ", row 1: the header names the column 'chosen' twice")
        #expect(
            try Files.refusal("prompt,chosen,rejected\np,\"a,b\n".utf8, ending: ".csv")
                == ", row 2: a quote is not closed before the file ends")
        #expect(
            try Files.pairs("prompt,chosen,rejected\r\n\"p\"\"q\",\"\",b\r\n", ending: ".csv").map(\.content) == [
                .texts(prompt: "p\"q", chosen: "", rejected: "b")
            ])
    }

    @Test func `a quote that does not begin a CSV field is a character, as in Python's csv`() throws {
        let header = "\u{FEFF}\"prompt\",chosen,rejected\n"
        let rows = [
            ("How big? ,a 5\" screen,a 6\" screen", "How big? ", "a 5\" screen", "a 6\" screen"),
            ("q ,He said \"hi\" to me,no", "q ", "He said \"hi\" to me", "no"),
            ("p,\"a\"b\"c,d", "p", "ab\"c", "d"), ("p,\"a\nb\",c", "p", "a\nb", "c"),
            ("p,a 5\",small", "p", "a 5\"", "small"),
        ]
        #expect(
            try Files.pairs(header + rows.map { $0.0 + "\n" }.joined(), ending: ".csv").map(\.content)
                == rows.map { .texts(prompt: $0.1, chosen: $0.2, rejected: $0.3) })
    }

    @Test func `TRL's four shapes are read`() throws {
        let explicit = #"{"prompt": "The sky is", "chosen": " blue.", "rejected": " green."}"#
        let shared = #"{"chosen": "The sky is blue.", "rejected": "The sky is green."}"#
        #expect(
            try Files.pairs(explicit)[0].content == .texts(prompt: "The sky is", chosen: " blue.", rejected: " green."))
        #expect(try Files.pairs(shared)[0].content == Files.pairs(explicit)[0].content)
        let messages =
            #"{"prompt": [{"role": "user", "content": "Name a bird that swims."}], "chosen": [{"role": "assistant", "content": "A grebe swims well."}], "rejected": [{"role": "assistant", "content": "Birds."}]}"#
        #expect(try Files.pairs(messages)[0].content == conversation(0))
        #expect(try contents("ultrafeedback.jsonl")[0] == conversation(0))
    }

    @Test func `responses that repeat their prompt are refused`() throws {
        let text = #"{"prompt": "Name a bird.", "chosen": "Name a bird. A wren.", "rejected": "Name a bird. No."}"#
        let sentence =
            ", row 1: both responses begin with the whole prompt: expected the responses alone, or no 'prompt' column"
        #expect(try Files.refusal(text.utf8) == sentence)
        let user = #"{"role": "user", "content": "q"}"#
        let messages =
            #"{"prompt": [\#(user)], "chosen": [\#(user), {"role": "assistant", "content": "a"}], "rejected": [\#(user), {"role": "assistant", "content": "b"}]}"#
        #expect(try Files.refusal(messages.utf8) == sentence)
        #expect(try Files.refusal(#"{"prompt": "A", "chosen": "A wren.", "rejected": "No."}"#.utf8) == nil)
    }

    @Test func `conversations that share no message, and lists of other things, are refused`() throws {
        #expect(
            try Files.refusal(
                #"{"chosen": [{"role": "user", "content": "a"}], "rejected": [{"role": "user", "content": "b"}]}"#.utf8)
                == ", row 1: 'chosen' and 'rejected' share no message: expected both to begin with the prompt's messages"
        )
        #expect(
            try Files.refusal(#"{"chosen": [{"content": "a"}], "rejected": []}"#.utf8)
                == ", row 1: 'chosen' must be a list of messages, objects with 'role' and 'content', found a list")
    }
}
