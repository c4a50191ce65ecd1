import Foundation
import Preferences
import Testing

@Suite struct PairFileTests {
    private let opening = "\n\nHuman: Name a bird.\n\nAssistant:"

    @Test func transcriptsAreSplitAfterTheirLastSharedMarker() throws {
        let pairs = try PairFile(Files.fixture("birds.jsonl")).pairs()
        #expect(
            pairs == [
                PreferencePair(row: 0, prompt: opening, chosen: " A wren, perhaps.", rejected: " No."),
                PreferencePair(row: 1, prompt: opening, chosen: " Élan is no bird.", rejected: " Èze is no bird."),
                PreferencePair(
                    row: 2, prompt: opening, chosen: " A rook.\n\nHuman: And a fish?\n\nAssistant: A pike.",
                    rejected: " A rook, I think."),
            ])
    }

    @Test(arguments: ["birds.jsonl.gz", "two-members.jsonl.gz"])
    func gzipIsUnpackedMemberByMember(name: String) throws {
        #expect(try PairFile(Files.fixture(name)).pairs() == PairFile(Files.fixture("birds.jsonl")).pairs())
    }

    @Test func promptsMayBeGivenByThemselves() throws {
        let text = #"{"id": 7, "prompt": "Two?", "chosen": " Two.", "rejected": " Three.", "score": [1, null]}"#
        let pair = PreferencePair(row: 0, prompt: "Two?", chosen: " Two.", rejected: " Three.")
        #expect(try Files.pairs(text) == [pair])
        #expect(try Files.pairs(text, format: .prompt) == [pair])
    }

    @Test func aPromptBesideTranscriptsIsPassedOverWhereTheFormatSaysSo() throws {
        let text = #"{"prompt": "x", "chosen": "\n\nAssistant: a", "rejected": "\n\nAssistant: b"}"#
        #expect(try Files.pairs(text, format: .hh)[0].prompt == "\n\nAssistant:")
    }

    @Test func blankLinesCarriageReturnsAndAByteOrderMarkAreNoRows() throws {
        let line = #"{"prompt": "p", "chosen": "a", "rejected": "b"}"#
        let pairs = try Files.pairs("\u{FEFF}\(line)\r\n\r\n   \n\(line)")
        #expect(pairs.map(\.row) == [0, 1])
    }

    @Test func anArrayOfObjectsIsReadToo() throws {
        let row = #"{"prompt": "p", "chosen": "a", "rejected": "b"}"#
        #expect(try Files.pairs("\n[\n\(row),\n\(row)\n]\n").map(\.row) == [0, 1])
        #expect(try Files.refusal("[\n{}]".utf8) == ", row 0: 'chosen' is missing; the object is empty")
        #expect(try Files.refusal("\n[\n{} {}]".utf8)?.hasPrefix(", line 3: not JSON, column 4: ") == true)
        #expect(
            try Files.refusal("[]".utf8) == ": no pairs: expected one JSON object a line, found nothing")
    }

    @Test func canonicallyEqualTextsStayTheBytesTheyAre() throws {
        let pairs = try Files.pairs(#"{"prompt": "p", "chosen": "\u00e9", "rejected": "e\u0301"}"#)
        #expect(Array(pairs[0].chosen.utf8) == [0xC3, 0xA9])
        #expect(Array(pairs[0].rejected.utf8) == [0x65, 0xCC, 0x81])
    }
}

@Suite struct PairFileErrorTests {
    private let good = #"{"chosen": "\n\nAssistant: a", "rejected": "\n\nAssistant: b"}"#

    @Test func aPairWithoutRejectedIsNamedWithItsRowAndLine() throws {
        #expect(
            try Files.refusal("\(good)\n\n{\"id\": 3, \"chosen\": \"a\"}\n".utf8)
                == ", row 1 (line 3): 'rejected' is missing; found 'id', 'chosen'")
    }

    @Test func aPromptThatTheFormatAsksForIsMissed() throws {
        #expect(
            try Files.refusal(good.utf8, format: .prompt)
                == ", row 0 (line 1): 'prompt' is missing; found 'chosen', 'rejected'")
    }

    @Test(arguments: [
        ("null", "null"), ("true", "a truth value"), ("1.5", "a number"), (#"{"role": "user"}"#, "an object"),
    ])
    func aTextThatIsNoStringIsRefused(json: String, kind: String) throws {
        #expect(
            try Files.refusal(#"{"chosen": "a", "rejected": \#(json)}"#.utf8)
                == ", row 0 (line 1): 'rejected' shall be a string, found \(kind)")
    }

    @Test func messagesAreRefusedWithWhatIsSupported() throws {
        #expect(
            try Files.refusal(#"{"chosen": [{"role": "user", "content": "a"}], "rejected": []}"#.utf8)
                == ", row 0 (line 1): 'chosen' is a list of messages, which takes a chat template; supported are whole "
                + "transcripts ('hh': 'chosen' and 'rejected' strings) and plain texts ('prompt': 'prompt', 'chosen' and "
                + "'rejected' strings)")
    }

    @Test func transcriptsWithoutASharedMarkerAreRefused() throws {
        let text = #"{"chosen": "Human: a\n\nAssistant: b", "rejected": "Human: c\n\nAssistant: b"}"#
        #expect(
            try Files.refusal(text.utf8)
                == #", row 0 (line 1): 'chosen' and 'rejected' share no prompt: expected a common beginning that holds "#
                + #""\n\nAssistant:" (format 'hh'); give 'prompt' by itself otherwise"#)
    }

    @Test func brokenJSONHasAColumn() throws {
        let sentence = try #require(try Files.refusal("\(good)\n{\"chosen\": tru}".utf8))
        #expect(sentence.hasPrefix(", row 1 (line 2): not JSON, column 12: "))
        #expect(try Files.refusal([0x7B, 0xFF, 0x7D])?.contains("not JSON, column 2: ") == true)
    }

    @Test func aRowThatIsNoObjectIsRefused() throws {
        #expect(
            try Files.refusal("3".utf8)
                == ", row 0 (line 1): expected a JSON object with 'chosen' and 'rejected', found a number")
    }

    @Test(arguments: ["", "\n \n", "\u{FEFF}"])
    func aFileWithoutRowsIsRefused(text: String) throws {
        #expect(try Files.refusal(text.utf8) == ": no pairs: expected one JSON object a line, found nothing")
    }

    @Test func aMissingFileAndAFolderAreRefused() {
        #expect(
            throws: PairFileError(
                file: "/no/such/file", problem: .unreadable(reason: "No such file or directory"))
        ) { try PairFile("/no/such/file").pairs() }
        #expect(throws: PairFileError(file: "/", problem: .unreadable(reason: "Is a directory"))) {
            try PairFile("/").pairs()
        }
        #expect(
            PairFileError(file: "x", problem: .unreadable(reason: "Is a directory")).description
                == "x: cannot be read: Is a directory")
    }

    @Test func everyTruncationOfAGzipFileIsRefused() throws {
        let bytes = try Data(contentsOf: URL(filePath: Files.fixture("two-members.jsonl.gz")))
        let second = try #require(bytes.dropFirst(2).range(of: Data([0x1F, 0x8B, 8]))?.lowerBound)
        for count in 2..<bytes.count where count != second {
            let sentence = try Files.refusal(bytes.prefix(count))
            #expect(sentence == ": the gzip data end too early: the file is cut short", "\(count) bytes")
        }
    }

    @Test func aDamagedGzipFileIsRefused() throws {
        let bytes = try Data(contentsOf: URL(filePath: Files.fixture("birds.jsonl.gz")))
        var sum = bytes
        sum[bytes.count - 8] ^= 1
        #expect(try Files.refusal(sum) == ": the gzip data are damaged: incorrect data check")
        #expect(try Files.refusal(bytes + Data("junk".utf8)) == ": the gzip data are damaged: incorrect header check")
        for index in 2..<bytes.count where ![4, 5, 6, 7, 8, 9].contains(index) {  // Those are time, level and system.
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(try Files.refusal(damaged) != nil, "byte \(index)")
        }
    }

    @Test func whatUnpacksBeyondTheLimitIsRefused() throws {
        let bytes = try Data(contentsOf: URL(filePath: Files.fixture("swollen.jsonl.gz")))
        #expect(bytes.count < 10_000)
        #expect(
            try Files.refusal(bytes, limit: 1 << 20)
                == ": more than 1 MiB of text, the most that is read of one file")
        #expect(
            try Files.refusal(bytes, lineLimit: 1 << 20)
                == ", line 1: longer than 1 MiB, the most that is read of one line")
        #expect(try Files.refusal(bytes)?.contains("'rejected' is missing") == true)
        #expect(
            try Files.refusal("\n{}".utf8, limit: 2) == ": more than 2 bytes of text, the most that is read of one file"
        )
    }
}
