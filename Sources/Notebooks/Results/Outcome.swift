import Charts
import Values

/// What a command's run produces: values by path, tables by name, and the figures and checks that a page shows.
///
/// Values and tables are the block's result: they are serialised, digested and referred to. Figures and checks are drawn from
/// them for the reader.
public struct Outcome: Sendable {
    /// One scalar with its path inside the block, such as `peak.layer`.
    public struct Value: Sendable, Equatable {
        /// The path inside the block: `peak.layer`.
        public let path: String
        /// The value itself.
        public let scalar: Scalar
        /// What it is made of by prompt, for an estimate; nil for any other value.
        public let parts: EstimateParts?

        init(path: String, scalar: Scalar, parts: EstimateParts? = nil) {
            self.path = path
            self.scalar = scalar
            self.parts = parts
        }
    }

    /// One table with its name inside the block.
    public struct NamedTable: Sendable, Equatable {
        /// The name inside the block: `layers`.
        public let name: String
        /// The table itself.
        public let table: Table
    }

    /// Values in the order they were set.
    public private(set) var values: [Value] = []
    /// Tables in the order they were added.
    public private(set) var tables: [NamedTable] = []
    /// Charts for the reader; the first is the main one.
    public var figures: [Figure] = []
    /// Identities of the method that were checked on the way, each with its number.
    public var checks: [Check] = []
    /// Claims of an `{expect}` block.
    public var claims: [ClaimVerdict] = []
    /// Warnings for the reader, one sentence each.
    public var notes: [String] = []

    /// An outcome that holds nothing yet.
    public init() {}

    /// Sets a value; each path is set once.
    public mutating func set(_ path: String, _ scalar: Scalar, parts: EstimateParts? = nil) {
        precondition(value(path) == nil, "value '\(path)' set twice")
        values.append(Value(path: path, scalar: scalar, parts: parts))
    }

    /// Adds a table; each name is used once.
    public mutating func add(_ name: String, _ table: Table) {
        precondition(self.table(name) == nil, "table '\(name)' added twice")
        tables.append(NamedTable(name: name, table: table))
    }

    /// The same outcome without some columns of its tables, by the table's name, and without some figures.
    func without(_ columns: [String: [String]], figures names: [String]) -> Outcome {
        var left = self
        left.figures.removeAll { names.contains($0.name) }
        left.tables = tables.map { NamedTable(name: $0.name, table: $0.table.without(columns[$0.name] ?? [])) }
        return left
    }

    /// A value by its path inside the block.
    public func value(_ path: String) -> Scalar? { values.first { $0.path == path }?.scalar }
    /// What an estimate is made of, by its path inside the block.
    public func parts(_ path: String) -> EstimateParts? { values.first { $0.path == path }?.parts }
    /// A table by its name inside the block.
    public func table(_ name: String) -> Table? { tables.first { $0.name == name }?.table }
}

/// A chart with what a reader needs around it.
public struct Figure: Sendable {
    /// A short name, unique within its block, used in element ids: `effects`.
    public let name: String
    /// One plain line above the chart.
    public let title: String
    /// The description for a reader who cannot see the chart; a block's `alt` option replaces it for its first figure.
    public let description: String
    /// The chart itself.
    public let chart: any Graphic
    /// The data of this figure, shown folded under it.
    public let data: Table

    /// A chart with its words and its data.
    public init(name: String, title: String, description: String, chart: any Graphic, data: Table) {
        self.name = name
        self.title = title
        self.description = description
        self.chart = chart
        self.data = data
    }
}

/// An identity that must hold, with the number that was found.
public struct Check: Sendable, Equatable {
    /// The identity in words: `Self-patch changes nothing`.
    public let name: String
    /// What was measured, with its unit.
    public let found: Double
    /// The largest absolute value that still counts as held.
    public let tolerance: Double
    /// The unit of what was measured: `nats`.
    public let unit: String
    /// Whether what was found is within the tolerance.
    public var held: Bool { abs(found) <= tolerance }

    /// An identity with what was found.
    public init(name: String, found: Double, tolerance: Double, unit: String) {
        self.name = name
        self.found = found
        self.tolerance = tolerance
        self.unit = unit
    }
}
