import Checkpoints
import Foundation
import TestSupport
import Testing

/// Files that were cut short or that have a bit wrong: each opens or throws, at once and in little memory.
@Suite(.serialized) struct DamageTests {
    /// A format, by a fixture of it.
    struct Format: Sendable, CustomTestStringConvertible {
        let folder: String
        let name: String
        /// Where a wrong bit matters: the first bytes, or for zip archives all of them.
        let header: Int
        /// Of how many bytes one has a bit turned.
        var step = 1
        var isAdapter = false

        var testDescription: String { "\(folder)/\(name)" }

        func open(_ files: DamagedFiles) throws {
            if isAdapter { return _ = try Adapter(folder: files.folder) }
            let checkpoint = try Checkpoint(path: name.hasSuffix(".json") ? files.folder : files.path(name))
            if case .huggingFace(let json, let file) = checkpoint.settings {
                _ = try HuggingFaceSettings(json, file: file).rotary(headWidth: 8, maximumLength: 64)
            }
        }
    }

    private static let formats = [
        Format(folder: "hostile/deeper", name: "model.safetensors", header: 1300),
        Format(folder: "llamas/gguf", name: "model.gguf", header: 3600),
        Format(folder: "gguf", name: "split-00002-of-00003.gguf", header: 1000),
        Format(folder: "gguf", name: "types.gguf", header: 1100),
        Format(folder: "torch", name: "state.bin", header: .max, step: 3),
        Format(folder: "torch", name: "zip64.bin", header: .max, step: 5),
        Format(folder: "llamas/pair/adapter", name: "adapter_model.safetensors", header: 2500, isAdapter: true),
        Format(folder: "llamas/pair/adapter", name: "adapter_config.json", header: .max, isAdapter: true),
        Format(folder: "adapters/patterns-bin", name: "adapter_model.bin", header: .max, step: 29, isAdapter: true),
        Format(folder: "llamas/sharded-bf16", name: "model.safetensors.index.json", header: .max),
        Format(folder: "llamas/linear-rope-bf16", name: "config.json", header: .max),
        Format(folder: "torch/sharded", name: "pytorch_model.bin.index.json", header: .max),
    ]

    @Test(arguments: formats) func `a file cut short at any 64th is an error`(_ format: Format) throws {
        let files = try files(format)
        let good = try Fixtures.bytes(files.path(format.name))
        for part in 0..<64 {
            try files.write(format.name, Array(good.prefix(good.count * part / 64)))
            #expect(throws: CheckpointError.self, "\(part)/64") { try format.open(files) }
        }
    }

    @Test(arguments: formats) func `a wrong bit is an error, or another good file`(_ format: Format) throws {
        let files = try files(format)
        let good = try Fixtures.bytes(files.path(format.name))
        try format.open(files)
        let before = Self.peakMemory()
        var slowest = Duration.zero
        var refused = 0
        for place in stride(from: 0, to: min(format.header, good.count), by: format.step) {
            for bit in [0, 7] {
                var bytes = good
                bytes[place] ^= 1 << UInt8(bit)
                try files.write(format.name, bytes)
                let start = ContinuousClock.now
                do { try format.open(files) } catch is CheckpointError { refused += 1 }
                slowest = max(slowest, ContinuousClock.now - start)
            }
        }
        #expect(refused > 100, "\(refused) refused")
        #expect(slowest < .seconds(2))
        #expect(Self.peakMemory() - before < 200 << 20)
    }

    private func files(_ format: Format) throws -> DamagedFiles {
        let files = try DamagedFiles(copying: format.folder, besides: ["sharded"])
        if !format.isAdapter, format.folder == "torch" { try files.write("config.json", Array("{}".utf8)) }
        return files
    }

    /// The most memory that the process has held, in bytes.
    private static func peakMemory() -> Int {
        var usage = rusage()
        #if os(Linux)
            getrusage(.init(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        return usage.ru_maxrss << 10
    }
}
