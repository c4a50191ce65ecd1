import ChatTemplates
import JSON
import Testing

@Suite struct ModelTemplateTests {
    private func render(_ config: String, file: String? = nil, tools: String? = nil) throws -> String? {
        try ModelTemplate(tokenizerConfig: try JSON.parse(config), file: file)?.render(
            [], tools: try tools.map { try JSON.parse($0) }, addGenerationPrompt: true, date: try Fixtures.date)
    }

    @Test func `special tokens may be texts or objects, and a missing one is undefined`() throws {
        let config =
            #"{"chat_template": "{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}", "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null}"#
        #expect(try render(config) == "<s></s>False")
    }

    @Test func `tokens with names of the model's own are read too`() throws {
        let config =
            #"{"chat_template": "{{ image_token }}{{ boi_token }}{{ add_bos_token }}{{ cls_token }}", "boi_token": "<b>", "add_bos_token": true, "extra_special_tokens": {"image_token": {"content": "<i>"}}}"#
        #expect(try render(config) == "<i><b>")
    }

    @Test func `the file wins over the configuration, and of named templates the default one is taken`() throws {
        #expect(try render(#"{"chat_template": "a"}"#, file: "b") == "b")
        #expect(
            try render(
                #"{"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}"#)
                == "d")
        #expect(try render(#"{"chat_template": [{"name": "tool_use", "template": "t"}]}"#) == nil)
        #expect(try render("{}") == nil)
    }

    @Test func `tools reach the template, and the one named for them is used`() throws {
        let told = "{% for tool in tools %}{{ tool.name }};{% endfor %}"
        #expect(try render("{}", file: told, tools: #"[{"name": "a"}, {"name": "b"}]"#) == "a;b;")
        #expect(try render("{}", file: "{{ tools is none }}") == "True")
        let named =
            #"{"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}"#
        #expect(try render(named, tools: "[]") == "t")
        #expect(try render(named) == "d")
    }
}
