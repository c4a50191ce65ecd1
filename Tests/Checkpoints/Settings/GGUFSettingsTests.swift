import Checkpoints
import TestSupport
import Testing

@Suite struct GGUFSettingsTests {
    @Test func `settings are read under the architecture's name, with defaults`() throws {
        let settings = try settings([
            ("n", .int(3)), ("per", .ints([1, 2])), ("f", .float(1.5)), ("b", .bool(true)), ("s", .text("t")),
        ])
        #expect(settings.architecture == "x")
        #expect(try settings.count("n") == 3)
        #expect(try settings.count("m", default: 4) == 4)
        #expect(try settings.counts("n", layers: 2) == [3, 3])
        #expect(try settings.counts("per", layers: 2) == [1, 2])
        #expect(try settings.counts("m", layers: 2, default: 5) == [5, 5])
        #expect(try settings.number("f") == 1.5)
        #expect(try settings.flag("b"))
        #expect(try settings.text("s") == "t")
        #expect(settings.has("n") && !settings.has("m"))
        refuse("metadata 'x.m' is missing, expected a whole number from 1 to 16777216") { try settings.count("m") }
        refuse("metadata 'x.s' is \"t\", expected a whole number from 1 to 16777216") { try settings.count("s") }
        refuse("metadata 'x.per' is a list of 2 values, expected a whole number from 1 to 16777216, or 3 of them") {
            try settings.counts("per", layers: 3)
        }
        refuse("metadata 'x.f' is 1.5, expected true or false") { try settings.flag("f") }
        refuse("metadata 'x.s' is \"t\", expected a finite number") { try settings.number("s") }
        refuse("metadata 'x.b' is true, expected a positive number") { try settings.positive("b") }
    }

    @Test func `a file that does not name its architecture is refused`() {
        refuse("metadata 'general.architecture' is missing; expected a text") { try settings([], architecture: nil) }
    }

    @Test(arguments: [
        ([("rope.scaling.factor", Value.float(4))], RotarySettings.Scaling.linear(factor: 4)),
        ([("rope.scale_linear", .float(4))], .linear(factor: 4)),
        ([("rope.scale_linear", .float(4)), ("rope.scaling.factor", .float(4))], .linear(factor: 4)),
        ([("rope.scaling.factor", .float(0))], .none), ([("rope.scaling.factor", .float(1))], .none),
        ([("rope.scaling.factor", .float(4)), ("rope.scaling.type", .text("none"))], .none), ([], .none),
    ])
    func `scaling is read as llama.cpp reads it`(_ values: [(String, Value)], _ scaling: RotarySettings.Scaling) throws
    {
        #expect(try settings(values).rotary(headWidth: 8, maximumLength: 64).scaling == scaling)
    }

    @Test func `base, width and YaRN`() throws {
        let found = try settings([
            ("rope.freq_base", .float(500)), ("rope.dimension_count", .int(4)), ("rope.scaling.type", .text("yarn")),
            ("rope.scaling.factor", .float(4)), ("rope.scaling.original_context_length", .int(16)),
        ]).rotary(headWidth: 8, maximumLength: 64)
        #expect(found.theta == 500 && found.width == 4)
        guard case .yarn(let yarn) = found.scaling else {
            Issue.record("expected YaRN, found \(found.scaling)")
            return
        }
        #expect(abs(yarn.attentionFactor - 1.138_629_436_111_989) < 1e-14)
        #expect(yarn.originalLength == 16 && yarn.factor == 4 && yarn.isTruncated)
    }

    @Test func `divisors that are tensors count, and exclude other scaling`() throws {
        let freqs = try settings([], tensors: ["rope_freqs.weight": [1, 2]])
        #expect(try freqs.rotary(headWidth: 4, maximumLength: 64).scaling == .divisors([1, 2]))
        let long = try settings(
            [("rope.scaling.attn_factor", .float(1.25)), ("rope.scaling.original_context_length", .int(16))],
            tensors: ["rope_factors_short.weight": [1, 2], "rope_factors_long.weight": [3, 4]])
        guard case .longrope(let found) = try long.rotary(headWidth: 4, maximumLength: 64).scaling else {
            Issue.record("expected LongRoPE")
            return
        }
        #expect(found.short == [1, 2] && found.long == [3, 4])
        #expect(found.attentionFactor == 1.25 && found.originalLength == 16)
        refuse("tensor 'rope_freqs.weight' holds a divisor that is not positive") {
            try settings([], tensors: ["rope_freqs.weight": [1, 0]]).rotary(headWidth: 4, maximumLength: 64)
        }
        refuse(
            "tensor 'rope_freqs.weight' and metadata 'x.rope.scaling.factor': both scale RoPE, expected one of them"
        ) {
            try settings([("rope.scaling.factor", .float(2))], tensors: ["rope_freqs.weight": [1, 2]])
                .rotary(headWidth: 4, maximumLength: 64)
        }
    }

    @Test(arguments: [
        (
            [("rope.scale_linear", Value.float(4)), ("rope.scaling.factor", .float(2))],
            "metadata 'x.rope.scaling.factor' and 'x.rope.scale_linear': are 2.0 and 4.0, "
                + "expected the same, since both mean one thing"
        ),
        (
            [("rope.scaling.type", .text("ntk"))],
            "metadata 'x.rope.scaling.type' is \"ntk\", expected \"none\", \"linear\", \"yarn\" or \"longrope\""
        ),
        (
            [("rope.scaling.type", .text("longrope"))],
            "metadata 'x.rope.scaling.type' is \"longrope\", expected tensors 'rope_factors_short.weight' with it"
        ),
        (
            [("rope.dimension_count", .int(9))],
            "metadata 'x.rope.dimension_count' is 9, expected an even number up to the heads' width, 8"
        ),
        (
            [("rope.scaling.factor", .float(-1))],
            "metadata 'x.rope.scaling.factor' is -1.0, expected a positive number, or 0 for none"
        ),
        ([("rope.freq_base", .float(.nan))], "metadata 'x.rope.freq_base' is nan, expected a positive number"),
        (
            [("rope.scaling.type", .text("yarn")), ("rope.scaling.yarn_ext_factor", .float(0))],
            "metadata 'x.rope.scaling.yarn_ext_factor' is 0.0, expected 1.0"
        ),
    ])
    func `a contradiction or an unknown kind is refused by name`(_ values: [(String, Value)], _ problem: String) {
        refuse(problem) { try settings(values).rotary(headWidth: 8, maximumLength: 64) }
    }

    enum Value {
        case int(UInt32), float(Float), bool(Bool), text(String), ints([UInt32])
    }

    private func settings(
        _ values: [(String, Value)], architecture: String? = "x", tensors: KeyValuePairs<String, [Float]> = [:]
    ) throws -> GGUFSettings {
        var file = GGUFBytes(
            tensors: UInt64(tensors.count), metadata: UInt64(values.count + (architecture == nil ? 0 : 1)))
        if let architecture {
            file.key("general.architecture", type: 8)
            file.add(architecture)
        }
        for (key, value) in values {
            switch value {
            case .int(let value):
                file.key("x." + key, type: 4)
                file.add(value)
            case .float(let value):
                file.key("x." + key, type: 6)
                file.add(value.bitPattern)
            case .bool(let value):
                file.key("x." + key, type: 7)
                file.add(UInt8(value ? 1 : 0))
            case .text(let value):
                file.key("x." + key, type: 8)
                file.add(value)
            case .ints(let values):
                file.key("x." + key, type: 9)
                file.add(UInt32(4))
                file.add(UInt64(values.count))
                for value in values { file.add(value) }
            }
        }
        for (index, tensor) in tensors.enumerated() {
            file.tensor(tensor.key, [UInt64(tensor.value.count)], type: 0, offset: UInt64(index * 32))
        }
        for tensor in tensors {
            file.data(0)
            for value in tensor.value { file.add(value.bitPattern) }
        }
        let files = try DamagedFiles()
        try files.write("model.gguf", file.bytes)
        return try GGUFSettings(GGUF(path: files.path("model.gguf")))
    }

    /// Expects one error, by its sentence after the file's name.
    private func refuse(
        _ problem: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
    ) {
        let error = #expect(throws: CheckpointError.self, sourceLocation: sourceLocation) { _ = try body() }
        #expect(error?.description.hasSuffix("model.gguf: " + problem) == true, sourceLocation: sourceLocation)
    }
}
