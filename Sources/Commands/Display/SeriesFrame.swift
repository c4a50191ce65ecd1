import Charts
import Notebooks
import Values

/// What tells the series of a chart apart, in order.
struct SeriesKeys {
    private let chart: ChartSpecification
    /// One without a value where no column tells series apart.
    let all: [Scalar?]

    /// - Parameter data: the rows of all facets.
    init(_ chart: ChartSpecification, _ data: Table) {
        self.chart = chart
        all = chart.color.map { color in data.groups(of: color).map(\.value) } ?? [nil]
    }

    /// The rows of each series, in the order of `all`.
    func rows(_ data: Table) -> [Table] {
        guard let color = chart.color else { return [data] }
        let groups = Dictionary(
            data.groups(of: color).map { ($0.value.identity, $0.rows) }, uniquingKeysWith: { first, _ in first })
        return all.map { key in key.flatMap { groups[$0.identity] } ?? Table(columns: data.columns) }
    }

    func label(_ key: Scalar?) -> String {
        guard let key, let color = chart.color else { return chart.words(chart.y) }
        guard let main = chart.main else { return chart.words(key.text) }
        return key.isSame(as: main) ? chart.words(chart.y) : "\(chart.words(color)): \(key.text)"
    }

    func role(_ key: Scalar?, _ index: Int) -> Role {
        if let main = chart.main, let key { return key.isSame(as: main) ? .effect : .control }
        return index == 0 ? .effect : index == 1 ? .second : .other
    }
}

/// The axes of a chart of estimates, which all its facets share, and its rows as series or over categories.
struct SeriesFrame {
    /// When zero is in sight.
    enum Zero {
        case always, never
        /// Unless all values are so far from it that their differences would vanish.
        case near
    }

    let chart: ChartSpecification
    let x: Axis
    let y: Axis
    let references: [Reference]
    private let keys: SeriesKeys
    private let names: [Scalar]

    /// - Parameter data: the rows of all facets.
    init(_ chart: ChartSpecification, _ data: Table, _ references: [Reference], zero: Zero, isNumericX: Bool) {
        self.chart = chart
        self.references = references
        keys = SeriesKeys(chart, data)
        names = data.groups(of: chart.x).map(\.value)
        let ends = [chart.lower, chart.upper, chart.outerLower, chart.outerUpper].compactMap(\.self)
        let extent =
            ([chart.y] + ends).flatMap { data.numbers($0) }.filter(\.isFinite) + references.map(\.value)
        let (least, most) = (extent.map(abs).min() ?? 0, extent.map(abs).max() ?? 0)
        let isSquare = chart.isIdentity
        let yAxis = Axis(
            chart.yLabel ?? chart.words(chart.y), isWhole: data.isWhole(chart.y) && most < 20,
            includesZero: zero == .always || zero == .near && least <= most / 2, scale: chart.yScale)
        let places = isNumericX ? data.numbers(chart.x) : []
        let isFaceted = chart.facet != nil
        y = isFaceted ? yAxis.spanning(extent + (isSquare ? places : [])) : yAxis
        let isLine = zero == .near
        let title = chart.xLabel ?? chart.words(chart.x)
        var xAxis = Axis(title, isWhole: isNumericX && isLine && data.isWhole(chart.x), scale: chart.xScale)
        if isNumericX, isFaceted, !isSquare {
            if isLine, let low = places.filter(\.isFinite).min(), let high = places.filter(\.isFinite).max(), low < high
            {
                xAxis.domain = low...high
            } else {
                xAxis = xAxis.spanning(places)
            }
        }
        x = xAxis
    }

    /// One facet's rows as series of points.
    /// - Parameter areJoined: whether points are sorted by x and joined, so that no two may share a place.
    func series(_ data: Table, areJoined: Bool) throws(ArgumentError) -> [Series] {
        var series: [Series] = []
        for ((index, key), rows) in zip(keys.all.enumerated(), keys.rows(data)) {
            let x = rows.numbers(chart.x)
            let estimates = estimates(rows)
            let outer = chart.outerLower.map { rows.numbers($0) }
            let outerUpper = chart.outerUpper.map { rows.numbers($0) }
            var points = x.indices.map { row in
                Point(
                    x: x[row], y: estimates[row].value ?? .nan, lower: estimates[row].lower,
                    upper: estimates[row].upper, outerLower: outer?[row], outerUpper: outerUpper?[row])
            }
            if areJoined {
                points = points.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(
                    \.element)
                if let twin = zip(points, points.dropFirst()).first(where: { $0.x == $1.x }) {
                    throw crowded(.number(twin.0.x), key)
                }
            }
            series.append(Series(keys.label(key), role: keys.role(key, index), points: points))
        }
        return series
    }

    /// One facet's rows over the categories of all of them.
    func categories(_ data: Table) throws(ArgumentError) -> Categories {
        let places = Dictionary(
            names.enumerated().map { ($0.element.identity, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var series: [EstimateSeries] = []
        for ((index, key), rows) in zip(keys.all.enumerated(), keys.rows(data)) {
            var found = [Estimate?](repeating: nil, count: names.count)
            for (name, estimate) in zip(rows[column: chart.x] ?? [], estimates(rows)) {
                guard let place = places[name.identity] else { continue }
                if found[place] != nil { throw crowded(name, key) }
                found[place] = estimate
            }
            series.append(
                EstimateSeries(
                    keys.label(key), role: keys.role(key, index), estimates: found.map { $0 ?? Estimate(nil) }))
        }
        return Categories(x.title, names: names.map(\.text), series: series)
    }

    private func estimates(_ rows: Table) -> [Estimate] {
        let values = rows.numbers(chart.y)
        guard let lower = chart.lower, let upper = chart.upper else { return values.map { Estimate($0) } }
        return zip(values, zip(rows.numbers(lower), rows.numbers(upper))).map { Estimate($0, lower: $1.0, upper: $1.1) }
    }

    private func crowded(_ place: Scalar, _ key: Scalar?) -> ArgumentError {
        let series = key.map { " and \(chart.color ?? "") \($0.text)" } ?? ""
        return chart.crowded("\(chart.x) \(place.text)\(series)", split: "'where', 'color' or 'facet'")
    }
}
