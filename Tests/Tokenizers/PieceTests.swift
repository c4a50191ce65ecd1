import JSON
import Testing
import Tokenizers

/// Which bytes of a text each token covers.
@Suite struct PieceTests {
    @Test func `Each token covers its part of the text`() throws {
        let tokenizer = try TokenizerTests.tokenizer("llama3-style")
        let text = "The harbour\u{1F680}<|eot_id|>"
        let pieces = try tokenizer.pieces(of: text, addingSpecialTokens: true)
        #expect(pieces.first?.range == 0..<0)
        let bytes = Array(text.utf8)
        for piece in pieces.dropFirst() {
            #expect(tokenizer.text(of: piece.id) == Array(bytes[piece.range]))
        }
    }

    @Test(arguments: [
        "gpt2", "added-tokens", "llama3-style", "smollm-style", "qwen2-style", "llama2-style", "metaspace",
    ])
    func `The ranges of a text's tokens come in order and leave nothing out`(name: String) throws {
        let tokenizer = try TokenizerTests.tokenizer(name)
        let (nasty, random) = try Fixtures.texts()
        for text in nasty + random {
            let pieces = try tokenizer.pieces(of: text, addingSpecialTokens: true)
            #expect(try pieces.map(\.id) == tokenizer.encode(text, addingSpecialTokens: true))
            var end = 0
            for piece in pieces {
                #expect(piece.range.lowerBound == end, "\(text.debugDescription)")
                end = piece.range.upperBound
            }
            #expect(end == text.utf8.count, "\(text.debugDescription)")
        }
    }

    @Test func `What a normalizer changes keeps its place in the text`() throws {
        let tokenizer = try TokenizerTests.tokenizer("qwen2-style")
        // The letter and its accent are one scalar to the model.
        let pieces = try tokenizer.pieces(of: "te\u{301}a", addingSpecialTokens: false)
        #expect(pieces.last?.range == 4..<5)
        #expect(pieces.contains { $0.range.upperBound == 4 })
    }
}
