/// What a chart's key says: one name a series, in the order of the series.
struct ChartKey: Equatable {
    struct Name: Equatable {
        let label: String
        let role: Role
    }

    let swatch: Legend.Swatch
    let names: [Name]

    /// The key above a plot; none for a single series.
    func legend(in theme: Theme) -> Legend {
        let styles = SeriesStyle.styles(for: names.map(\.role))
        let entries = names.count > 1 ? zip(names, styles).map { ($0.label, $1) } : []
        return Legend(entries, swatch: swatch, theme: theme)
    }
}

/// A chart of series that can leave its key to the charts around it.
protocol KeyedChart: Chart {
    var key: ChartKey { get }
    var showsKey: Bool { get set }
}

extension KeyedChart {
    /// The key above the plot, empty where the charts around draw it.
    func legend(in theme: Theme) -> Legend {
        showsKey ? key.legend(in: theme) : Legend([], swatch: key.swatch, theme: theme)
    }

    /// The same chart without its key.
    var withoutKey: any Chart {
        var chart = self
        chart.showsKey = false
        return chart
    }
}
