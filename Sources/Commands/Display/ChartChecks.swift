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

    /// - Throws: an error for a column that the table does not have, or an option that the kind of chart has no use for.
    func check(_ names: ColumnNames) throws(ArgumentError) {
        for channel in Channel.allCases {
            for column in chart.columns(channel) { try names.check(column, option: channel.rawValue) }
        }
        try checkEnds(.lower, .upper)
        try checkEnds(.outerLower, .outerUpper)
        for channel in Channel.allCases { try checkUse(of: channel) }
        if chart.ys.count > 1, chart.facet != nil {
            throw ArgumentError(
                option: "facet", "small charts are told apart by 'facet' or by several 'y', not by both")
        }
        if chart.main != nil, chart.color == nil {
            throw ArgumentError(option: "main", "'main' is a value of the column 'color', which is not given")
        }
        if chart.isIdentity, chart.xScale != chart.yScale {
            throw ArgumentError(option: "identity", "'identity' needs 'x_scale' and 'y_scale' to be the same")
        }
    }

    private func checkEnds(_ lower: Channel, _ upper: Channel) throws(ArgumentError) {
        let (hasLower, hasUpper) = (isGiven(lower), isGiven(upper))
        guard hasLower != hasUpper else { return }
        let (given, missing) = hasLower ? (lower.rawValue, upper.rawValue) : (upper.rawValue, lower.rawValue)
        throw ArgumentError(option: given, "an interval has two ends: '\(given)' is given, '\(missing)' is not")
    }

    private func checkUse(of channel: Channel) throws(ArgumentError) {
        let name = channel.rawValue
        let noun = chart.mark.noun
        guard let use = chart.mark.channels[channel] else {
            guard isGiven(channel) else { return }
            throw ArgumentError(
                option: name, "'\(name)' is for \(Marks.plurals(with: channel)), and this is a \(noun)")
        }
        if let need = use.need, !isGiven(channel) {
            throw ArgumentError(option: "mark", "a \(noun) needs '\(name)', \(need)", code: .missingOption)
        }
        if chart.columns(channel).count > 1, !use.takesSeveral {
            throw ArgumentError(option: name, "a \(noun) has one '\(name)'")
        }
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
