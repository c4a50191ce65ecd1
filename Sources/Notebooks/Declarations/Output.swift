import Values

/// One value or column of a command as data: from it come the checks, the help, the reference and the names on a page.
public struct OutputDeclaration: Sendable, Equatable {
    /// The value's path inside its block, or the column's name.
    public let name: String
    /// What it is, as a phrase; empty for a column that an author named.
    public let help: String
    /// What it is measured in; nil for names, counts and shares.
    public let unit: String?
    /// What kind of value it is; nil where that is not known before the block runs.
    public let kind: Scalar.Kind?
    /// Whether its parts by prompt are known, so that a claim can be about its difference from another estimate.
    public let isEstimate: Bool

    /// A value or a column.
    public init(
        _ name: String, _ help: String = "", unit: String? = nil, kind: Scalar.Kind? = nil, isEstimate: Bool = false
    ) {
        self.name = name
        self.help = help
        self.unit = unit
        self.kind = kind
        self.isEstimate = isEstimate
    }

    /// The phrase with its unit: `the mean gain over all pairs (nats)`.
    public var words: String { unit.map { "\(help) (\($0))" } ?? help }
}

/// A typed output: the declaration, and how it is read off what a command found.
///
///     Output("gain", "tuned margin minus base margin", unit: "nats") { $0.gain }
///
/// A command keeps its outputs in an ``OutputValues`` and in an ``OutputTable`` for each table.
public struct Output<Source>: Sendable {
    /// The output as data.
    public let declaration: OutputDeclaration
    let read: @Sendable (Source) -> Scalar
    let parts: @Sendable (Source) -> EstimateParts?

    /// An output by its name, with what it is and how it is read.
    public init<Value: ScalarConvertible>(
        _ name: String, _ help: String, unit: String? = nil, read: @escaping @Sendable (Source) -> Value
    ) {
        declaration = OutputDeclaration(name, help, unit: unit, kind: Value.scalarKind)
        self.read = { read($0).scalar }
        parts = { _ in nil }
    }

    /// An estimate, with its parts by prompt beside.
    public init(
        _ name: String, _ help: String, unit: String? = nil, parts: @escaping @Sendable (Source) -> EstimateParts?,
        read: @escaping @Sendable (Source) -> Double?
    ) {
        declaration = OutputDeclaration(name, help, unit: unit, kind: .number, isEstimate: true)
        self.read = { read($0).scalar }
        self.parts = parts
    }
}

/// Values that a command reads off one result, in order.
public struct OutputValues<Source>: Sendable {
    let values: [Output<Source>]

    /// The values, in the order in which they are produced.
    public init(@OutputBuilder<Source> _ values: () -> [Output<Source>]) { self.values = values() }
}

/// A table of a command, filled a row from each item.
public struct OutputTable<Row>: Sendable {
    /// The table's name inside its block.
    public let name: String
    let columns: [Output<Row>]
    let withheld: [String]

    /// A table by its name, with its columns in order.
    /// - Parameter withheld: columns for blocks that refer to this one by its id: no page, no file and no other block shows them.
    public init(_ name: String, withholding withheld: [String] = [], @OutputBuilder<Row> columns: () -> [Output<Row>]) {
        self.name = name
        self.withheld = withheld
        self.columns = columns()
    }

    /// The table of some items.
    public func table(_ items: some Sequence<Row>) -> Table {
        Table(
            columns: columns.map(\.declaration.name), rows: items.map { item in columns.map { $0.read(item) } })
    }
}

extension Outcome {
    /// Sets values that are read off a result; where there is none, each of them is nothing.
    public mutating func set<Source>(_ values: OutputValues<Source>, of result: Source?) {
        for value in values.values {
            set(value.declaration.name, result.map(value.read) ?? .null, parts: result.flatMap(value.parts))
        }
    }

    /// Adds a table with a row for each item.
    @discardableResult public mutating func add<Row>(_ table: OutputTable<Row>, _ items: some Sequence<Row>) -> Table {
        let filled = table.table(items)
        add(table.name, filled)
        return filled
    }
}

/// Collects outputs of one kind of source; `if` and `for` may stand among them.
@resultBuilder public enum OutputBuilder<Source> {
    /// One output.
    public static func buildExpression(_ output: Output<Source>) -> [Output<Source>] { [output] }
    /// Outputs that are declared together, such as the ends of an interval.
    public static func buildExpression(_ outputs: [Output<Source>]) -> [Output<Source>] { outputs }
    /// All of them, in order.
    public static func buildBlock(_ parts: [Output<Source>]...) -> [Output<Source>] { parts.flatMap(\.self) }
    /// Those of a loop.
    public static func buildArray(_ parts: [[Output<Source>]]) -> [Output<Source>] { parts.flatMap(\.self) }
    /// Those that only some options bring.
    public static func buildOptional(_ part: [Output<Source>]?) -> [Output<Source>] { part ?? [] }
}
