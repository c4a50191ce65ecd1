import Interventions
import Notebooks
import Statistics
import Values

/// A sweep's values and tables.
struct PatchSummary {
    private let effects: PatchEffects
    private let controls: [Control]
    private let numbers: [Int]
    let concentration: LayerConcentration?

    /// - Parameters:
    ///   - numbers: the numbers of the pairs that were walked, `[pair]`; nil when all were.
    ///   - norms: ‖ΔW‖ of each layer of the models.
    init(_ effects: PatchEffects, controls: [Control], numbers: [Int]?, norms: [Double]) {
        self.effects = effects
        self.controls = controls
        self.numbers = numbers ?? Array(effects.clusters.indices)
        concentration = LayerConcentration(effects, norms: norms)
    }

    static let layerColumns = [
        "layer", "direction", "control", "positions", "head", "effect", "lower", "upper", "band_lower", "band_upper",
        "recovery", "recovery_lower", "recovery_upper", "increment", "increment_lower", "increment_upper",
        "increment_p", "interaction", "interaction_share", "p", "q", "equivalence", "detectable",
        "increment_equivalence", "increment_detectable", "chosen", "rejected", "order_error",
    ]
    private static let pairColumns = [
        "pair", "layer", "direction", "control", "positions", "head", "margin", "effect",
    ]

    static func outputs(controls: [Control], withSets: Bool) -> Outputs {
        let ends = ["effect", "lower", "upper", "recovery"]
        var outputs = Outputs(
            values: [
                "base.margin.mean", "tuned.margin.mean", "gain.mean", "pairs.fit", "pairs.confirm", "peak.layer",
                "peak.head", "peak.positions", "peak.direction", "peak.effect", "peak.lower", "peak.upper",
                "peak.recovery", "peak.recovery.lower", "peak.recovery.upper", "step.layer", "step.increment",
                "step.lower", "step.upper", "step.share", "carriers.layers", "carriers.count", "carriers.first",
                "carriers.last", "nothing.layers", "nothing.count", "nothing.margin", "increment.embedding",
                "increment.head", "interaction.largest", "interaction.layer", "interaction.share",
            ] + LayerConcentration.values
                + controls.flatMap { control in ends.map { "\(control.rawValue).\($0)" } },
            tables: [
                "layers": layerColumns, "pairs": pairColumns, "concentration": LayerConcentration.columns,
            ])
        if withSets {
            outputs.values += LayerSets.values
            outputs.tables["sets"] = LayerSets.columns
        }
        return outputs
    }

    func outcome() -> Outcome {
        var outcome = Outcome()
        let direction = effects.direction
        outcome.set("base.margin.mean", .number(effects.measures.base.mean))
        outcome.set("tuned.margin.mean", .number(effects.measures.tuned.mean))
        outcome.set("gain.mean", .number(effects.measures.gain.mean))
        outcome.set("pairs.fit", .int(effects.halves.fit.count))
        outcome.set("pairs.confirm", .int(effects.halves.confirm.count))
        setPeak(direction, &outcome)
        setSteps(direction, &outcome)
        setInteraction(direction, &outcome)
        LayerConcentration.set(concentration, in: &outcome)
        for control in controls {
            let worst = PatchEffects.largest(effects.rows(direction, control)) { $0.effect }
            outcome.set("\(control.rawValue).effect", .optional(worst?.effect))
            outcome.set("\(control.rawValue).lower", .optional(worst?.statistics.interval?.lower))
            outcome.set("\(control.rawValue).upper", .optional(worst?.statistics.interval?.upper))
            outcome.set("\(control.rawValue).recovery", .optional(worst?.statistics.recovery?.estimate))
        }
        outcome.add("layers", layers)
        outcome.add("concentration", concentration?.table ?? Table(columns: LayerConcentration.columns))
        outcome.add("pairs", pairs)
        return outcome
    }

    /// The place of the largest effect in size on the fit pairs, judged by the confirm pairs.
    private func setPeak(_ direction: Direction, _ outcome: inout Outcome) {
        let peak = effects.peak(direction)
        let judged = peak.map { effects.confirmed(effects.telling($0)) }
        outcome.set("peak.layer", peak.map { .int($0.place.layer) } ?? .null)
        outcome.set("peak.head", peak?.place.head.map { .int($0) } ?? .null)
        outcome.set("peak.positions", peak.map { .string($0.place.positions.name) } ?? .null)
        outcome.set("peak.direction", .string(direction.rawValue))
        outcome.set("peak.effect", .optional(judged?.mean))
        outcome.set("peak.lower", .optional(judged?.interval?.lower))
        outcome.set("peak.upper", .optional(judged?.interval?.upper))
        outcome.set("peak.recovery", .optional(judged?.recovery?.estimate))
        outcome.set("peak.recovery.lower", .optional(judged?.recovery?.lower))
        outcome.set("peak.recovery.upper", .optional(judged?.recovery?.upper))
    }

    /// What layers themselves add: the largest, chosen on the fit pairs; the carriers, which differ from zero at 5 % over all layers
    /// at once; and those that are negligible at 5 %.
    private func setSteps(_ direction: Direction, _ outcome: inout Outcome) {
        let own = effects.own(direction)
        let step = PatchEffects.largest(own) { $0.values.at(effects.halves.fit).mean }
        let judged = step.map { effects.confirmed($0.values) }
        outcome.set("step.layer", step.map { .int($0.layer) } ?? .null)
        outcome.set("step.increment", .optional(judged?.mean))
        outcome.set("step.lower", .optional(judged?.interval?.lower))
        outcome.set("step.upper", .optional(judged?.interval?.upper))
        outcome.set("step.share", .optional(judged?.recovery?.estimate))
        // Of several heads or positions in a layer, one that carries is enough, and all must be negligible.
        let carriers = Set(own.filter { $0.statistics.p < 0.05 }.map(\.layer)).sorted()
        outcome.set("carriers.layers", .string(carriers.map(String.init).joined(separator: ", ")))
        outcome.set("carriers.count", .int(carriers.count))
        outcome.set("carriers.first", carriers.first.map { .int($0) } ?? .null)
        outcome.set("carriers.last", carriers.last.map { .int($0) } ?? .null)
        let something = Set(own.filter { $0.statistics.equivalence >= 0.05 }.map(\.layer))
        let nothing = Set(own.map(\.layer)).subtracting(something).sorted()
        outcome.set("nothing.layers", .string(nothing.map(String.init).joined(separator: ", ")))
        outcome.set("nothing.count", .int(nothing.count))
        outcome.set("nothing.margin", .number(effects.negligible))
        let ends = effects.measures.ends[direction]
        outcome.set("increment.embedding", .optional(ends?.embedding.mean))
        outcome.set("increment.head", .optional(ends?.head.mean))
    }

    private func setInteraction(_ direction: Direction, _ outcome: inout Outcome) {
        let interacting = effects.rows(direction, .none).filter { $0.interaction != nil }
        let largest = PatchEffects.largest(interacting) { $0.interaction ?? 0 }
        outcome.set("interaction.largest", .optional(largest?.interaction))
        outcome.set("interaction.layer", largest.map { .int($0.place.layer) } ?? .null)
        outcome.set("interaction.share", .optional(largest.flatMap(share)))
    }

    /// 1 − c − n, with C and N as shares of the way from m(B) to m(T).
    private func share(_ row: PatchEffects.Row) -> Double? {
        let gain = effects.measures.gain.mean
        return gain == 0 ? nil : row.interaction.map { $0 / gain }
    }

    private var layers: Table {
        Table(
            columns: Self.layerColumns,
            rows: effects.rows.map { row in
                let (found, step) = (row.statistics, row.increment)
                let place: [Scalar] = [
                    .int(row.place.layer), .string(row.place.direction.rawValue), .string(row.place.control.rawValue),
                    .string(row.place.positions.name), row.place.head.map { .int($0) } ?? .null,
                ]
                let numbers: [Double?] = [
                    found.mean, found.interval?.lower, found.interval?.upper, found.band?.lower, found.band?.upper,
                    found.recovery?.estimate, found.recovery?.lower, found.recovery?.upper, step?.mean,
                    step?.interval?.lower, step?.interval?.upper, step?.p, row.interaction, share(row), found.p,
                    found.q,
                    found.equivalence, found.detectable, step?.equivalence, step?.detectable, row.cell.chosen?.mean,
                    row.cell.rejected?.mean, row.cell.orderError,
                ]
                return place + numbers.map { .optional($0) }
            })
    }

    private var pairs: Table {
        Table(
            columns: Self.pairColumns,
            rows: effects.rows.filter { $0.place.control.isRun }.flatMap { row in
                row.cell.effects.indices.map { pair in
                    [
                        .int(numbers[pair]), .int(row.place.layer), .string(row.place.direction.rawValue),
                        .string(row.place.control.rawValue), .string(row.place.positions.name),
                        row.place.head.map { .int($0) } ?? .null, .optional(row.cell.metric?[pair]),
                        .number(row.cell.effects[pair]),
                    ]
                }
            })
    }
}
