#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Charts
import Notebooks
import Statistics
import Values

/// What a regression hands on.
struct LassoReport {
    private let data: LassoData
    private let fit: LassoFit

    init(_ data: LassoData, _ fit: LassoFit) {
        self.data = data
        self.fit = fit
    }

    private static let values = [
        "alpha", "alpha_1se", "r2", "r2.nested", "r2.confirm", "support", "support.layers", "support.1se",
        "support.1se.layers", "permuted.support", "permuted.upper", "permuted.p", "stable.layers", "stable.count",
        "inflation.largest", "ridge.r2", "elastic_net.r2", "elastic_net.support", "length.r2", "length.support",
        "length.kept",
    ]
    private static let tables = [
        "coefficients": [
            "term", "layer", "coefficient", "standardized", "coefficient_1se", "ridge", "elastic_net", "frequency",
            "inflation",
        ],
        "path": ["alpha", "term", "layer", "standardized"],
        "errors": ["alpha", "error", "standard_error", "support"],
        "stability": ["alpha", "term", "layer", "frequency"],
        "permuted": ["support", "count"],
    ]

    static let outputs = Outputs(values: values, tables: tables)

    /// What is handed on where there is nothing to explain.
    static func nothing() -> Outcome {
        var outcome = Outcome()
        for value in values { outcome.set(value, .null) }
        for (name, columns) in tables.sorted(by: { $0.key < $1.key }) { outcome.add(name, Table(columns: columns)) }
        return outcome
    }

    func outcome() -> Outcome {
        var outcome = Outcome()
        outcome.set("alpha", .number(fit.alpha))
        outcome.set("alpha_1se", .number(fit.choice.sparest))
        outcome.set("r2", .optional(fit.model.rSquared(data.x, data.y)))
        outcome.set("r2.nested", .optional(fit.nested))
        outcome.set("r2.confirm", .optional(fit.confirmed))
        outcome.set("support", .int(fit.model.support.count))
        outcome.set("support.layers", .string(names(fit.model.support)))
        outcome.set("support.1se", .int(fit.sparest.support.count))
        outcome.set("support.1se.layers", .string(names(fit.sparest.support)))
        let sizes = fit.permuted.map(Double.init)
        outcome.set("permuted.support", .number(sizes.mean))
        outcome.set("permuted.upper", .number(sizes.quantile(0.95)))
        outcome.set("permuted.p", .number(fit.permutedShare))
        let stable = fit.atAlpha.indices.filter { fit.atAlpha[$0] >= 0.8 }
        outcome.set("stable.layers", .string(names(stable)))
        outcome.set("stable.count", .int(stable.count))
        let inflation = fit.inflation.compactMap { $0 }
        outcome.set("inflation.largest", .optional(inflation.max()))
        outcome.set("ridge.r2", .optional(fit.ridge.rSquared(data.x, data.y)))
        outcome.set("elastic_net.r2", .optional(fit.elasticNet.rSquared(data.x, data.y)))
        outcome.set("elastic_net.support", .int(fit.elasticNet.support.count))
        outcome.set("length.r2", .optional(fit.lengthAlone))
        outcome.set("length.support", .string(names(fit.withLength.support.filter { $0 < data.x.columns })))
        outcome.set("length.kept", .bool(fit.withLength.support.contains(data.x.columns)))
        addTables(&outcome)
        outcome.figures = figures(outcome)
        outcome.notes = notes
        return outcome
    }

    private func names(_ columns: [Int]) -> String {
        columns.map { column in data.layers[column].map(String.init) ?? data.terms[column] }.joined(separator: ", ")
    }

    private func layer(_ column: Int) -> Scalar { data.layers[column].map { .int($0) } ?? .null }

    private func addTables(_ outcome: inout Outcome) {
        func table(_ name: String, _ rows: [[Scalar]]) {
            outcome.add(name, Table(columns: Self.tables[name] ?? [], rows: rows))
        }
        let columns = data.terms.indices
        table(
            "coefficients",
            columns.map { column in
                [
                    .string(data.terms[column]), layer(column), .number(fit.model.coefficients[column]),
                    .number(fit.model.standardized[column]), .number(fit.sparest.standardized[column]),
                    .number(fit.ridge.standardized[column]), .number(fit.elasticNet.standardized[column]),
                    .number(fit.atAlpha[column]), .optional(fit.inflation[column]),
                ]
            })
        let penalties = fit.choice.penalties
        table(
            "errors",
            penalties.indices.map {
                [
                    .number(penalties[$0]), .number(fit.choice.means[$0]), .number(fit.choice.standardErrors[$0]),
                    .int(fit.path[$0].support.count),
                ]
            })
        table(
            "path",
            penalties.indices.flatMap { place in
                columns.map {
                    [
                        .number(penalties[place]), .string(data.terms[$0]), layer($0),
                        .number(fit.path[place].standardized[$0]),
                    ]
                }
            })
        table(
            "stability",
            penalties.indices.flatMap { place in
                columns.map {
                    [
                        .number(penalties[place]), .string(data.terms[$0]), layer($0),
                        .number(fit.frequencies[place][$0]),
                    ]
                }
            })
        let sizes = Set(fit.permuted).sorted()
        table("permuted", sizes.map { size in [.int(size), .int(fit.permuted.count { $0 == size })] })
    }

    private func figures(_ outcome: Outcome) -> [Figure] {
        let labels = data.layers.enumerated().map { $1.map(String.init) ?? data.terms[$0] }
        func bars(_ series: [EstimateSeries], _ title: String) -> BarChart {
            BarChart(Categories("layer", names: labels, series: series), value: Axis(title, includesZero: true))
        }
        let penalties = fit.choice.penalties
        let path = data.terms.indices.map { column in
            Series(
                labels[column], role: fit.model.support.contains(column) ? .other : .control,
                points: penalties.indices.map {
                    Point(x: log10(penalties[$0]), y: fit.path[$0].standardized[column])
                })
        }
        return [
            Figure(
                name: "coefficients", title: "What each layer's distance adds to the gain, by three penalties",
                description:
                    "Coefficients a standard deviation of the distance. Where ridge spreads what the LASSO gives to one layer, "
                    + "the layers say the same and the choice among them is chance.",
                chart: bars(
                    [
                        EstimateSeries("LASSO", role: .effect, estimates: fit.model.standardized.map { Estimate($0) }),
                        EstimateSeries(
                            "elastic net", role: .second, estimates: fit.elasticNet.standardized.map { Estimate($0) }),
                        EstimateSeries("ridge", role: .control, estimates: fit.ridge.standardized.map { Estimate($0) }),
                    ], "gain per standard deviation (nats)"), data: outcome.table("coefficients") ?? Table(columns: [])),
            Figure(
                name: "stability", title: "How often each layer is kept on half of the prompts",
                description: "Shares of random halves of the prompts at the chosen penalty; 0.8 and more is stable.",
                chart: bars(
                    [EstimateSeries("kept", role: .effect, estimates: fit.atAlpha.map { Estimate($0) })],
                    "share of halves"), data: outcome.table("coefficients") ?? Table(columns: [])),
            Figure(
                name: "path", title: "Coefficients as the penalty falls",
                description: "One line per column, from the largest penalty at the right to the least at the left.",
                chart: LineChart(
                    x: Axis("penalty (log₁₀)"), y: Axis("gain per standard deviation (nats)", includesZero: true),
                    series: path),
                data: outcome.table("path") ?? Table(columns: [])),
            Figure(
                name: "errors", title: "Cross-validated error against the penalty",
                description:
                    "Mean squared error with one standard error over folds; least at \(Self.short(fit.choice.best)).",
                chart: LineChart(
                    x: Axis("penalty (log₁₀)"), y: Axis("squared error (nats²)"),
                    series: [
                        Series(
                            "error", role: .effect,
                            points: penalties.indices.map {
                                let (mean, error) = (fit.choice.means[$0], fit.choice.standardErrors[$0])
                                return Point(
                                    x: log10(penalties[$0]), y: mean, lower: mean - error, upper: mean + error)
                            })
                    ]), data: outcome.table("errors") ?? Table(columns: [])),
        ]
    }

    private static func short(_ number: Double) -> String { Scalar.number(number).text }

    private var notes: [String] {
        var notes: [String] = []
        if (fit.inflation.compactMap { $0 }.max() ?? 0) > 10 {
            notes.append(
                "Some layers' distances are nearly determined by the others' (variance inflation above 10): which of them a "
                    + "fit keeps is close to chance, so read 'stability' before 'support'.")
        }
        if let nested = fit.nested, nested <= 0 {
            notes.append(
                "On pairs that it has not seen, the whole procedure explains none of the gain (nested R² is not above 0)."
            )
        }
        if fit.permutedShare > 0.05 {
            notes.append(
                "Gains permuted at random keep as many layers in more than one case of twenty, so the number of layers kept "
                    + "is no evidence.")
        }
        return notes
    }
}
