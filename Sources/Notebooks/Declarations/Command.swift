/// A block's command: declared once as data, bound from its arguments before anything runs, then run.
public protocol Command: Sendable {
    /// The name in the fence: `patch`.
    static var name: String { get }
    /// One line of help.
    static var summary: String { get }
    /// Every option the command takes beside the ones all blocks share (`id`, `caption`, `alt`, `show`).
    @OptionList static var options: [OptionDeclaration] { get }

    /// The option that takes the whole body when an author writes it as a plain list; nil when the body must be a mapping.
    static var listOption: String? { get }

    /// What a page shows of the outcome when the author does not say.
    static var display: Display { get }

    /// Binds the arguments.
    /// - Throws: an ``ArgumentError`` that names the option and what was expected.
    init(_ arguments: Arguments) throws(ArgumentError)

    /// What is wrong with the files that the bound command will read, as far as a look without loading tells.
    func problems(_ arguments: Arguments) -> [ArgumentError]

    /// All that the command may produce, for help.
    @OutputList static var outputs: Outputs { get }

    /// What the bound command will produce, known before it runs, so that a reference to something else fails early.
    @OutputList var outputs: Outputs { get }

    /// The ids of blocks that the command reads beside those that its options refer to.
    var references: [String] { get }

    /// Whether its outcome holds the ids of the blocks that it refers to, as a title does. Then they are part of its key.
    static var writesIDs: Bool { get }

    /// Paths that the command reads beside those that its options name.
    var paths: [String] { get }

    /// Names of the parameters that the command reads by name, beside those that its options were filled with.
    var parametersRead: [String] { get }

    /// Whether blocks that refer to this one may ask for the bound command itself, as for a model's files. Then their results
    /// depend on all that this block's depends on, not on its values and tables alone.
    static var isHandle: Bool { get }

    /// Whether its run is shared out in units when several tasks work on one notebook.
    var worksInUnits: Bool { get }

    /// Files and other inputs outside the notebook, each with a SHA-256 digest (``InputReader/digest(ofFiles:)``); they enter the
    /// block's key. Nothing is loaded or computed for it.
    /// - Throws: an error whose description names the file.
    func inputs(_ reader: InputReader) throws -> [Input]

    /// Runs the command on the results of the blocks it refers to.
    /// - Throws: an error whose description is one clear sentence.
    func run(_ bindings: Bindings) throws -> Outcome
}

extension Command {
    /// Some commands produce nothing but columns that their author names.
    public static var outputs: Outputs { Outputs() }

    /// Most commands produce the same whatever their options say.
    public var outputs: Outputs { Self.outputs }

    /// Most commands read nothing but the blocks they refer to.
    public func inputs(_ reader: InputReader) throws -> [Input] { [] }

    /// Most commands name the blocks they read in their options.
    public var references: [String] { [] }

    /// Most commands write nothing but numbers and words of their own.
    public static var writesIDs: Bool { false }

    /// Most commands name the paths they read in their options.
    public var paths: [String] { [] }

    /// Most commands read no parameter by name.
    public var parametersRead: [String] { [] }

    /// Most commands produce values and tables only.
    public static var isHandle: Bool { false }

    /// Most commands take moments.
    public var worksInUnits: Bool { false }

    /// Most commands draw.
    public static var display: Display { .figures }

    /// Most commands read no files but those that their options name.
    public func problems(_ arguments: Arguments) -> [ArgumentError] { [] }

    /// Most commands have options to tell apart.
    public static var listOption: String? { nil }
}

/// Something outside the notebook that a result depends on.
public struct Input: Sendable, Equatable {
    /// What it is, without any path of this machine: `base weights`, `pairs file`.
    public let name: String
    /// SHA-256 as 64 hexadecimal digits.
    public let digest: String

    /// An input by its name and digest.
    public init(name: String, digest: String) {
        self.name = name
        self.digest = digest
    }
}

/// The commands that a notebook may use, as a value passed in.
public struct Catalogue: Sendable {
    /// In the order that help lists them.
    public let commands: [any Command.Type]

    /// The library that they calculate with, its version and its kernels: the last bits of every result depend on it.
    public let arithmetic: String

    /// A catalogue of these commands.
    public init(_ commands: [any Command.Type], arithmetic: String = "") {
        self.commands = commands
        self.arithmetic = arithmetic
    }

    /// A command by its name.
    public subscript(name: String) -> (any Command.Type)? { commands.first { $0.name == name } }
}
