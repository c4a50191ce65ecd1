import Charts
import Experiments
import Interventions
import Notebooks
import Statistics
import Transformers
import Values

/// `{distances}`: how far apart the two models' activations are, pair by pair and layer by layer.
public struct DistancesCommand: Command {
    /// The name in the fence.
    public static let name = "distances"
    /// One line of help.
    public static let summary = "Measures how far tuning moved each pair's activations, layer by layer."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let site = EngineOptions.site()
    static let positions = EngineOptions.positions(default: .all)
    static let measure = Option.choice(
        "measure", ActivationDistances.Measure.self, default: .l2,
        help:
            "‖Δ‖ (l2), ‖Δ‖ over the base's ‖h‖ (relative), 1 − cosine, or Δ along the mean difference of the fit pairs, with its "
            + "sign (projection)"
    )
    static let pool = Option.choice(
        "pool", ActivationDistances.Pool.self, default: .mean,
        help:
            "how a pair's tokens become one number: their mean, the largest in size, or the mean of each response's last"
    )

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        LayeredSubjects.layers
        measure
        pool
    }

    let subjects: LayeredSubjects
    private let site: Site
    private let positions: Positions
    private let measure: ActivationDistances.Measure
    private let pool: ActivationDistances.Pool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try LayeredSubjects(arguments)
        site = try arguments.value(Self.site)
        positions = try arguments.value(Self.positions)
        measure = try arguments.value(Self.measure)
        pool = try arguments.value(Self.pool)
    }

    private static let values = OutputValues<ActivationDistances.Layer> {
        Output("largest.layer", "the layer with the largest mean distance") { $0.layer }
        Output("largest.distance", "its mean distance") { $0.byPair.mean }
    }

    private static let layerTable = OutputTable<ActivationDistances.Layer>("layers") {
        Output.layer { $0.layer }
        Output("distance", "the mean distance between the two models' activations") { $0.byPair.mean }
        Output.ends { $0.interval }
    }

    private static let pairTable = OutputTable<PairDistance>("pairs") {
        Output.pair { $0.pair }
        Output.layer { $0.layer }
        Output("distance", "the pair's distance between the two models' activations") { $0.distance }
        Output.prompt { $0.prompt }
        Output.split { $0.split }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        layerTable
        pairTable
        Outputs(figures: ["distances"])
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        subjects.problems(arguments)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (loaded, layers) = try subjects.load(bindings)
        let byLayer = try ActivationDistances(
            loaded.models, site: site, layers: layers, positions: positions, measure: measure, pool: pool
        ).layers(of: loaded.pairs, fit: loaded.halves.fit, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: byLayer.largest { $0.byPair.mean })
        let table = outcome.add(Self.layerTable, byLayer)
        outcome.add(
            Self.pairTable,
            loaded.pairs.indices.flatMap { pair in
                byLayer.map {
                    PairDistance(
                        pair: pair, layer: $0.layer, distance: $0.byPair[pair], prompt: loaded.pairs[pair].cluster,
                        split: loaded.halves.name(of: pair))
                }
            })
        outcome.figures = [figure(byLayer, table)]
        if measure == .projection, let note = loaded.halves.note("The direction of 'projection' was") {
            outcome.notes.append(note)
        }
        return outcome
    }

    private func figure(_ layers: [ActivationDistances.Layer], _ table: Table) -> Figure {
        Figure(
            name: "distances", title: "How far tuning moved \(site.rawValue), by layer",
            description: "The mean over pairs of \(measure.words), with 95 % intervals over prompts.",
            chart: LineChart(
                x: Axis("layer", isWhole: true), y: Axis(measure.words, includesZero: true),
                series: [
                    Series(
                        measure.words, role: .effect,
                        points: layers.map {
                            Point(
                                x: Double($0.layer), y: $0.byPair.mean, lower: $0.interval?.lower,
                                upper: $0.interval?.upper, label: "layer \($0.layer)")
                        })
                ]), data: table)
    }
}

/// A pair's distance at one layer.
private struct PairDistance: Sendable {
    let pair: Int
    let layer: Int
    let distance: Double
    let prompt: Int
    let split: String
}

extension ActivationDistances.Measure {
    fileprivate var words: String {
        switch self {
        case .l2: "‖Δ‖"
        case .relative: "‖Δ‖ / ‖h‖"
        case .cosine: "1 − cosine"
        case .projection: "Δ along the mean difference"
        }
    }
}
