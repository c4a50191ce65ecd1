import Charts
import Notebooks

/// What must be right of a chart's options before anything runs.
struct ChartChecks {
    private let chart: ChartSpecification
    private let hasReferences: Bool

    init(_ chart: ChartSpecification, hasReferences: Bool) {
        self.chart = chart
        self.hasReferences = hasReferences
    }

    /// Notes each column that the table does not have, and each option that the kind of chart has no use for.
    func check(_ names: ColumnNames, of arguments: Arguments, _ problems: inout ArgumentProblems) {
        for channel in Channel.allCases {
            for column in chart.columns(channel) {
                names.check(
                    column, option: channel.rawValue, at: arguments.location(of: channel.rawValue, entry: column),
                    &problems)
            }
            checkUse(of: channel, &problems)
        }
        checkEnds(.lower, .upper, &problems)
        checkEnds(.outerLower, .outerUpper, &problems)
        if chart.ys.count > 1, chart.facet != nil {
            problems.add("facet", "small charts are told apart by 'facet' or by several 'y', not by both")
        }
        if chart.main != nil, chart.color == nil {
            problems.add("main", "'main' is a value of the column 'color', which is not given")
        }
        if chart.isIdentity, chart.xScale != chart.yScale {
            problems.add("identity", "'identity' needs 'x_scale' and 'y_scale' to be the same")
        }
    }

    private func checkEnds(_ lower: Channel, _ upper: Channel, _ problems: inout ArgumentProblems) {
        let (hasLower, hasUpper) = (isGiven(lower), isGiven(upper))
        guard hasLower != hasUpper else { return }
        let (given, missing) = hasLower ? (lower.rawValue, upper.rawValue) : (upper.rawValue, lower.rawValue)
        problems.add(given, "an interval has two ends: '\(given)' is given, '\(missing)' is not")
    }

    private func checkUse(of channel: Channel, _ problems: inout ArgumentProblems) {
        let name = channel.rawValue
        let noun = chart.mark.noun
        guard let use = chart.mark.channels[channel] else {
            if isGiven(channel) {
                problems.add(name, "'\(name)' is for \(Marks.plurals(with: channel)), and this is a \(noun)")
            }
            return
        }
        if let need = use.need, !isGiven(channel) {
            problems.add(ArgumentError(option: "mark", "a \(noun) needs '\(name)', \(need)", code: .missingOption))
        }
        if chart.columns(channel).count > 1, !use.takesSeveral { problems.add(name, "a \(noun) has one '\(name)'") }
    }

    private func isGiven(_ channel: Channel) -> Bool {
        switch channel {
        case .reference: hasReferences
        case .identity: chart.isIdentity
        case .main: chart.main != nil
        case .xScale: chart.xScale != .linear
        case .yScale: chart.yScale != .linear
        default: !chart.columns(channel).isEmpty
        }
    }
}
