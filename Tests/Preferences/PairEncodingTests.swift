import JSON
import Preferences
import Testing

/// Merges as `tokenizers` with SentencePiece's habits would: a space in front of a text, and a few pairs of letters.
private struct Merging: TextEncoder {
    let merges: [String]
    var prefixesSpace = false
    var opening: [Int] = [1]

    func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] {
        var ids = addingSpecialTokens ? opening : []
        var rest = Substring((prefixesSpace && !text.isEmpty ? "_" : "") + text.replacing(" ", with: "_"))
        while !rest.isEmpty {
            if rest.hasPrefix("<s>") {
                ids.append(1)
                rest = rest.dropFirst(3)
            } else if let index = merges.firstIndex(where: { rest.hasPrefix($0) }) {
                ids.append(1000 + index)
                rest = rest.dropFirst(merges[index].count)
            } else {
                ids.append(Int(rest.removeFirst().unicodeScalars.first?.value ?? 0))
            }
        }
        return ids
    }
}

@Suite struct PairEncodingTests {
    private let space = 95

    @Test func `a response is read after its prompt, without a second space`() {
        let text = PairText(prompt: "a:", chosen: " b", rejected: " c")
        let tokenizer = Merging(merges: [], prefixesSpace: true)
        let together = PairEncoding().encode(text, with: tokenizer)
        #expect(together.prompt == [1, space, 97, 58])
        #expect(together.chosen == [space, 98])
        #expect(together.differsApart)
        #expect(!together.isStraddled)
        #expect(PairEncoding(.apart).encode(text, with: tokenizer).chosen == [space, space, 98])
    }

    @Test func `the boundary is where either text first leaves the prompt's own ids, the same for both`() {
        // The prompt ends with a space, which one response takes up.
        let text = PairText(prompt: "a ", chosen: "b", rejected: "c")
        let encoded = PairEncoding().encode(text, with: Merging(merges: ["_b"]))
        #expect(encoded.prompt == [1, 97])
        #expect(encoded.chosen == [1000])
        #expect(encoded.rejected == [space, 99])
        #expect(encoded.isStraddled)
    }

    @Test func `a token that both texts have at the prompt's end closes the prompt`() {
        let text = PairText(prompt: "a:", chosen: " b", rejected: " c")
        let encoded = PairEncoding().encode(text, with: Merging(merges: [":_"]))
        #expect(encoded.prompt == [1, 97, 1000])
        #expect(encoded.chosen == [98])
        #expect(encoded.isStraddled)
    }

    @Test func `prompt and response are the ids of the whole text`() {
        let tokenizer = Merging(merges: ["ab", "_c", "bc", "cc"], prefixesSpace: true)
        let parts = ["a", "b", "ab", "c ", " c", "cc", "bcc", "a b"]
        for prompt in parts {
            for chosen in parts {
                for rejected in parts {
                    let encoded = PairEncoding().encode(
                        PairText(prompt: prompt, chosen: chosen, rejected: rejected), with: tokenizer)
                    #expect(
                        encoded.prompt + encoded.chosen == tokenizer.encode(prompt + chosen, addingSpecialTokens: true))
                    #expect(
                        encoded.prompt + encoded.rejected
                            == tokenizer.encode(prompt + rejected, addingSpecialTokens: true))
                    let own = tokenizer.encode(prompt, addingSpecialTokens: true)
                    let agreed = zip(own, encoded.prompt).prefix { $0 == $1 }.count
                    #expect(encoded.prompt.count - agreed <= 1)
                    #expect(encoded.isStraddled == (agreed < own.count))
                }
            }
        }
    }

    @Test func `a text that begins with the opening token gets no second one`() {
        let encoded = PairEncoding().encode(
            PairText(prompt: "<s>a", chosen: "b", rejected: "c"), with: Merging(merges: []))
        #expect(encoded.prompt == [1, 97])
        #expect(encoded.hasOwnOpening)
        let rendered = PairEncoding().encode(
            PairText(prompt: "a", chosen: "b", rejected: "c", isRendered: true), with: Merging(merges: []))
        #expect(rendered.prompt == [97])
        #expect(!rendered.hasOwnOpening)
    }

    @Test func `the end token is scored once, and not after what a template wrote`() {
        let tokenizer = Merging(merges: [])
        let encoding = PairEncoding(end: 99)
        let text = PairText(prompt: "a", chosen: "b", rejected: "bc")
        #expect(encoding.encode(text, with: tokenizer).chosen == [98, 99])
        #expect(encoding.encode(text, with: tokenizer).rejected == [98, 99])
        let rendered = PairText(prompt: "a", chosen: "b", rejected: "d", isRendered: true)
        #expect(encoding.encode(rendered, with: tokenizer).chosen == [98])
    }

    @Test func `messages end their prompt where the template opens the assistant's turn`() throws {
        let content = PreferencePair.Content.messages(
            prompt: [message("user", "q")], chosen: [message("assistant", "a")], rejected: [message("assistant", "b")])
        #expect(
            try PairRenderer.simple().text(of: content)
                == PairText(prompt: "<user>q;<assistant>", chosen: "a;", rejected: "b;", isRendered: true))
        #expect(throws: PairFileError.Problem.messagesNeedTemplate) { try PairRenderer.simple(.none).text(of: content) }
        #expect(throws: PairFileError.Problem.noTemplate) { try PairRenderer.plain.text(of: content) }
    }

    @Test func `texts are turns where the template is asked for, and stay as they are elsewhere`() throws {
        let content = PreferencePair.Content.texts(prompt: "q", chosen: "a", rejected: "b")
        #expect(
            try PairRenderer.simple(.chat).text(of: content)
                == PairText(prompt: "<user>q;<assistant>", chosen: "a;", rejected: "b;", isRendered: true))
        for mode in [PairRenderer.Mode.auto, .none] {
            #expect(
                try PairRenderer.simple(mode).text(of: content) == PairText(prompt: "q", chosen: "a", rejected: "b"))
        }
    }

    @Test func `a template that opens a turn with more than it writes later shortens the prompt`() throws {
        let source =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
            + "{% if add_generation_prompt %}<assistant><think>{% endif %}"
        let text = try PairRenderer.simple(.chat, source).text(of: .texts(prompt: "q", chosen: "a", rejected: "b"))
        #expect(text.prompt == "<user>q;<assistant>")
        #expect(text.chosen == "a;")
    }

    @Test func `a silent turn is an empty response, though its template writes tokens`() throws {
        let text = try PairRenderer.simple(.chat).text(of: .texts(prompt: "q", chosen: " \n", rejected: "b"))
        #expect(text.chosen == "")
        #expect(text.rejected == "b;")
    }
}
