import Interventions
import Notebooks
import Statistics

/// A sweep's values and tables.
struct PatchSummary {
    let effects: SweepEffects

    init(_ effects: SweepEffects) { self.effects = effects }

    private static let layerColumns = [
        "layer", "direction", "control", "effect", "lower", "upper", "recovery", "increment", "increment_lower",
        "increment_upper", "increment_p", "interaction", "p", "q",
    ]
    private static let pairColumns = ["pair", "layer", "direction", "control", "margin", "effect"]

    static func outputs(controls: [Control]) -> Outputs {
        let ends = ["effect", "lower", "upper", "recovery"]
        return Outputs(
            values: [
                "base.margin.mean", "tuned.margin.mean", "gain.mean", "peak.layer", "peak.direction", "peak.effect",
                "peak.lower", "peak.upper", "peak.recovery", "peak.recovery.lower", "peak.recovery.upper", "step.layer",
                "step.increment", "step.lower", "step.upper", "step.share", "carriers.layers", "carriers.count",
                "carriers.first", "carriers.last", "increment.embedding", "increment.head", "interaction.largest",
                "interaction.layer",
            ] + controls.flatMap { control in ends.map { "\(control.rawValue).\($0)" } },
            tables: ["layers": layerColumns, "pairs": pairColumns])
    }

    func outcome() -> Outcome {
        var outcome = Outcome()
        let direction = effects.sweep.directions.first ?? .tunedToBase
        outcome.set("base.margin.mean", .number(effects.result.base.mean))
        outcome.set("tuned.margin.mean", .number(effects.result.tuned.mean))
        outcome.set("gain.mean", .number(effects.gain.mean))
        setPeak(direction, &outcome)
        setIncrements(direction, &outcome)
        let interacting = effects.rows(direction, .none).filter { $0.interaction != nil }
        let largest = Self.first(interacting) { abs($0.interaction ?? 0) }
        outcome.set("interaction.largest", .optional(largest?.interaction))
        outcome.set("interaction.layer", largest.map { .int($0.layer) } ?? .null)
        for control in effects.sweep.controls where control != .none {
            let worst = Self.first(effects.rows(direction, control)) { abs($0.effect) }
            outcome.set("\(control.rawValue).effect", .optional(worst?.effect))
            outcome.set("\(control.rawValue).lower", .optional(worst?.interval?.lower))
            outcome.set("\(control.rawValue).upper", .optional(worst?.interval?.upper))
            outcome.set("\(control.rawValue).recovery", .optional(worst?.recovery?.estimate))
        }
        outcome.add("layers", layers)
        outcome.add("pairs", pairs)
        return outcome
    }

    /// The layer of the largest effect in size; the first of equals.
    private func setPeak(_ direction: Direction, _ outcome: inout Outcome) {
        let peak = Self.first(effects.rows(direction, .none)) { abs($0.effect) }
        outcome.set("peak.layer", peak.map { .int($0.layer) } ?? .null)
        outcome.set("peak.direction", .string(direction.rawValue))
        outcome.set("peak.effect", .optional(peak?.effect))
        outcome.set("peak.lower", .optional(peak?.interval?.lower))
        outcome.set("peak.upper", .optional(peak?.interval?.upper))
        outcome.set("peak.recovery", .optional(peak?.recovery?.estimate))
        outcome.set("peak.recovery.lower", .optional(peak?.recovery?.lower))
        outcome.set("peak.recovery.upper", .optional(peak?.recovery?.upper))
    }

    /// The largest increment, and the carriers: layers whose increment differs from zero at 5 %, over all layers at once.
    private func setIncrements(_ direction: Direction, _ outcome: inout Outcome) {
        let rows = effects.rows(direction, .none).filter { $0.increment != nil }
        let step = Self.first(rows) { abs($0.increment?.mean ?? 0) }
        outcome.set("step.layer", step.map { .int($0.layer) } ?? .null)
        outcome.set("step.increment", .optional(step?.increment?.mean))
        outcome.set("step.lower", .optional(step?.increment?.interval?.lower))
        outcome.set("step.upper", .optional(step?.increment?.interval?.upper))
        let gain = effects.gain.mean
        outcome.set("step.share", .optional(step?.increment.map { $0.mean / gain }))
        let carriers = rows.filter { ($0.increment?.p ?? 1) < 0.05 }.map(\.layer)
        outcome.set("carriers.layers", .string(carriers.map(String.init).joined(separator: ", ")))
        outcome.set("carriers.count", .int(carriers.count))
        outcome.set("carriers.first", carriers.first.map { .int($0) } ?? .null)
        outcome.set("carriers.last", carriers.last.map { .int($0) } ?? .null)
        let ends = effects.ends(direction)
        outcome.set("increment.embedding", .optional(ends?.embedding))
        outcome.set("increment.head", .optional(ends?.head))
    }

    private var layers: Table {
        Table(
            columns: Self.layerColumns,
            rows: effects.rows.map { row in
                [
                    .int(row.layer), .string(row.direction.rawValue), .string(row.control.rawValue),
                    .number(row.effect), .optional(row.interval?.lower), .optional(row.interval?.upper),
                    .optional(row.recovery?.estimate), .optional(row.increment?.mean),
                    .optional(row.increment?.interval?.lower), .optional(row.increment?.interval?.upper),
                    .optional(row.increment?.p), .optional(row.interaction), .number(row.p), .number(row.q),
                ]
            })
    }

    private var pairs: Table {
        Table(
            columns: Self.pairColumns,
            rows: effects.rows.flatMap { row in
                row.margins.indices.map { pair in
                    [
                        .int(pair), .int(row.layer), .string(row.direction.rawValue), .string(row.control.rawValue),
                        .number(row.margins[pair]), .number(row.effects[pair]),
                    ]
                }
            })
    }

    /// The first of the rows with the largest value.
    private static func first(_ rows: [SweepEffects.Row], by value: (SweepEffects.Row) -> Double) -> SweepEffects.Row? {
        rows.reduce(nil) { best, row in
            guard let best, value(best) >= value(row) else { return row }
            return best
        }
    }
}
