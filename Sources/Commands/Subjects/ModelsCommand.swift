import Checkpoints
import Interventions
import Notebooks
import Numerics
import Tokenizers
import Transformers
import Values

/// `{models}`: a base model and the model tuned from it.
public struct ModelsCommand: Command {
    /// The name in the fence.
    public static let name = "models"
    /// One line of help.
    public static let summary = "Opens a base model and the model tuned from it, and lists what tuning changed."
    /// What a page shows of it.
    public static let display = Display.facts

    static let base = source("base", help: "the model before tuning")
    static let tuned = source("tuned", help: "the model after tuning; usually the base's path with an adapter")
    static let dtype = Option<String>.choice(
        "dtype", ["f32"], default: "f32", help: "the element type of the arithmetic; weights stay as they are on disk")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        base
        tuned
        dtype
    }

    private static func source(_ name: String, help: String) -> Option<ModelSource> {
        Option(
            name, type: "a path, 'hf:organisation/name', or a mapping {path, adapter, revision}", help: help,
            normal: \.normal, read: { (value) throws(OptionMismatch) in try ModelSource(value) }
        ).looking { source, written, project in
            source.problems(in: project).map { problem in
                ArgumentError(option: name, problem.missing, at: written[problem.key]?.location)
            }
        }
    }

    private let base: ModelSource
    private let tuned: ModelSource

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        base = try arguments.value(Self.base)
        tuned = try arguments.value(Self.tuned)
        _ = try arguments.value(Self.dtype)
        for (option, source) in [("base", base), ("tuned", tuned)] {
            for (key, path) in source.paths {
                do { _ = try arguments.project.resolve(path) } catch {
                    throw ArgumentError(
                        option: option, "\(error)", at: arguments.location(of: option, key: key),
                        code: error.target == nil ? .badOption : .outsideProject, help: error.help)
                }
            }
        }
    }

    /// The folders and files of both models.
    public var paths: [String] { (base.paths + tuned.paths).map(\.path) }

    /// Whether this block's tuned model is the base of another.
    func leads(to other: ModelsCommand) -> Bool { tuned == other.base }

    /// How many layers the base says that it has; nil where only its weights tell.
    func layers(in project: Project) -> Int? {
        (try? base.files(in: project)).flatMap { CheckpointFiles.declaredLayers(of: $0.model) }
    }

    private static let values = OutputValues<(models: ModelPair, changes: [ParameterChange])> {
        Output("layers", "layers (blocks) per model") { $0.models.layers }
        Output("width", "width of the residual stream") { $0.models.base.shape.width }
        Output("heads", "attention heads per layer") { $0.models.base.shape.heads }
        Output("vocabulary", "tokens in the vocabulary") { $0.models.base.shape.vocabulary }
        Output("parameters", "parameters of the base") { $0.models.base.parameterCount }
        Output("changed.layers", "layers that tuning changed") { $0.models.changedLayers.count }
        Output("changed.tensors", "weight tensors that tuning changed") { $0.changes.count }
    }

    /// Every norm and linear module that tuning changed.
    private static let changed = OutputTable<ParameterChange>("changed") {
        Output("layer", "the tensor's layer; none for the embedding, the last norm and the head") { $0.layer }
        Output("tensor", "the tensor's name") { $0.name }
        Output("delta_norm", "‖ΔW‖, the Frobenius norm of tuned minus base") { $0.norms?.difference }
        Output("relative", "‖ΔW‖ as a share of the base's own norm") { $0.norms.map { $0.difference / $0.base } }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        changed
    }

    /// Later blocks ask for the models themselves.
    public static var isHandle: Bool { true }

    /// The files that the result depends on, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        var inputs: [Input] = []
        for (role, source) in [("base", base), ("tuned", tuned)] {
            let files = try source.files(in: reader.project)
            if role == "base" || source.path != base.path || source.revision != base.revision {
                let checkpoint = try CheckpointFiles(path: files.model)
                inputs.append(Input(name: "\(role) weights", digest: try reader.digest(ofFiles: checkpoint.weights())))
                // A GGUF file holds its tokenizer.
                if let folder = checkpoint.tokenizerFolder {
                    let tokenizer = Tokenizer.files(in: folder)
                    inputs.append(Input(name: "\(role) tokenizer", digest: try reader.digest(ofFiles: tokenizer)))
                }
                let texts = ModelTexts.files(of: files.model)
                if !texts.isEmpty {
                    inputs.append(Input(name: "\(role) texts", digest: try reader.digest(ofFiles: texts)))
                }
            }
            if let adapter = files.adapter {
                inputs.append(
                    Input(
                        name: "\(role) adapter",
                        digest: try reader.digest(ofFiles: Adapter.files(in: adapter) + ModelTexts.files(of: adapter))))
            }
            if let folder = files.tokenizer {
                inputs.append(
                    Input(
                        name: "\(role) adapter's tokenizer",
                        digest: try reader.digest(ofFiles: Tokenizer.files(in: folder))))
            }
        }
        return inputs
    }

    /// Maps both models.
    func load(in project: Project) throws -> LoadedModels {
        try LoadedModels(base: base.files(in: project), tuned: tuned.files(in: project))
    }

    /// What the models' files say about texts.
    func texts(in project: Project, tokenizer: Tokenizer) throws -> PairTexts {
        PairTexts(
            base: try ModelTexts(base.files(in: project), tokenizer: tokenizer),
            tuned: try ModelTexts(tuned.files(in: project), tokenizer: tokenizer))
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let loaded = try load(in: bindings.project)
        let models = try ModelPair(base: loaded.base, tuned: loaded.tuned)
        let changes = models.changes(workers: Workers(count: bindings.resources.threads))
        var outcome = Outcome()
        outcome.set(Self.values, of: (models, changes))
        outcome.add(Self.changed, changes)
        outcome.notes = loaded.notes
        if models.areEqual {
            outcome.notes.append("Both models compute the same: nothing was tuned, and every effect is zero.")
        }
        return outcome
    }
}
