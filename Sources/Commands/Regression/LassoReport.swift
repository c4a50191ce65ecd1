#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Charts
import Experiments
import Notebooks
import Statistics
import Values

/// What a regression produces.
struct LassoReport {
    private let fit: LassoFit

    init(_ fit: LassoFit) { self.fit = fit }

    private var data: LassoData { fit.data }

    private static let values = OutputValues<LassoReport> {
        Output("alpha", "the penalty used: the one with the least cross-validated error, unless one is given") {
            $0.fit.alpha
        }
        Output("alpha_1se", "the largest penalty within one standard error of the least error") {
            $0.fit.choice.sparest
        }
        Output("r2", "R² of the fit on its own pairs") { $0.fit.rSquared($0.fit.model) }
        Output("r2.nested", "R² by nested cross-validation, the penalty chosen inside") { $0.fit.nested }
        Output("r2.1se.nested", "the same with `alpha_1se`, chosen inside") { $0.fit.nestedSparest }
        Output("r2.confirm", "R² on the confirm pairs") { $0.fit.confirmed }
        Output("support", "how many coefficients are not zero") { $0.fit.model.support.count }
        Output("support.layers", "the layers among them") { $0.names($0.fit.model.support) }
        Output("support.1se", "how many are not zero at `alpha_1se`") { $0.fit.sparest.support.count }
        Output("support.1se.layers", "the layers among those") { $0.names($0.fit.sparest.support) }
        Output("permuted.support", "mean support when gains are permuted") { $0.permutedSizes.mean }
        Output("permuted.upper", "the 95th percentile of the support when gains are permuted") {
            $0.permutedSizes.quantile(0.95)
        }
        Output(
            "permuted.p",
            "the share of permutations that keep at least as many columns as the real gains, which count as one of them"
        ) {
            $0.fit.permutedShare
        }
        Output(
            "permuted.frequency",
            "how often half samples select any one layer when gains are permuted: the 95th percentile of the largest share"
        ) { $0.fit.chanceFrequency }
        Output("above_chance.layers", "layers that half samples select more often than that") {
            $0.names($0.fit.aboveChance)
        }
        Output("above_chance.count", "how many they are") { $0.fit.aboveChance.count }
        for (place, share) in LassoFit.plantedShares.enumerated() {
            let size = "\(Int((100 * share).rounded()))"
            Output(
                "power.\(size)",
                "how often a layer that explained \(size) % of the gain would get the largest coefficient on these pairs"
            ) { place < $0.fit.power.count ? $0.fit.power[place].first : nil }
        }
        Output("stable.layers", "layers that at least 0.8 of the half samples select") { $0.names($0.fit.stable) }
        Output("stable.count", "how many they are") { $0.fit.stable.count }
        Output(
            "inflation.largest",
            "the largest variance inflation factor: how nearly the other columns determine one of them"
        ) {
            $0.fit.inflation.compactMap(\.self).max()
        }
        Output("ridge.r2", "R² of ridge regression on its own pairs") { $0.fit.rSquared($0.fit.ridge) }
        Output("elastic_net.r2", "R² of the elastic net on its own pairs") { $0.fit.rSquared($0.fit.elasticNet) }
        Output("elastic_net.r2.nested", "R² of the elastic net by nested cross-validation") { $0.fit.nestedElasticNet }
        Output("elastic_net.support", "how many coefficients of the elastic net are not zero") {
            $0.fit.elasticNet.support.count
        }
        Output("length.r2", "R² of the difference in length alone, by nested cross-validation") { $0.fit.lengthAlone }
        Output(
            "length.too.r2", "R² of the distances and the difference in length together, by nested cross-validation"
        ) { $0.fit.lengthToo }
        Output("length.support", "what is selected with the difference in length as a further column") { report in
            report.names(report.fit.withLength.support.filter { $0 < report.data.x.columns })
        }
        Output("length.kept", "whether the difference in length is selected then") {
            $0.fit.withLength.support.contains($0.data.x.columns)
        }
    }

    private static let coefficients = OutputTable<Term>("coefficients") {
        Output.term { $0 }
        Output.layer { $0.layer }
        Output("coefficient", "its coefficient", unit: "nats per unit of distance") {
            $0.fit.model.coefficients[$0.column]
        }
        Output("standardized", "its coefficient per standard deviation", unit: "nats") {
            $0.fit.model.standardized[$0.column]
        }
        Output("coefficient_1se", "its coefficient per standard deviation at `alpha_1se`", unit: "nats") {
            $0.fit.sparest.standardized[$0.column]
        }
        Output("ridge", "its coefficient in ridge regression, per standard deviation", unit: "nats") {
            $0.fit.ridge.standardized[$0.column]
        }
        Output("elastic_net", "its coefficient in the elastic net, per standard deviation", unit: "nats") {
            $0.fit.elasticNet.standardized[$0.column]
        }
        Output("frequency", "the share of half samples that select it") { $0.fit.atAlpha[$0.column] }
        Output("permuted", "the same when gains are permuted, on average") { term in
            term.fit.permutedFrequencies.map { $0[term.column] }.mean
        }
        Output("permuted_upper", "its 95th percentile over permutations") { term in
            term.fit.permutedFrequencies.map { $0[term.column] }.quantile(0.95)
        }
        Output("inflation", "its variance inflation factor") { $0.fit.inflation[$0.column] }
    }

    private static let errors = OutputTable<Penalty>("errors") {
        Output.alpha { $0 }
        Output("error", "the mean squared error by cross-validation") { $0.fit.choice.means[$0.place] }
        Output("standard_error", "its standard error over folds") { $0.fit.choice.standardErrors[$0.place] }
        Output("support", "how many coefficients are not zero") { $0.fit.path[$0.place].support.count }
    }

    private static let path = OutputTable<(penalty: Penalty, term: Term)>("path") {
        Output.alpha { $0.penalty }
        Output.term { $0.term }
        Output.layer { $0.term.layer }
        Output("standardized", "its coefficient per standard deviation", unit: "nats") {
            $0.term.fit.path[$0.penalty.place].standardized[$0.term.column]
        }
    }

    private static let stability = OutputTable<(penalty: Penalty, term: Term)>("stability") {
        Output.alpha { $0.penalty }
        Output.term { $0.term }
        Output.layer { $0.term.layer }
        Output("frequency", "the share of half samples that select it") {
            $0.term.fit.frequencies[$0.penalty.place][$0.term.column]
        }
    }

    private static let permuted = OutputTable<(support: Int, count: Int)>("permuted") {
        Output("support", "how many coefficients are not zero") { $0.support }
        Output("count", "how many permutations had this support") { $0.count }
    }

    private static let power = OutputTable<PlantedEffect.Power>("power") {
        Output("share", "the share of the gain's variance that the planted layer explains") { $0.share }
        Output("kept", "in which share of the cases that layer is selected") { $0.kept }
        Output("first", "in which share of the cases its coefficient is the largest") { $0.first }
        Output("support", "how many coefficients are not zero, on average") { $0.support }
    }

    @OutputList static var outputs: Outputs {
        values
        coefficients
        errors
        path
        stability
        permuted
        power
        Outputs(figures: ["coefficients", "stability", "path", "errors"])
    }

    /// What is produced; where there is nothing to explain, no value and no row.
    static func outcome(of report: LassoReport?) -> Outcome {
        var outcome = Outcome()
        outcome.set(values, of: report)
        let terms = report?.terms ?? []
        let penalties = report?.penalties ?? []
        let both = penalties.flatMap { penalty in terms.map { (penalty: penalty, term: $0) } }
        let table = outcome.add(coefficients, terms)
        let byPenalty = outcome.add(errors, penalties)
        let byBoth = outcome.add(path, both)
        outcome.add(stability, both)
        let sizes = report?.fit.permuted ?? []
        outcome.add(permuted, Set(sizes).sorted().map { size in (size, sizes.count { $0 == size }) })
        outcome.add(power, report?.fit.power ?? [])
        outcome.figures = report?.figures(table, path: byBoth, errors: byPenalty) ?? []
        outcome.notes = report?.notes ?? []
        return outcome
    }

    /// A column of the regression.
    fileprivate struct Term: Sendable {
        let fit: LassoFit
        let column: Int
        let name: String
        let layer: Int?
    }

    /// A penalty of the path.
    fileprivate struct Penalty: Sendable {
        let fit: LassoFit
        let place: Int
    }

    private var terms: [Term] {
        data.terms.indices.map { Term(fit: fit, column: $0, name: data.terms[$0], layer: data.layers[$0]) }
    }

    private var penalties: [Penalty] { fit.choice.penalties.indices.map { Penalty(fit: fit, place: $0) } }

    private var permutedSizes: [Double] { fit.permuted.map(Double.init) }

    private func names(_ columns: [Int]) -> String {
        columns.map { column in data.layers[column].map(String.init) ?? data.terms[column] }.joined(separator: ", ")
    }

    private func figures(_ coefficients: Table, path: Table, errors: Table) -> [Figure] {
        let labels = data.layers.enumerated().map { $1.map(String.init) ?? data.terms[$0] }
        func bars(_ series: [EstimateSeries], _ title: String) -> BarChart {
            BarChart(Categories("layer", names: labels, series: series), value: Axis(title, includesZero: true))
        }
        let penalties = fit.choice.penalties
        let lines = data.terms.indices.map { column in
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
                    "Coefficients per standard deviation of the distance. Where ridge spreads what the LASSO gives to one layer, "
                    + "the layers say the same and the choice among them is chance.",
                chart: bars(
                    [
                        EstimateSeries("LASSO", role: .effect, estimates: fit.model.standardized.map { Estimate($0) }),
                        EstimateSeries(
                            "elastic net", role: .second, estimates: fit.elasticNet.standardized.map { Estimate($0) }),
                        EstimateSeries("ridge", role: .control, estimates: fit.ridge.standardized.map { Estimate($0) }),
                    ], "gain per standard deviation (nats)"), data: coefficients),
            Figure(
                name: "stability", title: "How often each layer is kept on half of the prompts",
                description:
                    "Shares of random halves of the prompts at the chosen penalty; 0.8 and more is stable. Beside it the median share "
                    + "when gains are permuted, with its 5th and 95th percentile; in one permutation of twenty some layer reaches "
                    + "\(Self.short(fit.chanceFrequency)) or more.",
                chart: bars(
                    [
                        EstimateSeries("kept", role: .effect, estimates: fit.atAlpha.map { Estimate($0) }),
                        EstimateSeries("gains permuted", role: .control, estimates: permutedFrequencies),
                    ], "share of halves"), data: coefficients),
            Figure(
                name: "path", title: "Coefficients as the penalty falls",
                description: "One line per column, from the largest penalty at the right to the least at the left.",
                chart: LineChart(
                    x: Axis("penalty (log₁₀)"), y: Axis("gain per standard deviation (nats)", includesZero: true),
                    series: lines),
                data: path),
            Figure(
                name: "errors", title: "Cross-validated error against the penalty",
                description:
                    "Mean squared error with one standard error over folds; least at a penalty of \(Self.short(fit.choice.best)), whose log₁₀ is "
                    + "\(Self.short(log10(fit.choice.best))).",
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
                    ]), data: errors),
        ]
    }

    /// What chance selects: the median over permutations with the 5th and the 95th percentile, `[column]`.
    private var permutedFrequencies: [Estimate] {
        fit.atAlpha.indices.map { column in
            let shares = fit.permutedFrequencies.map { $0[column] }
            return Estimate(shares.quantile(0.5), lower: shares.quantile(0.05), upper: shares.quantile(0.95))
        }
    }

    private static func short(_ number: Double) -> String { Scalar.number(number).text }

    private var notes: [String] {
        var notes: [String] = []
        if (fit.inflation.compactMap { $0 }.max() ?? 0) > 10 {
            notes.append(
                "Some layers' distances are nearly determined by the others' (variance inflation above 10): which of them a "
                    + "fit keeps is close to chance, so see how often halves of the prompts keep a layer before you read the list of those kept."
            )
        }
        if let power = fit.power.last, power.first < 0.8 {
            notes.append(
                "A layer that explained \(Scalar.number(100 * power.share).text) % of the gain would get the largest coefficient in only "
                    + "\(Scalar.number((100 * power.first).rounded()).text) % of simulated cases on these pairs: which layer is selected says little."
            )
        }
        if let nested = fit.nested, nested <= 0 {
            notes.append(
                "On pairs that it has not seen, the whole procedure explains none of the gain (nested R² is not above 0)."
            )
        }
        if fit.permutedShare > 0.05 {
            notes.append(
                "Gains permuted at random keep as many layers in \(Scalar.number((100 * fit.permutedShare).rounded()).text) % of cases, so the "
                    + "number of layers kept is no evidence.")
        }
        return notes
    }
}

extension Output {
    fileprivate static func term(_ read: @escaping @Sendable (Source) -> LassoReport.Term) -> Output {
        Output("term", "the regressor: a layer's distance or a covariate") { read($0).name }
    }

    fileprivate static func alpha(_ read: @escaping @Sendable (Source) -> LassoReport.Penalty) -> Output {
        Output("alpha", "the penalty") { read($0).fit.choice.penalties[read($0).place] }
    }
}
