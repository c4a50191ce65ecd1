import Checkpoints
import Numerics
import Random
import TestSupport
import Testing
import Transformers

/// Files damaged at random: each either loads and runs or throws, and none takes the process down.
@Suite struct DamageTests {
    /// - Parameter headerBytes: where damage matters most, so that is where most of it goes.
    @Test(arguments: [
        ("hostile/deeper", "model.safetensors", 1300), ("hostile/deeper", "config.json", 712),
        ("llamas/gguf", "model.gguf", 3600), ("llamas/pair/adapter", "adapter_model.safetensors", 2500),
        ("llamas/pair/adapter", "adapter_config.json", 280),
    ])
    func `2,000 damaged copies either load or throw`(_ fixture: String, _ name: String, _ headerBytes: Int) throws {
        let files = try DamagedFiles(copying: fixture)
        let good = try Fixtures.bytes(files.path(name))
        let base = try Checkpoint(path: Fixtures.path("llamas/pair/base"))
        let workspace = Workspace(Workers(count: 1))
        var generator = SeededGenerator(seed: 11, stream: UInt64(good.count))
        var (loaded, refused) = (0, 0)
        for _ in 0..<2000 {
            try files.write(name, Self.damaged(good, headerBytes, &generator))
            do {
                let model =
                    switch fixture {
                    case "llamas/pair/adapter": try Decoder(base, adapter: Adapter(folder: files.folder))
                    case "llamas/gguf": try Decoder(Checkpoint(path: files.path(name)))
                    default: try Decoder(Checkpoint(path: files.folder))
                    }
                let last = min(model.shape.vocabulary, 80) - 1
                _ = model.logits(of: [0, last, last / 2], workspace: workspace)
                _ = model.firstNonFiniteWeight()
                loaded += 1
            } catch {
                refused += 1
            }
        }
        #expect(loaded > 20 && refused > 200, "\(loaded) loaded, \(refused) refused")
    }

    /// One to three changes: a byte at random, a bit, or a number's worth of extreme bytes; now and then a cut.
    private static func damaged(_ good: [UInt8], _ headerBytes: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let most = Int.random(in: 0..<4, using: &generator) == 0 ? bytes.count : min(headerBytes, bytes.count)
            let place = Int.random(in: 0..<most, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes.removeSubrange(place...)
            case 1: bytes.remove(at: place)
            case 2:
                let extreme: UInt8 = Bool.random(using: &generator) ? 0xFF : 0
                for index in place..<min(place + 8, bytes.count) { bytes[index] = extreme }
            case 3, 4: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }
}
