import JSON
import Preferences
import Testing

/// Which part of a rendered pair the template wrote.
@Suite struct TemplatePartsTests {
    /// The template's own bytes between bars, those of the messages left out.
    private func own(_ prompt: [JSON], _ response: String, _ source: String? = nil) throws -> String? {
        let content = PreferencePair.Content.messages(
            prompt: prompt, chosen: [message("assistant", response)], rejected: [message("assistant", "other")])
        let renderer = try PairRenderer.simple(.auto, source)
        let text = try renderer.text(of: content)
        let bytes = Array((text.prompt + text.chosen).utf8)
        return renderer.ownRanges(of: content, chosen: true)?.map { String(decoding: bytes[$0], as: UTF8.self) }
            .joined(separator: "|")
    }

    @Test func `contents that read like the template's own words are told apart from them`() throws {
        #expect(
            try own([message("user", "user"), message("assistant", "<user>;"), message("user", "")], ";<assistant>")
                == "<user>|;<assistant>|;<user>|;<assistant>|;")
    }

    @Test func `white space that a template trims belongs to neither`() throws {
        let trims = "{% for m in messages %}[{{ m.content | trim }}\n]{% endfor %}"
        #expect(try own([message("user", " Hi\n")], "Ho\n\n", trims) == "[|\n][|\n]")
    }

    @Test func `where a template changes contents nothing is told`() throws {
        #expect(
            try own([message("user", "Hi")], "Ho", "{% for m in messages %}{{ m.content | upper }}{% endfor %}") == nil)
        #expect(
            try own(
                [message("user", "Hi")], "Ho",
                "{% for m in messages %}{% if 'Hi' in m.content %}<greeting>{% endif %}{{ m.content }};{% endfor %}")
                == nil)
    }

    @Test func `a transcript's turns become messages, those of a response too`() throws {
        let prompt = "\n\nHuman: Hi\n\nAssistant: Hello!\n\nHuman: Why\n\nhow?\n\nAssistant:"
        let text = try PairRenderer.simple(.chat).text(
            of: .texts(prompt: prompt, chosen: " So.\n\nHuman: And?\n\nAssistant: No.", rejected: ""))
        #expect(text.prompt == "<user>Hi;<assistant>Hello!;<user>Why\n\nhow?;<assistant>")
        #expect(text.chosen == "So.;<user>And?;<assistant>No.;")
        #expect(text.rejected.isEmpty)
        let plain = try PairRenderer.simple(.chat).text(of: .texts(prompt: "Human: Hi", chosen: " So.", rejected: " x"))
        #expect(plain.prompt == "<user>Human: Hi;<assistant>")
        #expect(plain.chosen == " So.;")
    }
}
