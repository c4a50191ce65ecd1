import Checkpoints
import Digests
import Foundation
import Interventions
import Notebooks
import Numerics
import Tokenizers
import Transformers
import Values

/// What a model is, as the engine reads it, and what can be done with a pair of them: for `patchbook inspect`.
public struct ModelFacts {
    /// A name and its value, in the order they are shown.
    public typealias Fact = (name: String, value: String)

    private let checkpoint: Checkpoint
    private let model: Decoder
    private let tokenizer: Tokenizer
    private let texts: ModelTexts
    private let files: [Fact]
    /// What the reader must know of the adapter.
    private let note: String?

    /// Opens a model.
    /// - Parameters:
    ///   - model: a path relative to the current folder, or `hf:organisation/name`.
    ///   - adapter: a folder with a LoRA adapter; nil for none.
    ///   - revision: of an `hf:` model.
    /// - Throws: an error that names the file and what was expected.
    public init(of model: String, adapter: String? = nil, revision: String? = nil) throws {
        let path =
            model.hasPrefix("hf:")
            ? try HubCache.snapshot(of: String(model.dropFirst(3)), revision: revision) : model
        let weights = try CheckpointFiles(path: path).weights()
        checkpoint = try Checkpoint(path: path)
        let factors = try adapter.map(Adapter.init)
        self.model = try Decoder(checkpoint, adapter: factors)
        note = factors.flatMap { [model = self.model] in LoadedModels.gaps(of: $0, in: model) }
        let sources = ModelSource.Files(model: path, adapter: adapter)
        tokenizer = try LoadedModels.tokenizer(of: checkpoint, sources)
        texts = try ModelTexts(sources, tokenizer: tokenizer)
        let reader = InputReader(project: Project(notebookFolder: "."))
        files =
            [("weights", "SHA-256 \(try reader.digest(ofFiles: weights))")]
            + (try adapter.map { [("adapter", "SHA-256 \(try reader.digest(ofFiles: Adapter.files(in: $0)))")] } ?? [])
    }

    /// Family, sizes, types, tokenizer and digests.
    public var facts: [Fact] {
        let shape = model.shape
        var facts: [Fact] = [
            ("family", model.family), ("layers", "\(shape.layers)"), ("width", "\(shape.width)"),
        ]
        facts += model.blocks.first.map { $0.facts(of: model.blocks) } ?? []
        facts += [
            ("vocabulary", "\(shape.vocabulary)" + (model.isTied ? ", one table in and out" : "")),
            ("longest text", "\(shape.maximumLength) tokens"), ("parameters", parameters),
            (
                "tensors",
                checkpoint.tensors.elementTypes.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            ), ("tokenizer", "\(tokenizer.vocabularySize) tokens, SHA-256 \(tokenizer.digest)"),
            ("chat template", texts.template == nil ? "none" : "yes"),
            ("ends a turn", texts.ends.isEmpty ? "no token is named" : endings.joined(separator: ", ")),
        ]
        return facts + files + (note.map { [("adapter", "it \($0)")] } ?? [])
    }

    /// How many numbers the model's weights hold, and with its adapter.
    private var parameters: String {
        let plain = try? Decoder(checkpoint).parameterCount
        let all = "\(model.parameterCount)"
        return plain.map { $0 == model.parameterCount ? all : "\($0), with the adapter \(all)" } ?? all
    }

    /// The tokens that end a sequence, each once: `'<|im_end|>' (2)`.
    private var endings: [String] {
        var ids: [Int] = []
        for id in texts.ends where !ids.contains(id) { ids.append(id) }
        return ids.map { "'\(tokenizer.decode([$0]))' (\($0))" }
    }

    /// Whether two models can be patched into each other, where they differ, and what a sweep costs here.
    /// - Parameter tokens: how long the prompt and each response of a pair are.
    public static func comparison(_ base: ModelFacts, _ tuned: ModelFacts, tokens: Int, threads: Int) -> [Fact] {
        let models: ModelPair
        do {
            models = try ModelPair(base: base.model, tuned: tuned.model)
            try ModelMismatch.check(base.tokenizer, tuned.tokenizer)
        } catch {
            return [("patching", "\(error)")]
        }
        let workers = Workers(count: threads)
        let changes = models.changes(workers: workers)
        var outside = changes.filter { $0.layer == nil }.map(\.name)
        if outside.isEmpty, !models.hasSameEnds { outside = ["settings outside the layers"] }
        let places =
            models.changedLayers.isEmpty && outside.isEmpty
            ? "nothing differs"
            : (["layers " + LayerRanges.text(models.changedLayers)].filter { _ in !models.changedLayers.isEmpty }
                + outside)
                .joined(separator: ", ")
        let facts: [Fact] = [
            ("patching", "the models can be patched into each other"),
            ("differences", places + (changes.isEmpty ? "" : " (\(changes.count) modules)")),
        ]
        return facts + cost(models, tokens: tokens, workers: workers)
    }

    /// What one pair costs in a sweep over all layers and both directions, forecast from the speed of this machine's products.
    private static func cost(_ models: ModelPair, tokens: Int, workers: Workers) -> [Fact] {
        let length = min(tokens, max(models.base.shape.maximumLength / 2, 1))
        func pair(_ number: Int) -> PackedPair {
            func text(_ first: Int) -> [Int] { (0..<length).map { (first + $0) % models.base.shape.vocabulary } }
            return PackedPair(id: number, cluster: number, prompt: text(0), chosen: text(1), rejected: text(2))
        }
        let sweep = PatchSweep(layers: Array(0..<models.layers))
        let routes =
            Source.allCases.map { Route(clean: $0, layers: models.layers) } + sweep.routes(layers: models.layers)
        let walk = Walk(models, threads: workers.count)
        guard let size = try? walk.size(of: routes, over: [pair(0), pair(1)]) else { return [] }
        let operations = Double(size.operations.total) / 2
        let speed = MachineForecast.speed(threads: workers.count)
        let seconds = MachineForecast.seconds(operations: Int(operations), speed: speed)
        return [
            ("a sweep", "all layers, both directions, a pair of three texts of \(length) tokens:"),
            ("operations", Scalar.number(operations / 1e12).text + " TFLOP"),
            (
                "time here",
                (seconds < 0.1 ? "under 0.1 s" : "about \(MachineForecast.rough(seconds)) s")
                    + " per pair, \(workers.count == 1 ? "1 thread" : "\(workers.count) threads") at \(MachineForecast.rough(speed / 1e9)) GFLOP/s"
            ),
            ("memory here", "about \(max(size.bytes >> 20, 1)) MiB of activations, and one layer of weights"),
        ]
    }
}

extension Block {
    /// What the blocks of a model have: the first, and where others differ from it.
    fileprivate func facts(of blocks: [Block]) -> [ModelFacts.Fact] {
        func some(_ has: (Block) -> Bool) -> String {
            let layers = blocks.indices.filter { has(blocks[$0]) }
            return layers.count == blocks.count ? "every layer" : "\(layers.count) of \(blocks.count) layers"
        }
        let shared =
            attention.heads == attention.keyValueHeads ? "" : " over \(attention.keyValueHeads) key/value heads"
        var facts: [ModelFacts.Fact] = [
            ("heads", "\(attention.heads)\(shared) of width \(attention.headWidth)"),
            (
                "feed-forward",
                "\(shape(of: .feedForwardActivation)?.width ?? 0), \(feedForward.activation)"
                    + (feedForward.gate == nil ? "" : " gate")
            ),
        ]
        let windows = Set(blocks.compactMap(\.attention.window)).sorted()
        if !windows.isEmpty {
            let sizes = windows.map(String.init).joined(separator: " or ")
            facts.append(("window", "\(sizes) tokens in " + some { $0.attention.window != nil }))
        }
        if wiring == .parallel { facts.append(("wiring", "attention and feed-forward side by side")) }
        return facts
    }
}
