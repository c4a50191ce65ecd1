import Foundation
import Preferences
import Testing

@Suite struct PairFileTests {
    private let opening = "\n\nHuman: Name a bird.\n\nAssistant:"

    @Test func transcriptsAreSplitAfterTheirLastSharedMarker() throws {
        let pairs = try PairFile(Files.fixture("birds.jsonl")).pairs()
        #expect(
            pairs == [
                PreferencePair(row: 1, prompt: opening, chosen: " A wren, perhaps.", rejected: " No."),
                PreferencePair(row: 2, prompt: opening, chosen: " Élan is no bird.", rejected: " Èze is no bird."),
                PreferencePair(
                    row: 3, prompt: opening, chosen: " A rook.\n\nHuman: And a fish?\n\nAssistant: A pike.",
                    rejected: " A rook, I think."),
            ])
    }

    @Test(arguments: [
        "birds.jsonl.gz", "two-members.jsonl.gz", "padded.jsonl.gz", "birds.jsonl.zst", "two-frames.jsonl.zst",
    ])
    func packedFilesAreUnpackedMemberByMember(name: String) throws {
        #expect(try PairFile(Files.fixture(name)).pairs() == PairFile(Files.fixture("birds.jsonl")).pairs())
    }

    @Test func promptsMayBeGivenByThemselves() throws {
        let text = #"{"id": 7, "prompt": "Two?", "chosen": " Two.", "rejected": " Three.", "score": [1, null]}"#
        let pair = PreferencePair(row: 1, prompt: "Two?", chosen: " Two.", rejected: " Three.")
        #expect(try Files.pairs(text) == [pair])
        #expect(try Files.pairs(text, format: .prompt) == [pair])
    }

    @Test func aPromptBesideTranscriptsIsPassedOverWhereTheFormatSaysSo() throws {
        let text = #"{"prompt": "x", "chosen": "\n\nAssistant: a", "rejected": "\n\nAssistant: b"}"#
        #expect(
            try Files.pairs(text, format: .hh)[0].content
                == .texts(prompt: "\n\nAssistant:", chosen: " a", rejected: " b"))
    }

    @Test func blankLinesCarriageReturnsAndAByteOrderMarkAreNoRows() throws {
        let line = #"{"prompt": "p", "chosen": "a", "rejected": "b"}"#
        let pairs = try Files.pairs("\u{FEFF}\(line)\r\n\r\n   \n\(line)")
        #expect(pairs.map(\.row) == [1, 4])
    }

    @Test func anArrayOfObjectsIsReadToo() throws {
        let row = #"{"prompt": "p", "chosen": "a", "rejected": "b"}"#
        #expect(try Files.pairs("\n[\n\(row),\n\(row)\n]\n").map(\.row) == [1, 2])
        #expect(
            try Files.refusal("[\n\(row), {}]".utf8)?.hasPrefix(", row 2: 'prompt' is missing; the row is empty")
                == true)
        #expect(try Files.refusal("\n[\n{} {}]".utf8)?.hasPrefix(", row 1: not JSON, column 4: ") == true)
        #expect(
            try Files.refusal("[\(row),]".utf8) == ", row 2: the JSON list is not well formed: an element is missing")
        #expect(try Files.refusal("[\(row)".utf8) == ", row 1: the JSON list is not well formed: it has no end")
        #expect(try Files.refusal("[\(row)] x".utf8) == ", row 2: the JSON list is not well formed: text follows it")
        #expect(
            try Files.refusal("[]".utf8) == ": no pairs: expected rows of JSON Lines, a JSON list or CSV, found nothing"
        )
    }

    @Test func canonicallyEqualTextsStayTheBytesTheyAre() throws {
        let pairs = try Files.pairs(#"{"prompt": "p", "chosen": "\u00e9", "rejected": "e\u0301"}"#)
        #expect(pairs[0].content == .texts(prompt: "p", chosen: "\u{E9}", rejected: "e\u{301}"))
        #expect(pairs[0].content != .texts(prompt: "p", chosen: "e\u{301}", rejected: "\u{E9}"))
    }
}

@Suite struct PairFileErrorTests {
    private let good = #"{"chosen": "\n\nAssistant: a", "rejected": "\n\nAssistant: b"}"#
    private let hint = "; 'columns' says which columns hold the prompt and the responses"

    @Test func aPairWithoutRejectedIsNamedWithItsRow() throws {
        #expect(
            try Files.refusal("\(good)\n\n{\"id\": 3, \"chosen\": \"a\"}\n".utf8)
                == ", row 3: 'rejected' is missing; found 'id', 'chosen'\(hint)")
    }

    @Test func aPromptThatTheFormatAsksForIsMissed() throws {
        #expect(
            try Files.refusal(good.utf8, format: .prompt)
                == ", row 1: 'prompt' is missing; found 'chosen', 'rejected'\(hint)")
    }

    @Test(arguments: [
        ("null", "null"), ("true", "a truth value"), ("1.5", "a number"), (#"{"role": "user"}"#, "an object"),
    ])
    func aTextThatIsNoStringIsRefused(json: String, kind: String) throws {
        #expect(
            try Files.refusal(#"{"chosen": "a", "rejected": \#(json)}"#.utf8)
                == ", row 1: 'rejected' must be a string, found \(kind)")
    }

    @Test func transcriptsWithoutASharedMarkerAreRefused() throws {
        let text = #"{"chosen": "Human: a\n\nAssistant: b", "rejected": "Human: c\n\nAssistant: b"}"#
        #expect(
            try Files.refusal(text.utf8)
                == #", row 1: 'chosen' and 'rejected' share no prompt: expected a common beginning that holds "#
                + #""\n\nAssistant:" (format 'hh'); give 'prompt' by itself otherwise"#)
    }

    @Test func brokenJSONHasAColumn() throws {
        let sentence = try #require(try Files.refusal("\(good)\n{\"chosen\": tru}".utf8))
        #expect(sentence.hasPrefix(", row 2: not JSON, column 12: "))
        #expect(try Files.refusal([0x7B, 0xFF, 0x7D])?.contains("not JSON, column 2: ") == true)
    }

    @Test func aRowThatIsNoObjectIsRefused() throws {
        #expect(try Files.refusal("3".utf8) == ", row 1: expected a JSON object, found a number")
    }

    @Test(arguments: ["", "\n \n", "\u{FEFF}"])
    func aFileWithoutRowsIsRefused(text: String) throws {
        #expect(
            try Files.refusal(text.utf8) == ": no pairs: expected rows of JSON Lines, a JSON list or CSV, found nothing"
        )
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

    @Test(arguments: [("two-members.jsonl.gz", "gzip"), ("two-frames.jsonl.zst", "zstd")])
    func everyTruncationOfAPackedFileIsRefused(name: String, packing: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: Files.fixture(name)))
        let start = packing == "gzip" ? Data([0x1F, 0x8B, 8]) : Data([0x28, 0xB5, 0x2F, 0xFD])
        let second = try #require(bytes.dropFirst(2).range(of: start)?.lowerBound)
        for count in start.count..<bytes.count where count != second {
            let sentence = try Files.refusal(bytes.prefix(count))
            #expect(sentence == ": the \(packing) data end too early: the file is cut short", "\(count) bytes")
        }
    }

    @Test func aDamagedPackedFileIsRefused() throws {
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
        let frame = try Data(contentsOf: URL(filePath: Files.fixture("birds.jsonl.zst")))
        var damaged = frame
        damaged[frame.count - 2] ^= 1
        #expect(try Files.refusal(damaged)?.hasPrefix(": the zstd data are damaged: ") == true)
    }

    @Test func whatUnpacksBeyondTheLimitIsRefused() throws {
        let bytes = try Data(contentsOf: URL(filePath: Files.fixture("swollen.jsonl.gz")))
        #expect(bytes.count < 10_000)
        #expect(
            try Files.refusal(bytes, limit: 1 << 20) == ": more than 1 MiB of text, the most that is read of one file")
        #expect(
            try Files.refusal(bytes, rowLimit: 1 << 20)
                == ", row 1: longer than 1 MiB, the most that is read of one row")
        #expect(try Files.refusal(bytes)?.contains("'rejected' is missing") == true)
        #expect(
            try Files.refusal("\n{}".utf8, limit: 2) == ": more than 2 bytes of text, the most that is read of one file"
        )
    }

    @Test func columnFilesAreAnsweredWithTheirConversion() throws {
        let sentence = PairFileError(
            file: "it's/x.parquet", problem: .table(.parquet, path: "it's/x.parquet")
        ).description
        #expect(
            sentence
                == "it's/x.parquet: Parquet files are not read; this line writes the rows as JSON Lines: python -c \"import json, sys, "
                + "pyarrow.parquet; [print(json.dumps(row, default=str)) for row in pyarrow.parquet.read_table(sys.argv[1])"
                + ".to_pylist()]\" 'it'\\''s/x.parquet' > 'it'\\''s/x.jsonl'")
        #expect(try Files.refusal("PAR1....".utf8)?.hasPrefix(": Parquet files are not read") == true)
        #expect(try Files.refusal("ARROW1\0\0".utf8)?.contains("pyarrow.ipc.open_file(") == true)
        #expect(try Files.refusal([0xFF, 0xFF, 0xFF, 0xFF, 0x10])?.contains("pyarrow.ipc.open_stream(") == true)
    }
}
