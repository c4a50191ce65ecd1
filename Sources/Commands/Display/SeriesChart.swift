import Charts
import Notebooks
import Values

/// Charts of series over an x axis (all but heatmaps and strips), with axes that all facets share.
struct SeriesChart {
    private let specification: ChartSpecification
    /// What tells the series apart, in order; one without a value when there is no such column.
    private let keys: [Scalar?]
    private let xAxis: Axis
    private let yAxis: Axis
    private let names: [Scalar]

    private let references: [Reference]

    /// - Parameter data: the rows of all facets.
    init(_ specification: ChartSpecification, _ data: Table, references: [Reference]) throws(ArgumentError) {
        self.specification = specification
        self.references = references
        keys = specification.color.map { color in specification.distinct(data, color).map { $0 } } ?? [nil]
        names = specification.distinct(data, specification.x)
        let title = specification.xLabel ?? specification.words(specification.x)
        if specification.mark == .histogram {
            let values = try specification.numbers(data, specification.x, option: "x")
            let places = values + references.map(\.value)
            let cells = data[column: specification.x]
            let axis = Axis(title, isWhole: Self.isWhole(cells))
            xAxis = specification.facet == nil ? axis : axis.spanning(places)
            yAxis = Axis(specification.yLabel ?? "count")
            return
        }
        let values = try specification.numbers(data, specification.y, option: "y")
        var extent = values.filter(\.isFinite)
        let ends = [
            (specification.lower, "lower"), (specification.upper, "upper"), (specification.outerLower, "outer_lower"),
            (specification.outerUpper, "outer_upper"),
        ]
        for (column, option) in ends {
            if let column { extent += try specification.numbers(data, column, option: option).filter(\.isFinite) }
        }
        extent += references.map(\.value)
        try Self.check(values, specification.yScale, specification, column: specification.y, option: "y_scale")
        let isFaceted = specification.facet != nil
        // Zero is in sight unless all values are so far from it that their differences would vanish.
        let least = extent.map(abs).min() ?? 0
        let most = extent.map(abs).max() ?? 0
        let isAmount =
            specification.mark == .bar || specification.mark == .stem
            || (specification.mark != .scatter && least <= most / 2)
        let y = Axis(
            specification.yLabel ?? specification.words(specification.y),
            isWhole: specification.mark != .bar && Self.isWhole(data[column: specification.y]) && most < 20,
            includesZero: isAmount, scale: specification.yScale)
        if specification.mark == .line || specification.mark == .scatter {
            let places = try specification.numbers(data, specification.x, option: "x")
            try Self.check(places, specification.xScale, specification, column: specification.x, option: "x_scale")
            let isWhole = specification.mark == .line && Self.isWhole(data[column: specification.x])
            let x = Axis(title, isWhole: isWhole, scale: specification.xScale)
            let isSquare = specification.isIdentity
            let isShared = isFaceted && !isSquare
            xAxis = isShared ? Self.spanning(x, places, isTight: specification.mark == .line) : x
            yAxis = isFaceted ? y.spanning(extent + (isSquare ? places : [])) : y
        } else {
            xAxis = Axis(title)
            yAxis = isFaceted ? y.spanning(extent) : y
        }
    }

    /// Refuses what a logarithmic axis has no place for, rather than leave it out in silence.
    private static func check(
        _ values: [Double], _ scale: Axis.Scale, _ specification: ChartSpecification, column: String, option: String
    ) throws(ArgumentError) {
        guard scale != .linear, let row = values.firstIndex(where: { $0 <= 0 }) else { return }
        throw ArgumentError(
            option: option,
            "a logarithmic axis has no place for \(Scalar.number(values[row]).text), and row \(row) of column '\(column)' of '\(specification.table)' holds it"
        )
    }

    /// The chart of one facet's rows, or of all.
    func chart(of data: Table) throws(ArgumentError) -> any Chart {
        switch specification.mark {
        case .line, .heatmap, .strip:
            return LineChart(x: xAxis, y: yAxis, series: try series(data), references: references)
        case .scatter:
            return ScatterChart(
                x: xAxis, y: yAxis, series: try series(data), comparesLikeWithLike: specification.isIdentity)
        case .bar: return BarChart(try categories(data), value: yAxis, references: references)
        case .interval: return IntervalChart(try categories(data), value: yAxis, references: references)
        case .stem: return StemChart(try categories(data), value: yAxis, references: references)
        case .histogram:
            var samples: [Histogram.Sample] = []
            for (index, key) in keys.enumerated() {
                let values = try specification.numbers(rows(of: key, in: data), specification.x, option: "x")
                samples.append(Histogram.Sample(label(key), role: role(key, index), values: values))
            }
            return Histogram(x: xAxis, samples: samples, references: references, countTitle: yAxis.title)
        }
    }

    private func series(_ data: Table) throws(ArgumentError) -> [Series] {
        var series: [Series] = []
        for (index, key) in keys.enumerated() {
            let rows = rows(of: key, in: data)
            let x = try specification.numbers(rows, specification.x, option: "x")
            let estimates = try self.estimates(rows)
            let outer = try outerEnds(rows)
            var points = x.indices.map { index in
                let (estimate, ends) = (estimates[index], outer?[index])
                return Point(
                    x: x[index], y: estimate.value ?? .nan, lower: estimate.lower, upper: estimate.upper,
                    outerLower: ends?.lower, outerUpper: ends?.upper)
            }
            if specification.mark == .line {
                points = points.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(
                    \.element)
                if let twin = zip(points, points.dropFirst()).first(where: { $0.x == $1.x }) {
                    throw crowded(.number(twin.0.x), key)
                }
            }
            series.append(Series(label(key), role: role(key, index), points: points))
        }
        return series
    }

    private func categories(_ data: Table) throws(ArgumentError) -> Categories {
        var series: [EstimateSeries] = []
        for (index, key) in keys.enumerated() {
            let rows = rows(of: key, in: data)
            let places = rows[column: specification.x] ?? []
            var estimates = [Estimate?](repeating: nil, count: names.count)
            for (place, estimate) in zip(places, try self.estimates(rows)) {
                guard let at = names.firstIndex(where: { RowFilter.isSame($0, place) }) else { continue }
                if estimates[at] != nil { throw crowded(place, key) }
                estimates[at] = estimate
            }
            series.append(
                EstimateSeries(label(key), role: role(key, index), estimates: estimates.map { $0 ?? Estimate(nil) }))
        }
        return Categories(xAxis.title, names: names.map(ChartSpecification.text), series: series)
    }

    private func estimates(_ rows: Table) throws(ArgumentError) -> [Estimate] {
        let values = try specification.numbers(rows, specification.y, option: "y")
        guard let lower = specification.lower, let upper = specification.upper else {
            return values.map { Estimate($0) }
        }
        let ends = zip(
            try specification.numbers(rows, lower, option: "lower"),
            try specification.numbers(rows, upper, option: "upper"))
        return zip(values, ends).map { Estimate($0, lower: $1.0, upper: $1.1) }
    }

    private func outerEnds(_ rows: Table) throws(ArgumentError) -> [(lower: Double, upper: Double)]? {
        guard let lower = specification.outerLower, let upper = specification.outerUpper else { return nil }
        return zip(
            try specification.numbers(rows, lower, option: "outer_lower"),
            try specification.numbers(rows, upper, option: "outer_upper")
        ).map { (lower: $0, upper: $1) }
    }

    private func rows(of key: Scalar?, in data: Table) -> Table {
        guard let key, let color = specification.color else { return data }
        return specification.rows(data, color, key)
    }

    private func crowded(_ place: Scalar, _ key: Scalar?) -> ArgumentError {
        let series = key.map { " and \(specification.color ?? "") \(ChartSpecification.text($0))" } ?? ""
        return specification.crowded(
            "\(specification.x) \(ChartSpecification.text(place))\(series)", split: "'where', 'color' or 'facet'")
    }

    // MARK: Looks

    private func label(_ key: Scalar?) -> String {
        guard let key else { return specification.words(specification.y) }
        if specification.color == "control" {
            return key == .string("none")
                ? specification.words(specification.y) : "control: \(ChartSpecification.text(key))"
        }
        return specification.words(ChartSpecification.text(key))
    }

    private func role(_ key: Scalar?, _ index: Int) -> Role {
        if specification.color == "control" { return key == .string("none") ? .effect : .control }
        return index == 0 ? .effect : index == 1 ? .second : .other
    }

    private static func isWhole(_ cells: [Scalar]?) -> Bool {
        (cells ?? []).allSatisfy { if case .int = $0 { true } else { $0 == .null } }
    }

    private static func spanning(_ axis: Axis, _ values: [Double], isTight: Bool) -> Axis {
        guard isTight, let low = values.filter(\.isFinite).min(), let high = values.filter(\.isFinite).max(), low < high
        else { return axis.spanning(values) }
        var axis = axis
        axis.domain = low...high
        return axis
    }
}
