import Values

/// What a command may reach when it runs: results of earlier blocks, the project's files, the seed, and a way to report progress.
public struct Bindings: Sendable {
    /// The seed of the notebook's front matter; 0 when it has none.
    public let seed: UInt64
    /// How paths in this notebook are resolved.
    public let project: Project
    /// Where a long command says how far it is.
    public let progress: @Sendable (Progress) -> Void
    /// What the run may use of the machine.
    public let resources: Resources
    /// The parameters that ``Command/parametersRead`` names, with the values used; no other is in the block's key.
    let parameters: [(name: String, value: Scalar)]
    /// Results of the blocks that this block refers to, by id; no other result is in its key, so no other can be reached.
    let results: [String: BlockResult]
    /// The bound commands of those blocks that others may ask for, by id.
    let commands: [String: any Command]
    /// Parts that an earlier run finished.
    let units: KeptUnits
    /// Whether the run is to stop.
    let cancellation: Cancellation

    /// What a command may reach; tests make their own.
    public init(
        seed: UInt64, project: Project, parameters: [(name: String, value: Scalar)] = [],
        results: [String: BlockResult], commands: [String: any Command] = [:], resources: Resources = Resources(),
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.init(
            seed: seed, project: project, parameters: parameters, results: results, commands: commands,
            resources: resources, units: KeptUnits(), cancellation: Cancellation(), progress: progress)
    }

    init(
        seed: UInt64, project: Project, parameters: [(name: String, value: Scalar)], results: [String: BlockResult],
        commands: [String: any Command], resources: Resources, units: KeptUnits, cancellation: Cancellation,
        progress: @escaping @Sendable (Progress) -> Void
    ) {
        self.seed = seed
        self.project = project
        self.parameters = parameters
        self.results = results
        self.commands = commands
        self.resources = resources
        self.units = units
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Whether the run is to stop.
    public var isStopped: Bool { cancellation.isCancelled }

    /// The result of an earlier block that one of this block's options, or ``Command/references``, names.
    public func result(_ id: String) -> BlockResult {
        guard let result = results[id] else {
            preconditionFailure("block '\(id)' is not among those this block refers to: \(results.keys.sorted())")
        }
        return result
    }

    /// The bound command of an earlier block that one of this block's options names, for what a result cannot carry, such as
    /// where a model's files lie on this machine; only of a command that ``Command/isHandle`` says it of.
    public func command(_ id: String) -> any Command {
        guard let command = commands[id] else {
            preconditionFailure("block '\(id)' is not a handle that this block refers to: \(commands.keys.sorted())")
        }
        return command
    }

    /// The table that an option of kind `.table` names.
    public func table(_ reference: TableReference) -> Table {
        guard let table = result(reference.block).outcome.table(reference.table) else {
            preconditionFailure(
                "block '\(reference.block)' was bound with a table '\(reference.table)' that it did not produce")
        }
        return table
    }

    /// A value by its full path: `params.limit`, or `id.path` of a block that this block refers to.
    public func value(_ fullPath: String) -> Scalar? {
        if fullPath.hasPrefix("params.") { return parameters.first { "params.\($0.name)" == fullPath }?.value }
        return found(fullPath)?.scalar
    }

    /// What an estimate of a block that this block refers to is made of by prompt, by its full path.
    public func parts(_ fullPath: String) -> EstimateParts? { found(fullPath)?.parts }

    private func found(_ fullPath: String) -> Outcome.Value? {
        guard let dot = fullPath.firstIndex(of: "."), let result = results[String(fullPath[..<dot])] else { return nil }
        return result.outcome.values.first { $0.path == fullPath[fullPath.index(after: dot)...] }
    }
}

/// A block's result: plain data, with the options and the inputs it came from.
public struct BlockResult: Sendable {
    /// The block's id, given or made from its command's name.
    public let id: String
    /// The command's name.
    public let command: String
    /// The normalised computational options, as JSON-ready values in declaration order.
    public let options: [(name: String, value: OptionValue)]
    /// What it read from outside the notebook.
    public let inputs: [Input]
    /// SHA-256 over everything that the result depends on.
    public let key: String
    /// SHA-256 over what other blocks can read of it.
    public let digest: String
    /// What the command produced, without the columns and figures that it withholds: what a page, a file or a table of a notebook may show.
    public let outcome: Outcome
    /// What the command produced, withheld columns too: for computing with, never for showing.
    public let whole: Outcome

    /// A result with all that it came from.
    /// - Parameters:
    ///   - withheld: columns of its tables that nothing shows (``Outputs/withheld``).
    ///   - withheldFigures: figures that nothing shows.
    public init(
        id: String, command: String, options: [(name: String, value: OptionValue)], inputs: [Input], key: String,
        digest: String, outcome: Outcome, withheld: [String: [String]] = [:],
        withheldFigures: [String] = []
    ) {
        self.id = id
        self.command = command
        self.options = options
        self.inputs = inputs
        self.key = key
        self.digest = digest
        self.outcome = outcome.without(withheld, figures: withheldFigures)
        whole = outcome
    }

    /// A normalised option of this block, by name.
    public func option(_ name: String) -> OptionValue? { options.first { $0.name == name }?.value }
}

/// How far a long block is.
public struct Progress: Sendable, Equatable {
    /// What is counted: `pairs`.
    public let unit: String
    /// How many are done.
    public let done: Int
    /// How many there are in all.
    public let total: Int
    /// How many of those done were kept by an earlier run.
    public let kept: Int

    /// How many units are done, and of how many.
    public init(unit: String, done: Int, total: Int, kept: Int = 0) {
        self.unit = unit
        self.done = done
        self.total = total
        self.kept = kept
    }
}
