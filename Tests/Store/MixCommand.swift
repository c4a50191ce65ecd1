import Digests
import Foundation
import Notebooks
import Values

/// `{mix}`: produces a digest of everything it can read, so that whatever should change its result does.
struct MixCommand: Command {
    static let name = "mix"
    static let summary = "Mixes all that it reads."
    static let a = Option.int("a", in: 0..., default: 0, help: "a number that enters the result")
    static let mute = Option.int("mute", in: 0..., default: 0, help: "a number that enters the key, but not the result")
    static let colour = Option.string("colour", effect: .presentational, help: "how it is shown").optional
    static let left = Option.table("left", help: "a table to mix in").optional
    static let right = Option.table("right", help: "another").optional
    static let file = Option.path("file", help: "a file to mix in").optional
    static let parameter = Option.string("parameter", help: "a parameter to mix in, by name").optional
    static let parts = Option.int("parts", in: 0..., default: 0, help: "how many parts it is made of")
    static let stopAfter = Option.int(
        "stop_after", in: 0..., default: 0, effect: .presentational, help: "after how many parts it fails")
    static var options: [OptionDeclaration] {
        a
        mute
        colour
        left
        right
        file
        parameter
        parts
        stopAfter
    }

    let a: Int
    let sources: [TableReference]
    let file: String?
    let parametersRead: [String]
    let parts: Int
    let stopAfter: Int

    init(_ arguments: Arguments) throws(ArgumentError) {
        a = try arguments.value(Self.a)
        _ = try arguments.value(Self.mute)
        sources = [try arguments.value(Self.left), try arguments.value(Self.right)].compactMap(\.self)
        file = try arguments.value(Self.file)
        parametersRead = try arguments.value(Self.parameter).map { [$0] } ?? []
        parts = try arguments.value(Self.parts)
        stopAfter = try arguments.value(Self.stopAfter)
    }

    var outputs: Outputs { Outputs(values: ["sum"], tables: ["out": ["sum"]]) }

    func inputs(_ reader: InputReader) throws -> [Input] {
        try file.map {
            [Input(name: "mixed file", digest: try reader.digest(ofFiles: [try reader.project.resolve($0)]))]
        } ?? []
    }

    struct Stopped: Error, CustomStringConvertible {
        let description = "stopped half-way"
    }

    func run(_ bindings: Bindings) throws -> Outcome {
        var text = "\(a) \(bindings.seed)"
        for source in sources { text += " \(bindings.table(source).rows)" }
        for name in parametersRead { text += " \(String(describing: bindings.value("params.\(name)")))" }
        if let file {
            text += String(
                decoding: FileManager.default.contents(atPath: try bindings.project.resolve(file)) ?? Data(),
                as: UTF8.self)
        }
        let own = text
        for part in 0..<parts {
            let name = "part \(part)"
            if let kept = try bindings.unit(name, read: { $0 }) {
                text += " \(kept)"
            } else {
                if stopAfter > 0, part >= stopAfter { throw Stopped() }
                let bytes = SHA256.digest(of: "\(own) \(part)").bytes
                try bindings.keep(name, bytes)
                text += " \(bytes)"
            }
        }
        var outcome = Outcome()
        let sum = Scalar.string(SHA256.digest(of: text).hex)
        outcome.set("sum", sum)
        outcome.add("out", Table(columns: ["sum"], rows: [[sum]]))
        return outcome
    }
}
