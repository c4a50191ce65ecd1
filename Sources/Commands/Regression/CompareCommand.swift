import Charts
import Experiments
import Notebooks
import Statistics
import Values

/// A command whose table `pairs` has a row or more for each pair of a `{pairs}` block.
protocol PairsReader {
    /// The id of the `{pairs}` block.
    var pairs: String { get }
}

extension ScoreCommand: PairsReader { var pairs: String { subjects.pairs } }
extension PatchCommand: PairsReader { var pairs: String { subjects.pairs } }
extension DistancesCommand: PairsReader { var pairs: String { subjects.pairs } }

/// `{compare}`: one quantity of the same pairs in two blocks, pair by pair.
public struct CompareCommand: Command {
    /// The name in the fence.
    public static let name = "compare"
    /// Titles and captions name both blocks.
    public static let writesIDs = true
    /// One line of help.
    public static let summary =
        "Compares a quantity of the same pairs in two blocks, with intervals of the paired difference."

    static let first = Option<TableReference>.table(
        "first", help: "a 'pairs' table of {score}, {patch} or {distances}")
    static let second = Option<TableReference>.table(
        "second", help: "the same table of another block, over the same rows of the data")
    static let column = Option<String>.string("column", help: "the column of numbers that is compared").naming(
        .columns)
    static let each = Option.string(
        "each", help: "a column, such as layer, whose values are compared one by one"
    ).naming(.columns).optional
    static let increments = Option<Bool>.bool(
        "increments", default: false,
        help:
            "with 'each': compare what each value adds to the one before it, such as a layer to the layer below; 0 stays as it is, "
            + "and a value whose predecessor is missing is left out")
    static let measure = Option.choice(
        "measure", Measure.self, default: .mean,
        help: "what is compared: the mean, or the share of pairs whose value is above 0")

    /// What is compared.
    enum Measure: String, CaseIterable, Sendable { case mean, positive }

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        first
        second
        column
        RowFilter.option
        each
        increments
        measure
    }

    private struct Side {
        let table: TableReference
        let pairs: String
        let filter: RowFilter
    }

    private let sides: [Side]
    private let column: String
    private let each: String?
    private let increments: Bool
    private let measure: Measure

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        column = try arguments.value(Self.column)
        each = try arguments.value(Self.each)
        increments = try arguments.value(Self.increments)
        measure = try arguments.value(Self.measure)
        let condition = try arguments.value(RowFilter.option)
        var sides: [Side] = []
        var problems = ArgumentProblems()
        if increments, each == nil { problems.add("increments", "option 'increments' goes with option 'each'") }
        for option in [Self.first, Self.second] {
            let name = option.declaration.name
            let table = try arguments.value(option)
            guard table.table == "pairs", let reader = arguments.command(table.block) as? any PairsReader else {
                problems.add(
                    name,
                    "'\(table.block).\(table.table)' is not a 'pairs' table of {score}, {patch} or {distances}")
                continue
            }
            let names = ColumnNames(table)
            names.check(column, option: "column", &problems)
            if let each { names.check(each, option: "each", &problems) }
            let filter = RowFilter(condition, of: names, &problems)
            sides.append(Side(table: table, pairs: reader.pairs, filter: filter))
        }
        try problems.throwIfAny()
        let sources = sides.map { arguments.command($0.pairs) as? PairsCommand }
        if let first = sources[0], let second = sources[1], first.source.path != second.source.path {
            throw ArgumentError(
                option: "second",
                "'\(sides[0].pairs)' reads '\(first.source.path)' and '\(sides[1].pairs)' reads '\(second.source.path)'; "
                    + "rows of one file are compared")
        }
        self.sides = sides
    }

    /// The `{pairs}` blocks, which say what row each pair is.
    public var references: [String] { sides.map(\.pairs) }

    private static let values = OutputValues<(pairs: Int, whole: PairedComparison, profiles: ProfileCorrelation?)> {
        Output("count", "how many pairs both blocks have") { $0.pairs }
        Output.mean("first.mean", "the mean in the first block, or the share above 0") { $0.whole.summary(0) }
        Output.mean("second.mean", "the same in the second block") { $0.whole.summary(1) }
        Output.mean("difference.mean", "second minus first, pair by pair") { $0.whole.summary(2) }
        Output("correlation", "Pearson's correlation of the two over pairs") { $0.whole.correlation }
        Output("profile.correlation", "Pearson's correlation of both blocks' means over the values of `each`") {
            $0.profiles?.estimate
        }
        Output.ends("profile.correlation.") { $0.profiles?.interval }
        Output(
            "profile.disjoint",
            "the same on different pairs: one block on a random half of the prompts, the other on the other half; the mean over 200 halvings"
        ) { $0.profiles?.disjoint }
        Output("profile.first.disjoint", "the first block with itself on two such halves") {
            $0.profiles?.withItself[0]
        }
        Output("profile.second.disjoint", "the second block with itself on two such halves") {
            $0.profiles?.withItself[1]
        }
    }

    private static let groups = OutputTable<(value: Scalar, count: Int, found: PairedComparison)>("groups") {
        Output("group", "the value of the column `each`") { $0.value }
        Output("count", "how many pairs") { $0.count }
        Output("first", "the mean in the first block") { $0.found.means[0] }
        Output("second", "the mean in the second block") { $0.found.means[1] }
        Output("difference", "the mean of second minus first") { $0.found.means[2] }
        Output.ends { $0.found.intervals[2] }
    }

    private static let pairs = OutputTable<(value: Scalar, row: Int, first: Double, second: Double)>("pairs") {
        Output("group", "the value of the column `each`") { $0.value }
        Output("row", "the row in the file, from 1") { $0.row }
        Output("first", "the value in the first block") { $0.first }
        Output("second", "the value in the second block") { $0.second }
        Output("difference", "second minus first") { $0.second - $0.first }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        groups
        pairs
        Outputs(figures: ["pairs", "groups", "profiles"])
    }

    /// The block's outputs.
    public var outputs: Outputs {
        Self.values
        Self.groups
        Self.pairs
        Outputs(figures: each == nil ? ["pairs"] : ["groups", "profiles"])
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        var values = try sides.map { side in
            PairValues(
                try side.filter.apply(to: bindings.table(side.table)).table,
                pairs: bindings.result(side.pairs).whole.table("tokens") ?? Table(columns: []), column: column,
                each: each)
        }
        if let pair = values.lazy.compactMap(\.repeated).first {
            throw CommandError(
                "pair \(pair) has more than one row in the table: let 'where' or 'each' tell them apart")
        }
        for (side, found) in zip(sides, values) where found.order.isEmpty {
            throw CommandError(
                "column '\(column)' of '\(side.table.block).\(side.table.table)' has no numbers in these rows")
        }
        if increments {
            values = values.map(\.increments)
            guard !values.contains(where: \.order.isEmpty) else {
                throw CommandError(
                    "no two values of '\(each ?? "")' in these rows are consecutive whole numbers, so there are no increments"
                )
            }
        }
        let keys = values[0].order.filter { values[1].values[$0] != nil }
        guard !keys.isEmpty else { throw CommandError("the two blocks have no row of the data in common") }
        let numbers = values.map { side in
            keys.map { key in
                let value = side.values[key] ?? .nan
                return measure == .mean ? value : value > 0 ? 1 : 0
            }
        }
        let clusters = keys.map { values[0].clusters[$0] ?? 0 }
        let whole = PairedComparison(numbers, clusters: clusters, seed: bindings.seed)
        var groups: [(name: String, places: [Int])] = []
        for (place, key) in keys.enumerated() {
            if let known = groups.firstIndex(where: { $0.name == key.group }) {
                groups[known].places.append(place)
            } else {
                groups.append((key.group, [place]))
            }
        }
        let compared = groups.map { group in
            (
                value: values[0].groups[group.name] ?? .null, count: group.places.count,
                found: PairedComparison(
                    numbers.map { $0.at(group.places) }, clusters: clusters.at(group.places), seed: bindings.seed)
            )
        }
        // Profiles are of the same pairs at every value.
        let pairs = groups.map { $0.places.map { keys[$0].pair } }
        let profiles =
            pairs.count > 2 && pairs.allSatisfy { $0 == pairs[0] }
            ? ProfileCorrelation(
                numbers.map { side in groups.map { side.at($0.places) } }, clusters: clusters.at(groups[0].places),
                seed: bindings.seed) : nil
        var outcome = Outcome()
        outcome.set(Self.values, of: (Set(keys.map(\.pair)).count, whole, profiles))
        let grouped = outcome.add(Self.groups, compared)
        let table = outcome.add(
            Self.pairs,
            zip(keys, zip(numbers[0], numbers[1])).map { key, both in
                (value: values[0].groups[key.group] ?? .null, row: key.row, first: both.0, second: both.1)
            })
        let left = values.map { Set($0.order.map(\.pair)).subtracting(keys.map(\.pair)).count }
        if left != [0, 0] {
            outcome.notes.append(
                "Only pairs that both blocks have are compared: \(left[0]) of '\(name(0))' and \(left[1]) of '\(name(1))' are left out."
            )
        }
        if let note = FewPrompts.note(clusters) { outcome.notes.append(note) }
        outcome.figures =
            each.map { figures(by: $0, compared.map { ($0.value.text, $0.found) }, grouped) }
            ?? [figure(numbers, keys, table)]
        return outcome
    }

    private func name(_ side: Int) -> String { sides[side].table.block }

    /// The difference by group, and the groups' means in one block against those in the other.
    private func figures(
        by each: String, _ groups: [(name: String, found: PairedComparison)], _ table: Table
    ) -> [Figure] {
        let quantity = (increments ? "step of " : "") + column + (measure == .positive ? " above 0 (share)" : "")
        return [
            Figure(
                name: "groups", title: "Difference by \(each)",
                description:
                    "\(quantity): \(name(1)) minus \(name(0)), pair by pair, with 95 % intervals over prompts.",
                chart: IntervalChart(
                    Categories(
                        each, names: groups.map(\.name),
                        series: [
                            EstimateSeries(
                                "difference", role: .effect,
                                estimates: groups.map {
                                    Estimate($0.found.means[2], $0.found.intervals[2])
                                })
                        ]), value: Axis("difference of \(quantity)", includesZero: true)), data: table),
            Figure(
                name: "profiles", title: "Each \(each): \(name(0)) and \(name(1))",
                description:
                    "One point for each value of '\(each)': the \(measure == .positive ? "" : "mean ")\(quantity) in \(name(0)) on the "
                    + "horizontal axis, in \(name(1)) on the vertical. On the diagonal both are equal.",
                chart: ScatterChart(
                    x: Axis("\(quantity), \(name(0))", includesZero: true),
                    y: Axis("\(quantity), \(name(1))", includesZero: true),
                    series: [
                        Series(
                            "means", role: .effect,
                            points: groups.map {
                                Point(
                                    x: $0.found.means[0], y: $0.found.means[1], label: "\(each) \($0.name)")
                            })
                    ], comparesLikeWithLike: true), data: table),
        ]
    }

    private func figure(_ numbers: [[Double]], _ keys: [PairValues.Key], _ table: Table) -> Figure {
        Figure(
            name: "pairs", title: "The same pairs in both blocks",
            description: "One point per pair: \(column) in \(name(0)) on the horizontal axis, in "
                + "\(name(1)) on the vertical. On the diagonal both are equal.",
            chart: ScatterChart(
                x: Axis("\(column), \(name(0))", includesZero: true),
                y: Axis("\(column), \(name(1))", includesZero: true),
                series: [
                    Series(
                        "pairs", role: .effect,
                        points: keys.indices.map {
                            Point(x: numbers[0][$0], y: numbers[1][$0], label: "row \(keys[$0].row)")
                        })
                ], comparesLikeWithLike: true), data: table)
    }
}

/// Numbers of one block by what pair of the data they belong to.
private struct PairValues {
    /// What each group adds to the one before it, pair by pair, where groups are whole numbers. Nothing is before group 0; a group
    /// whose last one was not measured has no increment.
    var increments: PairValues {
        var found = self
        found.order = []
        found.values = [:]
        for key in order {
            guard let value = values[key], case .int(let number)? = groups[key.group] else { continue }
            let before = Key(pair: key.pair, group: Scalar.int(number - 1).text)
            guard let last = number == 0 ? 0 : values[before] else { continue }
            found.order.append(key)
            found.values[key] = value - last
        }
        return found
    }

    struct Key: Hashable {
        struct Pair: Hashable {
            let row: Int
            /// The place among the pairs of one row.
            let place: Int
        }

        let pair: Pair
        /// The value of the column `each`, as text.
        let group: String

        var row: Int { pair.row }
    }

    private(set) var order: [Key] = []
    private(set) var values: [Key: Double] = [:]
    private(set) var clusters: [Key: Int] = [:]
    private(set) var groups: [String: Scalar] = [:]
    /// A pair with more than one number.
    private(set) var repeated: Int?

    init(_ table: Table, pairs: Table, column: String, each: String?) {
        func whole(_ table: Table, _ name: String) -> [Int] {
            (table[column: name] ?? []).map { $0.number.map { Int($0) } ?? -1 }
        }
        let (rows, prompts) = (whole(pairs, "row"), whole(pairs, "prompt_number"))
        var counts: [Int: Int] = [:]
        let keys = rows.map { row in
            counts[row, default: 0] += 1
            return Key.Pair(row: row, place: counts[row, default: 0])
        }
        let names = each.flatMap { table[column: $0] } ?? Array(repeating: .null, count: table.rows.count)
        let numbers = table[column: column] ?? []
        for (place, pair) in whole(table, "pair").enumerated() where keys.indices.contains(pair) {
            guard let number = numbers[place].number else { continue }
            let key = Key(pair: keys[pair], group: names[place].text)
            groups[key.group] = names[place]
            if values.updateValue(number, forKey: key) != nil { repeated = repeated ?? pair }
            clusters[key] = prompts[pair]
            order.append(key)
        }
    }
}
