import Checkpoints
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// Every family, from every format that it comes in, against transformers in f32.
@Suite struct FamilyTests {
    @Test(arguments: FamilyFixture.names, ["base", "tuned"])
    func `logits agree with transformers`(_ name: String, _ source: String) throws {
        let fixture = try FamilyFixture(name)
        try expectLogits(of: Decoder(Checkpoint(path: fixture.path(source))), source, fixture)
    }

    @Test(arguments: FamilyFixture.names)
    func `parameters are counted as transformers counts them`(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        let model = try Decoder(Checkpoint(path: fixture.path("base")))
        #expect(model.parameterCount == fixture.expected["parameters"]?.int)
    }

    @Test(arguments: FamilyFixture.names)
    func `other spellings of the settings mean the same model`(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        for file in fixture.files(in: "settings") {
            let source = file.hasPrefix("tuned") ? "tuned" : "base"
            let files = try DamagedFiles(copying: "families/\(name)/\(source)")
            try files.write("config.json", Fixtures.bytes(fixture.path("settings/\(file)")))
            try expectLogits(of: Decoder(Checkpoint(path: files.folder)), source, fixture, file)
        }
    }

    @Test(arguments: FamilyFixture.names)
    func `other layouts hold the same model`(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        for folder in ["multimodal", "torch", "torch-sharded"] where !fixture.files(in: folder).isEmpty {
            try expectLogits(of: Decoder(Checkpoint(path: fixture.path(folder))), "base", fixture, folder)
        }
    }

    /// A GGUF file cannot hold every setting, so each has logits of its own.
    @Test(arguments: FamilyFixture.folders(beginning: "gguf"))
    func `logits agree with transformers from a GGUF file`(_ folder: String) throws {
        let path = Fixtures.path("families/\(folder)/")
        let document = try JSON.parse(Fixtures.bytes(path + "logits.json"))
        let tokens = document["tokens"]?.array?.compactMap(\.int) ?? []
        let expected = try FamilyFixture.floats(document["logits"])
        let file = try #require(FamilyFixture.files(in: path).first { $0.hasSuffix(".gguf") })
        let found = try Decoder(Checkpoint(path: path + file)).logits(
            of: tokens, workspace: Workspace(Workers(count: 2)))
        try #require(found.count == expected.count)
        let largest = expected.map(abs).max() ?? 0
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 2e-5 * largest, "largest difference \(difference) of \(largest)")
    }

    @Test(arguments: FamilyFixture.folders(beginning: "adapter"))
    func `logits with an adapter agree with PEFT`(_ folder: String) throws {
        let path = Fixtures.path("families/\(folder)")
        let base = Fixtures.path("families/\(folder.prefix { $0 != "/" })/base")
        let document = try JSON.parse(Fixtures.bytes(path + "/logits.json"))
        let tokens = document["tokens"]?.array?.compactMap(\.int) ?? []
        let expected = try FamilyFixture.floats(document["logits"])
        let found = try Decoder(Checkpoint(path: base), adapter: Adapter(folder: path)).logits(
            of: tokens, workspace: Workspace(Workers(count: 2)))
        try #require(found.count == expected.count)
        let largest = expected.map(abs).max() ?? 0
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 2e-5 * largest, "largest difference \(difference) of \(largest)")
    }

    private func expectLogits(
        of model: Decoder, _ source: String, _ fixture: FamilyFixture, _ form: String = ""
    ) throws {
        for response in ["chosen", "rejected"] {
            let expected = try fixture.floats("logits", source, response)
            let found = model.logits(
                of: fixture.tokens("prompt") + fixture.tokens(response), workspace: Workspace(Workers(count: 2)))
            try #require(found.count == expected.count)
            let largest = expected.map(abs).max() ?? 0
            let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 2e-5 * largest, "\(form) \(response): largest difference \(difference) of \(largest)")
        }
    }
}
