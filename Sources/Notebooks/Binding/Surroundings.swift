import Markdown
import Values

/// What a block sees of its notebook while it is bound: the blocks above and below, the parameters, the project.
struct Surroundings: Sendable {
    private(set) var above: [BlockAbove] = []
    private var places: [String: Int] = [:]
    /// The ids of this block and of those below it.
    var own = ""
    var below: ArraySlice<String> = []
    var parameters: [(name: String, value: Scalar)] = []
    /// Parameters that are declared wrongly or have no value that fits, so that their uses are not reported as well.
    var broken: [String] = []
    /// False when it is unknown which parameters there are.
    var knowsParameters = true
    /// Whether the notebook names works to cite.
    var hasBibliography = false
    let project: Project
    /// Whether the files that blocks name are looked for.
    let checksFiles: Bool

    init(project: Project, checksFiles: Bool = true) {
        self.project = project
        self.checksFiles = checksFiles
    }

    func block(_ id: String) -> BlockAbove? { places[id].map { above[$0] } }

    /// The ids of blocks above, in document order.
    func inOrder(_ ids: Set<String>) -> [String] {
        ids.filter { places[$0] != nil }.sorted { places[$0, default: 0] < places[$1, default: 0] }
    }

    /// Adds the block that was just bound to those above the next.
    mutating func append(_ block: BlockAbove) {
        if places[block.id] == nil { places[block.id] = above.count }
        above.append(block)
    }
}

/// A block above the one that is bound, as far as it is known before anything runs.
public struct BlockAbove: Sendable {
    /// The block's id.
    public let id: String
    /// Empty for a block whose command nobody knows.
    public let command: String
    /// What the block asks its page to show.
    let show: BlockHead.Show
    /// The bound command; nil when the block itself did not bind, so that nothing is known of what it would produce.
    public let bound: (any Command)?
    /// The ids of the blocks it refers to, in document order.
    public let references: [String]

    /// The block's outputs, where that is known; asking the command makes them each time.
    public let outputs: Outputs?
}

/// A table of an earlier block.
public struct TableReference: Sendable, Equatable {
    /// The block's id.
    public let block: String
    /// The table's name in that block.
    public let table: String
    /// The table's columns, in order.
    public let columns: [String]
}

extension Surroundings {
    /// A block above, by id.
    /// - Parameter commands: the commands that it may be of; any when empty.
    func reference(_ id: String, of commands: [String], at location: SourceLocation? = nil) throws(OptionMismatch)
        -> BlockAbove
    {
        if let block = block(id) {
            if commands.isEmpty || block.command.isEmpty || commands.contains(block.command) { return block }
            throw OptionMismatch(
                "'\(id)' is a '\(block.command)' block, but this needs \(Self.words(for: commands))", at: location,
                suggestions: fitting(commands), code: .wrongBlock, isWholeSentence: true)
        }
        if id == own {
            throw OptionMismatch(
                "block '\(id)' cannot refer to itself", at: location, code: .forwardReference, isWholeSentence: true)
        }
        if below.contains(id) {
            throw OptionMismatch(
                "block '\(id)' stands below; a block can only refer to blocks above it", at: location,
                code: .forwardReference, isWholeSentence: true)
        }
        let near = Suggestion.closest(to: id, among: above.map(\.id))
        let fits = fitting(commands)
        throw OptionMismatch(
            "no block has the id '\(id.shortened)'", at: location, suggestions: near, code: .unknownBlock,
            isWholeSentence: true,
            help: fits.isEmpty
                ? (commands.isEmpty ? nil : "there is no \(Self.words(for: commands, article: false)) above")
                : "above there is " + fits.map { "'\($0)'" }.joined(separator: ", "))
    }

    /// The columns of a block's table.
    func table(_ path: String, at location: SourceLocation? = nil) throws(OptionMismatch) -> TableReference {
        guard let dot = path.firstIndex(of: "."), dot > path.startIndex, path.index(after: dot) < path.endIndex else {
            let tables = block(path)?.outputs?.tables.keys.sorted() ?? []
            throw OptionMismatch(
                "'\(path.shortened)' names no table", at: location,
                suggestions: tables.map { "\(path).\($0)" })
        }
        let id = String(path[..<dot])
        let name = String(path[path.index(after: dot)...])
        let block = try named(id, table: name, at: location)
        guard let outputs = block.outputs else { return TableReference(block: id, table: name, columns: []) }
        guard let columns = outputs.tables[name] else {
            let known = outputs.tables.keys.sorted()
            throw OptionMismatch(
                "block '\(id)' has no table '\(name)'", at: location,
                suggestions: Suggestion.closest(to: name, among: known).map { "\(id).\($0)" }, code: .unknownTable,
                isWholeSentence: true, help: Self.list("its tables are", known) ?? "it has no tables")
        }
        return TableReference(block: id, table: name, columns: columns)
    }

    /// The block of a table's path; what may have been meant is a path too.
    private func named(_ id: String, table: String, at location: SourceLocation?) throws(OptionMismatch) -> BlockAbove {
        do {
            return try reference(id, of: [], at: location)
        } catch {
            throw OptionMismatch(
                error.problem, at: error.location, suggestions: error.suggestions.map { "\($0).\(table)" },
                code: error.code, isWholeSentence: error.isWholeSentence, help: error.help)
        }
    }

    /// The ids of the blocks above that are of one of the commands.
    private func fitting(_ commands: [String]) -> [String] {
        commands.isEmpty ? [] : above.filter { commands.contains($0.command) }.map(\.id)
    }

    /// `a 'models' block`, `a 'spectrum' or 'subspace' block`
    static func words(for commands: [String], article: Bool = true) -> String {
        let names = commands.map { "'\($0)'" }.joined(separator: " or ")
        return (article ? "a " : "") + (names.isEmpty ? "block" : "\(names) block")
    }

    /// `its tables are 'a', 'b'`; nil for none.
    static func list(_ lead: String, _ names: [String]) -> String? {
        names.isEmpty ? nil : "\(lead) " + names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
