/// What a command produces: values by path, and tables with their columns.
public struct Outputs: Sendable, Equatable {
    /// A table with its columns.
    struct Table: Sendable, Equatable {
        let name: String
        var columns: [OutputDeclaration]
        var withheld: [String] = []
    }

    private(set) var declaredValues: [OutputDeclaration] = []
    private(set) var declaredTables: [Table] = []
    /// Names of the figures that may be drawn, the main one first; what was found decides which are.
    public private(set) var figures: [String] = []
    /// Names of figures that no page and no file shows.
    public private(set) var withheldFigures: [String] = []

    /// Values and tables of which nothing but the names is known, such as columns that an author chose.
    public init(
        values: [String] = [], tables: [String: [String]] = [:], figures: [String] = [], withheldFigures: [String] = []
    ) {
        self.figures = figures
        self.withheldFigures = withheldFigures
        declaredValues = values.map { OutputDeclaration($0) }
        declaredTables = tables.sorted { $0.key < $1.key }.map { name, columns in
            Table(name: name, columns: columns.map { OutputDeclaration($0) })
        }
    }

    init(
        declaredValues values: [OutputDeclaration], declaredTables tables: [Table] = [], figures: [String] = [],
        withheldFigures: [String] = []
    ) {
        self.figures = figures
        self.withheldFigures = withheldFigures
        declaredValues = values
        declaredTables = tables
    }

    /// Paths of values, in order.
    public var values: [String] { declaredValues.map(\.name) }

    /// Column names of each table, by the table's name.
    public var tables: [String: [String]] {
        Dictionary(uniqueKeysWithValues: declaredTables.map { ($0.name, $0.columns.map(\.name)) })
    }

    /// Columns that tables have beside those, for blocks that refer to this one by its id: no page, no file and no other block
    /// shows them.
    public var withheld: [String: [String]] {
        Dictionary(uniqueKeysWithValues: declaredTables.filter { !$0.withheld.isEmpty }.map { ($0.name, $0.withheld) })
    }

    /// What a value is, by its path; nil where nobody says.
    public func value(_ path: String) -> OutputDeclaration? {
        declaredValues.first { $0.name == path && !$0.help.isEmpty }
    }

    /// What a column of a table is; nil where nobody says.
    public func column(_ name: String, of table: String) -> OutputDeclaration? {
        declaredTables.first { $0.name == table }?.columns.first { $0.name == name && !$0.help.isEmpty }
    }

    /// How an outcome differs from what was declared; nil when it does not.
    func difference(from outcome: Outcome) -> String? {
        var found: [String] = []
        let (values, given) = (values, outcome.values.map(\.path))
        found += values.filter { !given.contains($0) }.map { "value '\($0)' is missing" }
        found += given.filter { !values.contains($0) }.map { "value '\($0)' was not declared" }
        for declared in declaredTables.sorted(by: { $0.name < $1.name }) {
            guard let table = outcome.table(declared.name) else {
                found.append("table '\(declared.name)' is missing")
                continue
            }
            let (columns, withheld) = (declared.columns.map(\.name), declared.withheld)
            if table.without(withheld).columns != columns || !withheld.allSatisfy(table.columns.contains) {
                found.append(
                    "table '\(declared.name)' has the columns \(table.columns), not \(columns + withheld)")
            }
        }
        let names = declaredTables.map(\.name)
        found += outcome.tables.filter { !names.contains($0.name) }.map { "table '\($0.name)' was not declared" }
        let drawn = outcome.figures.map(\.name).filter { !(figures + withheldFigures).contains($0) }
        found += drawn.map { "figure '\($0)' was not declared" }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }
}

/// Collects what a command produces: values, tables, and those that only some options bring.
@resultBuilder public enum OutputList {
    /// Values.
    public static func buildExpression<Source>(_ values: OutputValues<Source>) -> Outputs {
        Outputs(declaredValues: values.values.map(\.declaration))
    }

    /// A table.
    public static func buildExpression<Row>(_ table: OutputTable<Row>) -> Outputs {
        Outputs(
            declaredValues: [],
            declaredTables: [
                Outputs.Table(
                    name: table.name,
                    columns: table.columns.map(\.declaration).filter { !table.withheld.contains($0.name) },
                    withheld: table.withheld)
            ])
    }

    /// Outputs that are declared together.
    public static func buildExpression(_ outputs: Outputs) -> Outputs { outputs }

    /// All of them, in order.
    public static func buildBlock(_ parts: Outputs...) -> Outputs { join(parts) }

    /// Those of a loop.
    public static func buildArray(_ parts: [Outputs]) -> Outputs { join(parts) }

    /// Those that only some options bring.
    public static func buildOptional(_ part: Outputs?) -> Outputs { part ?? Outputs() }

    private static func join(_ parts: [Outputs]) -> Outputs {
        Outputs(
            declaredValues: parts.flatMap(\.declaredValues), declaredTables: parts.flatMap(\.declaredTables),
            figures: parts.flatMap(\.figures), withheldFigures: parts.flatMap(\.withheldFigures))
    }
}
