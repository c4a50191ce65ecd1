import Checkpoints
import JSON
import Testing

@Suite struct HuggingFaceSettingsTests {
    @Test func `settings have a kind and a range, and absent ones a default`() throws {
        let settings = try read(
            #"{"model_type":"x","n":3,"f":1,"t":true,"s":"silu","none":null,"l":[1,2],"k":["a","b","a"]}"#)
        #expect(try settings.modelType() == "x")
        #expect(try settings.count("n") == 3)
        #expect(try settings.count("none", default: 7) == 7)
        #expect(try settings.number("f") == 1)
        #expect(try settings.positive("g", default: 0.5) == 0.5)
        #expect(try settings.flag("t"))
        #expect(try settings.text("s") == "silu")
        #expect(try settings.choice("s", among: ["silu": 1, "gelu": 2]) == 1)
        #expect(try settings.list("l", count: 2, of: "numbers", \.int) == [1, 2])
        #expect(try settings.list("m", of: "numbers", \.int) == nil)
        #expect(try settings.choices("k", among: ["a": 0, "b": 1], count: 3) == [0, 1, 0])
        #expect(settings.has("m", "n") && !settings.has("m", "none"))
        try settings.require("t", is: .bool(true), expected: "true")
        try settings.require("none", is: .bool(false), expected: "false")
    }

    @Test func `what is missing, of another kind or out of range is named with what was found`() throws {
        let settings = try read(#"{"n":3.0,"big":99,"f":"1","p":0,"t":1,"s":"relu","l":[1,"2"],"none":null}"#)
        refuse("'n' is 3.0, expected a whole number from 1 to 16777216") { try settings.count("n") }
        refuse("'big' is 99, expected a whole number from 1 to 8") { try settings.count("big", most: 8) }
        refuse("'none' is null, expected a number") { try settings.number("none") }
        refuse("'m' is missing, expected a text") { try settings.text("m") }
        refuse("'f' is \"1\", expected a number") { try settings.number("f") }
        refuse("'p' is 0, expected a positive number") { try settings.positive("p") }
        refuse("'t' is 1, expected true or false") { try settings.flag("t") }
        refuse("'s' is \"relu\", expected \"silu\"") { try settings.choice("s", among: ["silu": 1]) }
        refuse("'s' is \"relu\", expected \"silu\", \"gelu\" or \"x\"") {
            try settings.choice("s", among: ["silu": 1, "gelu": 2, "x": 3])
        }
        refuse("'l' is [1,\"2\"], expected a list of numbers") {
            try settings.list("l", of: "numbers", \.int) as [Int]?
        }
        refuse("'l' is [1,\"2\"], expected a list of 3 texts, each \"a\" or \"b\"") {
            try settings.choices("l", among: ["a": 0, "b": 1], count: 3)
        }
        refuse("'t' is 1, expected false: tiles are not supported") {
            try settings.require("t", is: .bool(false), expected: "false: tiles are not supported")
        }
    }

    @Test func `two names of one setting must agree`() throws {
        let settings = try read(#"{"n_embd":8,"hidden_size":9,"a":1,"b":1.0,"c":null}"#)
        refuse("'hidden_size' and 'n_embd': are 9 and 8, expected the same, since both mean one thing") {
            try settings.count("hidden_size", "n_embd")
        }
        #expect(try settings.number("a", "b", "c") == 1)
        #expect(try settings.number("c", "b") == 1)
    }

    @Test func `a model that reads pictures too gives its text part`() throws {
        let settings = try read(
            #"{"model_type":"gemma3","tie_word_embeddings":true,"text_config":{"model_type":"gemma3_text","n":0}}"#)
        #expect(settings.isTextPart)
        #expect(try settings.modelType() == "gemma3_text")
        #expect(try settings.flag("tie_word_embeddings"))
        refuse("'text_config.n' is 0, expected a whole number from 1 to 16777216") { try settings.count("n") }
        #expect(try !read(#"{"model_type":"x","text_config":null}"#).isTextPart)
    }

    @Test(arguments: [
        ("[1]", "expected an object of settings, found [1]"),
        (
            #"{"quantization_config":{"quant_method":"gptq"}}"#,
            "'quantization_config' is {\"quant_method\":\"gptq\"}, "
                + "expected none: give the unquantised weights, or a GGUF file"
        ),
        (
            #"{"quantization_config":{"bits":4},"text_config":{}}"#,
            "'quantization_config' is {\"bits\":4}, expected none: give the unquantised weights, or a GGUF file"
        ),
    ])
    func `what cannot be used at all is refused at once`(_ json: String, _ problem: String) {
        refuse(problem) { try read(json) }
    }
}

/// Expects one error, by its sentence after the file's name.
func refuse(_ problem: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any) {
    let error = #expect(throws: CheckpointError.self, sourceLocation: sourceLocation) { _ = try body() }
    #expect(error?.description == "config.json: " + problem, sourceLocation: sourceLocation)
}

/// Settings out of a `config.json` of this text.
func read(_ json: String) throws -> HuggingFaceSettings {
    try HuggingFaceSettings(JSON.parse(json), file: "config.json")
}
