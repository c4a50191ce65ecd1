import Notebooks
import Values

/// `{numbers}`: produces a table of numbers, their sum and the seed.
struct NumbersCommand: Command {
    static let name = "numbers"
    static let summary = "Counts from 1."
    static let limit = Option.int("limit", in: 1...1000, default: 3, help: "how far to count")
    static let scale = Option.number("scale", in: 0.0...1.0, default: 1, help: "what each number is multiplied by")
    static let order = Option.choice("order", ["up", "down"], default: "up", help: "which way to count")
    static let marks = Option.choices("marks", ["odd", "even"], default: ["odd"], help: "which numbers are marked")
    static let colour = Option.string(
        "colour", effect: .presentational, help: "what colour they are shown in"
    ).optional
    static let layers = Option.integers("layers", help: "which layers")
    static let quick = Option.bool("quick", default: false, help: "whether to hurry")
    static var options: [OptionDeclaration] {
        limit
        scale
        order
        marks
        colour
        layers
        quick
    }

    let limit: Int
    let scale: Double

    init(_ arguments: Arguments) throws(ArgumentError) {
        limit = try arguments.value(Self.limit)
        scale = try arguments.value(Self.scale)
        _ = try arguments.value(Self.order)
        _ = try arguments.value(Self.marks)
        _ = try arguments.value(Self.layers)
        _ = try arguments.value(Self.quick)
    }

    var outputs: Outputs {
        Outputs(values: ["sum", "mean.all", "nothing"], tables: ["rows": ["number", "value"]])
    }

    func run(_ bindings: Bindings) throws -> Outcome {
        var outcome = Outcome()
        var rows = Table(columns: ["number", "value"])
        for number in 1...limit {
            rows.append([.int(number), .number(Double(number) * scale)])
            bindings.progress(Progress(unit: "numbers", done: number, total: limit))
        }
        outcome.set("sum", .int(limit * (limit + 1) / 2))
        outcome.set("mean.all", .number(Double(limit + 1) / 2 * scale))
        outcome.set("nothing", .null)
        outcome.add("rows", rows)
        outcome.checks = [Check(name: "The sum is right", found: 0, tolerance: 1e-9, unit: "numbers")]
        return outcome
    }
}

/// `{double}`: twice the sum of a `{numbers}` block, and the sum of a column of any table.
struct DoubleCommand: Command {
    static let name = "double"
    static let summary = "Doubles a sum."
    static let of = Option.block("of", of: ["numbers"], help: "whose sum to double")
    static let beside = Option.block("beside", of: ["double"], default: .nearest, help: "another double")
    static let data = Option.table("data", help: "a table to count").optional
    static var options: [OptionDeclaration] {
        of
        beside
        data
    }

    let of: String
    let data: TableReference?

    init(_ arguments: Arguments) throws(ArgumentError) {
        of = try arguments.value(Self.of)
        data = try arguments.value(Self.data)
        _ = try arguments.value(Self.beside)
    }

    var outputs: Outputs { Outputs(values: ["sum", "rows"]) }

    func run(_ bindings: Bindings) throws -> Outcome {
        var outcome = Outcome()
        outcome.set("sum", .int(2 * Int(bindings.result(of).outcome.value("sum")?.number ?? 0)))
        outcome.set("rows", .int(data.map { bindings.table($0).rows.count } ?? 0))
        return outcome
    }
}

/// `{read}`: a file, digested by the text of its path, so that tests need no file.
struct ReadCommand: Command {
    static let name = "read"
    static let summary = "Reads a file."
    static let path = Option.path("path", help: "the file")
    static let source = Option.yaml("source", type: "a path or a mapping", help: "a structured value").optional
    static var options: [OptionDeclaration] {
        path
        source
    }

    let path: String

    init(_ arguments: Arguments) throws(ArgumentError) {
        path = try arguments.value(Self.path)
        _ = try arguments.value(Self.source)
    }

    var outputs: Outputs { Outputs(values: ["length"]) }

    func inputs(_ reader: InputReader) throws -> [Input] {
        [Input(name: "file", digest: "of \(path.count) letters")]
    }

    func run(_ bindings: Bindings) throws -> Outcome {
        _ = try bindings.project.resolve(path)
        var outcome = Outcome()
        outcome.set("length", .int(path.count))
        return outcome
    }
}

/// `{break}`: fails in the way that its option names.
struct BreakCommand: Command {
    static let name = "break"
    static let summary = "Fails."
    static let how = Option.choice("how", ["throw", "option", "outputs"], help: "in which way")
    static var options: [OptionDeclaration] {
        how
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let how: String

    init(_ arguments: Arguments) throws(ArgumentError) { how = try arguments.value(Self.how) }

    var outputs: Outputs { Outputs(values: ["sum"], tables: ["rows": ["a"]]) }

    func run(_ bindings: Bindings) throws -> Outcome {
        switch how {
        case "throw": throw Failure(description: "the file 'x.bin' ends after 12 bytes")
        case "option": throw ArgumentError(option: "how", "option 'how' asks for layer 40 of 12")
        default:
            var outcome = Outcome()
            outcome.set("total", .int(1))
            outcome.add("rows", Table(columns: ["b"]))
            return outcome
        }
    }
}

extension Catalogue {
    /// The sample commands, for tests of the notebook engine.
    public static let samples = Catalogue([
        NumbersCommand.self, DoubleCommand.self, ReadCommand.self, BreakCommand.self,
    ])
}
