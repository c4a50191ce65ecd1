import JSON
import Values

/// What a run found, read back from the JSON that a page carries or `render --results` wrote.
public struct Results: Sendable, Equatable {
    /// One block of the run.
    public struct Block: Sendable, Equatable {
        /// The block's id.
        public let id: String
        /// The command's name.
        public let command: String
        /// Why it gave no result, a sentence each without a full stop; empty where it gave one.
        public let failure: [String]
        /// The computational options, in order.
        public let options: [JSON.Member]
        /// Values by path, in order.
        public let values: [Outcome.Value]
        /// Tables by name, in order.
        public let tables: [NamedTable]
        /// Claims that were judged.
        public let claims: [ClaimVerdict]
        /// Identities that were checked.
        public let checks: [Check]

        /// A table by its name.
        public func table(_ name: String) -> NamedTable? { tables.first { $0.name == name } }

        /// A value by its path.
        public func value(_ path: String) -> Scalar? { values.first { $0.path == path }?.scalar }

        /// The names of the ends of a value's interval; nil when it has none.
        public func interval(of path: String) -> (lower: String, upper: String)? {
            ValuePaths.interval(of: path) { value($0) != nil }
        }
    }

    /// A table with its name.
    public struct NamedTable: Sendable, Equatable {
        /// The name inside the block.
        public let name: String
        /// Its columns and rows; no rows where the page leaves them out.
        public let table: Table
        /// How many rows the table has.
        public let count: Int

        /// Whether all rows are here.
        public var isWhole: Bool { table.rows.count == count }
    }

    /// What a block read from outside the notebook.
    public struct BlockInput: Sendable, Equatable {
        /// The block's id.
        public let block: String
        /// What it read: `base weights`.
        public let name: String
        /// SHA-256 as 64 hexadecimal digits.
        public let digest: String
    }

    /// The version of the form and meaning of results.
    public let schema: Int
    /// The notebook's file name.
    public let notebook: String
    /// The blocks in order.
    public let blocks: [Block]
    /// The release, the engine and the seed, by name.
    public let versions: [JSON.Member]
    /// The parameters with the values used.
    public let parameters: [JSON.Member]
    /// The files that blocks read, by digest.
    public let inputs: [BlockInput]

    /// A block by its id.
    public func block(_ id: String) -> Block? { blocks.first { $0.id == id } }

    /// Reads what ``ResultsJSON`` wrote.
    public init(_ json: JSON) throws(ResultsError) {
        let reader = ResultsReader(schema: json["schema"]?.int)
        guard let schema = reader.schema else { throw reader.error("it has no 'schema'") }
        self.schema = schema
        notebook = try reader.text(json, "notebook")
        var blocks: [Block] = []
        for member in try reader.members(json, "blocks") { blocks.append(try reader.block(member)) }
        self.blocks = blocks
        guard let provenance = json["provenance"] else { throw reader.error("it has no 'provenance'") }
        parameters = try reader.members(provenance, "parameters")
        inputs = try reader.list(provenance, "inputs") { (input) throws(ResultsError) in
            BlockInput(
                block: try reader.text(input, "block"), name: try reader.text(input, "name"),
                digest: try reader.text(input, "sha256"))
        }
        versions = (provenance.object ?? []).filter { !["parameters", "inputs"].contains($0.key) }
    }
}

/// Why a text is not the results of a run.
public struct ResultsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as the end of a sentence.
    public let problem: String
    /// The schema that it says it has; nil where it names none.
    public let schema: Int?

    /// A problem with results.
    public init(_ problem: String, schema: Int? = nil) {
        self.problem = problem
        self.schema = schema
    }

    /// What follows the file's name.
    public var description: String {
        if let schema, schema != Version.schema {
            return "holds results of schema \(schema), and this release reads schema \(Version.schema): \(problem)"
        }
        return "holds no results of a run: \(problem)"
    }
}

/// Reads parts of results, saying where they are not what they should be.
private struct ResultsReader {
    let schema: Int?

    func error(_ problem: String) -> ResultsError { ResultsError(problem, schema: schema) }

    func text(_ json: JSON, _ key: String) throws(ResultsError) -> String {
        guard let text = json[key]?.string else { throw error("'\(key)' is not a text") }
        return text
    }

    func members(_ json: JSON, _ key: String) throws(ResultsError) -> [JSON.Member] {
        guard let members = json[key]?.object else { throw error("'\(key)' is not an object") }
        return members
    }

    func list<Item>(
        _ json: JSON, _ key: String, _ read: (JSON) throws(ResultsError) -> Item
    ) throws(ResultsError) -> [Item] {
        guard let values = json[key]?.array else { throw error("'\(key)' is not a list") }
        var items: [Item] = []
        for value in values { items.append(try read(value)) }
        return items
    }

    func scalar(_ json: JSON, _ name: String) throws(ResultsError) -> Scalar {
        guard let scalar = Scalar(json) else { throw error("'\(name)' is not a plain value") }
        return scalar
    }

    func held(_ json: JSON) throws(ResultsError) -> Bool {
        guard let held = json["held"]?.bool else { throw error("'held' is neither true nor false") }
        return held
    }

    func block(_ member: JSON.Member) throws(ResultsError) -> Results.Block {
        let json = member.value
        var values: [Outcome.Value] = []
        for value in try members(json, "values") {
            values.append(
                Outcome.Value(path: value.key, scalar: try scalar(value.value, "\(member.key).\(value.key)")))
        }
        var tables: [Results.NamedTable] = []
        for table in try members(json, "tables") {
            tables.append(try self.table(table.value, table.key, of: member.key, after: tables))
        }
        return Results.Block(
            id: member.key, command: try text(json, "command"),
            failure: (json["failure"]?.array ?? []).compactMap(\.string), options: try members(json, "options"),
            values: values,
            tables: tables,
            claims: try json["claims"] == nil ? [] : list(json, "claims", claim),
            checks: try json["checks"] == nil ? [] : list(json, "checks", check))
    }

    /// A table by row, as files have it, or by column, as pages do; there a column may be one before it.
    private func table(
        _ json: JSON, _ name: String, of block: String, after earlier: [Results.NamedTable]
    ) throws(ResultsError) -> Results.NamedTable {
        let columns = try list(json, "columns") { (column) throws(ResultsError) in
            guard let column = column.string else { throw error("a column of '\(block).\(name)' has no name") }
            return column
        }
        if let cells = json["cells"]?.array {
            var lists: [[Scalar]] = []
            for column in cells {
                lists.append(
                    try self.cells(column, of: "\(block).\(name)") { table, title in
                        guard table == name else { return earlier.first { $0.name == table }?.table[column: title] }
                        return columns.firstIndex(of: title).flatMap { $0 < lists.count ? lists[$0] : nil }
                    })
            }
            let count = lists.first?.count ?? 0
            guard lists.count == columns.count, lists.allSatisfy({ $0.count == count }) else {
                throw error("'\(block).\(name)' does not have \(columns.count) columns of the same length")
            }
            let rows = (0..<count).map { row in lists.map { $0[row] } }
            return Results.NamedTable(name: name, table: Table(columns: columns, rows: rows), count: count)
        }
        if let count = json["count"]?.int, json["rows"] == nil {
            return Results.NamedTable(name: name, table: Table(columns: columns), count: count)
        }
        let rows = try list(json, "rows") { (row) throws(ResultsError) in
            guard let cells = row.array, cells.count == columns.count else {
                throw error("a row of '\(block).\(name)' does not have \(columns.count) cells")
            }
            var scalars: [Scalar] = []
            for cell in cells { scalars.append(try scalar(cell, "\(block).\(name)")) }
            return scalars
        }
        return Results.NamedTable(name: name, table: Table(columns: columns, rows: rows), count: rows.count)
    }

    /// More rows than any page holds of a table; a damaged number must not take all memory.
    private static let rowLimit = 1_000_000

    /// - Parameter known: the column of a table, where it comes before this one.
    private func cells(
        _ column: JSON, of place: String, known: (_ table: String, _ title: String) -> [Scalar]?
    ) throws(ResultsError) -> [Scalar] {
        guard let cells = column.array else {
            guard let table = column["table"]?.string, let title = column["column"]?.string,
                let shared = known(table, title)
            else { throw error("a column of '\(place)' is neither cells nor a column before it") }
            return shared
        }
        var scalars: [Scalar] = []
        for cell in cells {
            guard let run = cell.array else {
                scalars.append(try scalar(cell, place))
                continue
            }
            guard run.count == 2, let count = run[1].int, count > 0, count <= Self.rowLimit - scalars.count else {
                throw error("a run of cells of '\(place)' is not a cell and how many rows it fills")
            }
            scalars += Array(repeating: try scalar(run[0], place), count: count)
        }
        return scalars
    }

    private func claim(_ json: JSON) throws(ResultsError) -> ClaimVerdict {
        var others: [ClaimVerdict.Value] = []
        for other in try json["others"] == nil ? [] : members(json, "others") {
            others.append(ClaimVerdict.Value(path: other.key, scalar: try scalar(other.value, other.key)))
        }
        let written = try text(json, "kind")
        guard let kind = ClaimKind(rawValue: written) else { throw error("'\(written)' is not a kind of claim") }
        var interval: ClaimVerdict.Ends?
        if let lower = json["lower"]?.number, let upper = json["upper"]?.number {
            interval = ClaimVerdict.Ends(lower: lower, upper: upper)
        }
        return ClaimVerdict(
            claim: try text(json, "claim"), kind: kind, because: try text(json, "because"),
            found: try scalar(json["found"] ?? .null, "found"), interval: interval, missing: json["missing"]?.string,
            others: others,
            held: try held(json))
    }

    private func check(_ json: JSON) throws(ResultsError) -> Check {
        // What was found is null where it was no number: that never held.
        Check(
            name: try text(json, "name"), found: json["found"]?.number ?? .nan,
            tolerance: json["tolerance"]?.number ?? .nan, unit: try text(json, "unit"))
    }
}
