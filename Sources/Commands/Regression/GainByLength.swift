import Charts
import Interventions
import Notebooks
import Statistics
import Values

/// What a gain owes to the lengths of the responses: where either is longer, and what is left at equal length.
///
/// A tuned model that makes every token somewhat less likely raises the margin of each pair whose rejected response is longer.
struct GainByLength {
    /// What is produced.
    static let values = OutputValues<GainByLength> {
        Output.mean("gain.rejected_longer.mean", "the mean gain where the rejected response is longer", unit: "nats") {
            ($0.estimates[0], $0.intervals[0])
        }
        Output.mean("gain.chosen_longer.mean", "the mean gain where the chosen response is longer", unit: "nats") {
            ($0.estimates[1], $0.intervals[1])
        }
        Output.mean("gain.equal_length.mean", "the gain at equal length, by least squares", unit: "nats") {
            ($0.estimates[2], $0.intervals[2])
        }
    }

    private let gain: [Double]
    /// Tokens of the rejected response less those of the chosen one, `[pair]`.
    private let excess: [Int]
    private let estimates: [Double]
    private let intervals: [Interval?]

    /// - Parameter gain: one number a pair, `[pair]`.
    init(_ gain: [Double], pairs: [PackedPair], bootstrap: ClusterBootstrap) {
        self.gain = gain
        excess = pairs.map { $0.rejectedTokens - $0.chosenTokens }
        let x = excess.map(Double.init)
        let rejectedLonger = excess.map { $0 > 0 ? 1.0 : 0 }
        let chosenLonger = excess.map { $0 < 0 ? 1.0 : 0 }
        func product(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 * $1 } }
        let columns = [
            x, product(x, x), gain, product(x, gain), rejectedLonger, product(rejectedLonger, gain), chosenLonger,
            product(chosenLonger, gain),
        ]
        estimates = Self.statistics(pairs: Double(gain.count), columns.map { $0.reduce(0, +) })
        intervals = bootstrap.intervals(of: ClusteredValues(columns, clusters: pairs.map(\.cluster))) {
            Self.statistics(pairs: $0.pairs, $0.sums)
        }
    }

    /// Means where either response is longer, and the intercept of gain = a + b (rejected − chosen tokens) by least squares:
    /// a = (Σx² Σy − Σx Σxy) / (n Σx² − (Σx)²). Not a number where no pair tells.
    private static func statistics(pairs n: Double, _ s: [Double]) -> [Double] {
        [s[5] / s[4], s[7] / s[6], (s[1] * s[2] - s[0] * s[3]) / (n * s[1] - s[0] * s[0])]
    }

    func figure(_ unit: String, _ table: Table) -> Figure {
        Figure(
            name: "lengths", title: "Gain of each pair against the lengths of its responses",
            description:
                "One point per pair: to the right the rejected response is the longer one. A gain that came from length alone would "
                + "pass through zero at equal lengths.",
            chart: ScatterChart(
                x: Axis("rejected − chosen (tokens)", includesZero: true),
                y: Axis("gain (\(unit))", includesZero: true),
                series: [
                    Series(
                        "pairs", role: .effect,
                        points: gain.indices.map { Point(x: Double(excess[$0]), y: gain[$0], label: "pair \($0)") })
                ]), data: table)
    }
}
