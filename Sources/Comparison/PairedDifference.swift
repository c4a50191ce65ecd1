import Notebooks
import Statistics
import Values

/// One column of a table per pair in two runs: the mean of its change, pair by pair, with its bootstrap interval.
public struct PairedDifference: Sendable, Equatable {
    /// The block's id.
    public let block: String
    /// `pairs.gain`
    public let column: String
    /// Which rows: `layer 3, direction tuned_to_base`; empty where a pair has one row.
    public let group: String
    /// How many pairs both runs have.
    public let count: Int
    /// The mean in the first run.
    public let before: Double
    /// The mean in the second run.
    public let after: Double
    /// The mean of second less first.
    public let mean: Double
    /// Its BCa interval over prompts; nil for a single prompt.
    public let interval: Interval?

    /// The paired differences of the columns that moved, where both blocks have rows of the same pairs.
    /// - Parameter moved: the cells that moved.
    static func all(
        of before: Results.Block, in first: Results, _ after: Results.Block, in second: Results, moved: [Change]
    ) -> [PairedDifference] {
        guard let names = PairNames(of: before, in: first), let later = PairNames(of: after, in: second) else {
            return []
        }
        let seed = second.versions.first { $0.key == "seed" }?.value.int ?? 0
        let bootstrap = ClusterBootstrap(seed: UInt64(max(seed, 0)))
        let changed = Set(moved.map(\.name))
        var found: [PairedDifference] = []
        for named in before.tables where named.table.index(of: "pair") != nil {
            guard let other = after.table(named.name), named.isWhole, other.isWhole else { continue }
            let (table, second) = (named.table, other.table)
            let groups = PairGroups(table, besides: second, names)
            let others = PairGroups(second, besides: table, later)
            for column in table.columns where changed.contains("\(named.name).\(column)") && table.isMeasured(column) {
                for group in groups.order {
                    let values = Dictionary(uniqueKeysWithValues: others.numbers(column, in: group).map { ($0, $1) })
                    let both = groups.numbers(column, in: group).compactMap { pair, value in
                        values[pair].map { (pair: pair, before: value, after: $0) }
                    }
                    let differences = both.map { $0.after - $0.before }
                    guard differences.contains(where: { $0 != 0 }) else { continue }
                    let clusters = both.map { names.prompts[$0.pair] ?? 0 }
                    found.append(
                        PairedDifference(
                            block: before.id, column: "\(named.name).\(column)", group: group, count: both.count,
                            before: both.map(\.before).mean, after: both.map(\.after).mean, mean: differences.mean,
                            interval: bootstrap.means(of: ClusteredValues(differences, clusters: clusters))[0]))
                }
            }
        }
        return found
    }
}

/// What row of which file each pair of a block is.
private struct PairNames {
    struct Name: Hashable {
        let digest: String
        let row: Int
        /// The place among the pairs of one row.
        let place: Int
    }

    private(set) var names: [Int: Name] = [:]
    private(set) var prompts: [Name: Int] = [:]

    /// The pairs that a block's option `pairs` names; nil when it names none, or nobody says what rows they are.
    init?(of block: Results.Block, in results: Results) {
        guard let id = block.options.first(where: { $0.key == "pairs" })?.value.string,
            let digest = results.inputs.first(where: { $0.block == id && $0.name == "pairs file" })?.digest,
            let tokens = results.block(id)?.table("tokens"), tokens.isWhole
        else { return nil }
        func whole(_ name: String) -> [Int]? { tokens.table[column: name]?.compactMap { $0.number.map { Int($0) } } }
        guard let pairs = whole("pair"), let rows = whole("row"), let prompts = whole("prompt_number"),
            pairs.count == rows.count, rows.count == prompts.count
        else { return nil }
        var places: [Int: Int] = [:]
        for (index, pair) in pairs.enumerated() {
            places[rows[index], default: 0] += 1
            let name = Name(digest: digest, row: rows[index], place: places[rows[index], default: 0])
            names[pair] = name
            self.prompts[name] = prompts[index]
        }
    }
}

/// The rows of a table per pair, grouped by all else that names a row.
private struct PairGroups {
    private(set) var order: [String] = []
    private var rows: [String: [(pair: PairNames.Name, row: Int)]] = [:]
    private let table: Table

    init(_ table: Table, besides other: Table, _ pairs: PairNames) {
        self.table = table
        let names = TableRows(table, other).keys
        // Where nothing tells rows apart, a pair has more than one number.
        guard names.contains("pair") else { return }
        let keys = names.filter { $0 != "pair" && (table.varies($0) || other.varies($0)) }
        let numbers = table[column: "pair"] ?? []
        for row in table.rows.indices {
            guard let number = numbers[row].number, let name = pairs.names[Int(number)] else { continue }
            let group = table.label(row, keys)
            if rows[group] == nil { order.append(group) }
            rows[group, default: []].append((name, row))
        }
    }

    /// The numbers of a column by pair, in the order of the table.
    func numbers(_ column: String, in group: String) -> [(pair: PairNames.Name, value: Double)] {
        guard let place = table.index(of: column) else { return [] }
        return (rows[group] ?? []).compactMap { pair, row in table.rows[row][place].number.map { (pair, $0) } }
    }
}
