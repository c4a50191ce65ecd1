import Charts
import Experiments
import Interventions
import Markdown
import Notebooks
import Statistics
import Values

/// `{dose}`: the base with a share α of what tuning changed, in weights or along a direction, for several α.
public struct DoseCommand: Command {
    /// The name in the fence.
    public static let name = "dose"
    /// One line of help.
    public static let summary =
        "Runs the base with a share of what tuning changed: is the response a straight line, and where does it bend?"
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let scales = Option<[Double]>(
        "scales", type: "a list of numbers from -10 to 10",
        help: "the shares α; 0 and 1 are always added, and of weights in the whole model they are the two models",
        defaultText: "[-1, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 2]", fallback: [-1, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 2],
        normal: { .list($0.map { .scalar(.number($0)) }) },
        read: { (value) throws(OptionMismatch) -> [Double] in
            var found: [Double] = []
            for entry in value.sequence ?? [value] {
                guard let number = NamedRoute.share(entry) else {
                    throw OptionMismatch("found \(entry.inWords)", at: entry.location)
                }
                guard !found.contains(number) else {
                    throw OptionMismatch("\(entry.inWords) is listed twice", at: entry.location)
                }
                found.append(number)
            }
            guard !found.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
            return found
        })
    static let of = Option.mapping(
        "of", [("weights", true), ("mean_difference", false)], default: "weights",
        help:
            "W_base + α (W_tuned − W_base), or h + α v with the mean difference v of both models' activations over the fit "
            + "pairs, which is run on the confirm pairs")
    static let site = EngineOptions.site("which activation v is added to, for 'of: mean_difference'")
    static let positions = EngineOptions.positions(default: .all)
    static let layers = Option<IntegerSet>.integers(
        "layers",
        help:
            "in which layers; of weights 'all' includes the embedding, the last norm and the head, unless 'by: layer'")
    static let by = Option.mapping(
        "by", [("set", false), ("layer", true)], default: "set",
        help: "change these layers together, or one at a time")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        of
        scales
        layers
        by
        site
        positions
        EngineOptions.negligible
    }

    private let subjects: Subjects
    private let scales: [Double]
    private let layers: IntegerSet
    private let isByLayer: Bool
    private let substance: DoseResponse.Substance
    private let negligible: Double

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        scales = try arguments.value(Self.scales)
        layers = try arguments.value(Self.layers)
        isByLayer = try arguments.value(Self.by)
        negligible = try arguments.value(EngineOptions.negligible)
        let isOfWeights = try arguments.value(Self.of)
        let (site, positions) = (try arguments.value(Self.site), try arguments.value(Self.positions))
        substance = isOfWeights ? .weights : .meanDifference(site: site, positions: positions)
        var problems = ArgumentProblems()
        for option in ["site", "positions"] where isOfWeights && arguments.isGiven(option) {
            problems.add(
                option, "option '\(option)' says where a direction is added, and this block changes weights",
                help: "leave it out, or set 'of: mean_difference'")
        }
        try problems.throwIfAny()
    }

    private static let values = OutputValues<DosedPart> {
        Output("effect", "what the whole dose, α = 1, changes", unit: "nats") { $0.row(at: 1)?.effect.mean }
        Output.ends("effect.") { $0.row(at: 1)?.effect.interval }
        Output("straight.lower", "the least α down to which no departure from the line through 0 and 1 is shown") {
            $0.found.straight($0.part).lower
        }
        Output("straight.upper", "the greatest α up to which none is shown") { $0.found.straight($0.part).upper }
        Output("straight.between", "whether none is shown between 0 and 1") { $0.found.isStraightBetween($0.part) }
        Output("departure.scale", "the α at which the response is farthest from the line") { $0.farthest?.scale }
        Output("departure.largest", "how far it is from it there", unit: "nats") { $0.farthest?.departure?.mean }
        Output.ends("departure.largest.") { $0.farthest?.departure?.interval }
        Output("accuracy.scale", "the α of the highest accuracy, the first of equals") { $0.best?.scale }
        Output("accuracy.best", "the share of pairs with a margin above 0 there") { $0.best?.accuracy.mean }
    }

    private static let table = OutputTable<DoseResponse.Row>("doses") {
        Output("layers", "the layers that change; of weights, `all` includes the embedding and the head") {
            $0.part.name
        }
        Output("scale", "α, the share of tuning's change") { $0.scale }
        Output("margin", "the mean margin", unit: "nats") { $0.margins.mean }
        Output("effect", "the mean margin minus the base's", unit: "nats") { $0.effect.mean }
        Output.ends { $0.effect.interval }
        Output.ends("band_", of: "simultaneous 95 % band over all doses") { $0.effect.band }
        Output("departure", "the effect minus α times the effect at α = 1", unit: "nats") { $0.departure?.mean }
        Output.ends("departure_", of: "departure's interval") { $0.departure?.interval }
        Output("departure_p", "p-value of no departure, corrected over all doses (max-T)") { $0.departure?.p }
        Output("accuracy", "the share of pairs whose margin is above 0") { $0.accuracy.mean }
        Output.ends("accuracy_", of: "accuracy's interval") { $0.accuracy.interval }
        Output("kl", "the mean KL from the tuned model", unit: "nats") { $0.divergence.mean }
        Output.ends("kl_", of: "KL's interval") { $0.divergence.interval }
    }

    private static let pairTable = OutputTable<(row: DoseResponse.Row, pair: Int, number: Int)>("pairs") {
        Output.pair { $0.number }
        Output("layers", "the layers that change") { $0.row.part.name }
        Output("scale", "α, the share of tuning's change") { $0.row.scale }
        Output("margin", "the pair's margin", unit: "nats") { $0.row.margins[$0.pair] }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
        pairTable
        Outputs(figures: DoseFigures.names)
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        guard let count = arguments.layers(of: subjects.models), let greatest = layers.greatest, greatest >= count
        else {
            return []
        }
        return [EngineOptions.missingLayer(greatest, of: count, option: "layers")]
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs, halves) = try bindings.load(subjects)
        guard let members = layers.members(below: models.layers) else {
            throw EngineOptions.missingLayer(layers.greatest ?? 0, of: models.layers, option: "layers")
        }
        let parts: [DoseResponse.Part] =
            isByLayer ? members.map { .layers([$0]) } : [layers == .all ? .whole : .layers(members)]
        let found = try DoseResponse(
            models, pairs, of: substance, scales: scales, parts: parts, halves: halves, negligible: negligible,
            in: bindings)
        let dosed = parts.map { DosedPart(found: found, part: $0) }
        let first = dosed.largest { $0.row(at: 1)?.effect.mean ?? 0 }
        var outcome = Outcome()
        outcome.set(Self.values, of: first)
        let table = outcome.add(Self.table, found.rows)
        outcome.add(
            Self.pairTable,
            found.numbers.enumerated().flatMap { pair, number in
                found.rows.map { (row: $0, pair: pair, number: number) }
            })
        outcome.figures = DoseFigures(found: found, table: table).all
        if case .meanDifference = substance, let note = halves.note("The direction was") { outcome.notes.append(note) }
        if let note = FewPrompts.note(pairs.at(found.numbers).map(\.cluster)) { outcome.notes.append(note) }
        if isByLayer, let first {
            outcome.notes.append(
                "The values of this block are those of layer \(first.part.name), whose whole change does most on these pairs."
            )
        }
        return outcome
    }
}

/// The doses of one part.
private struct DosedPart: Sendable {
    let found: DoseResponse
    let part: DoseResponse.Part

    private var rows: [DoseResponse.Row] { found.rows(of: part) }

    func row(at scale: Double) -> DoseResponse.Row? { rows.first { $0.scale == scale } }

    /// The dose whose response is farthest from the line.
    var farthest: DoseResponse.Row? {
        rows.filter { $0.departure != nil }.largest { $0.departure?.mean ?? 0 }
    }

    /// The dose of the highest accuracy.
    var best: DoseResponse.Row? { rows.largest { $0.accuracy.mean } }
}

extension DoseResponse.Part {
    /// The part's name in tables.
    var name: String {
        switch self {
        case .whole: "all"
        case .layers(let layers): LayerRanges.text(layers)
        }
    }
}
