import Interventions
import Markdown
import Notebooks
import Transformers

/// Options that several commands of the engine share.
enum EngineOptions {
    /// The activation that is looked at.
    static func site(_ help: String = "which activation is read") -> Option<Site> {
        .choice("site", Site.self, default: .residualPost, help: help)
    }

    /// One choice of positions.
    static func positions(default fallback: Positions) -> Option<Positions> {
        Option(
            "positions", type: positionsType, help: "at which tokens", defaultText: fallback.name, fallback: fallback,
            normal: { .scalar(.string($0.name)) },
            read: { (value) throws(OptionMismatch) -> Positions in try one(value) })
    }

    /// One choice of positions or several, for one result each.
    static func positionsList(help: String) -> Option<[Positions]> {
        Option(
            "positions", type: positionsType + ", or a list of these", help: help, defaultText: "all", fallback: [.all],
            normal: { .list($0.map { .scalar(.string($0.name)) }) },
            read: { (value) throws(OptionMismatch) -> [Positions] in
                guard let entries = value.sequence else { return [try one(value)] }
                let numbers = entries.compactMap { entry -> Int? in
                    if case .int(let number)? = entry.scalar, number >= 0 { number } else { nil }
                }
                if !entries.isEmpty, numbers.count == entries.count { return [.explicit(numbers)] }
                guard !entries.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
                var found: [Positions] = []
                for entry in entries {
                    let positions = try one(entry)
                    guard !found.contains(positions) else {
                        throw OptionMismatch("'\(positions.name)' is listed twice", at: entry.location)
                    }
                    found.append(positions)
                }
                return found
            })
    }

    private static let positionsType =
        "one of " + Positions.named.map { "'\($0.name)'" }.joined(separator: ", ")
        + ", a slice such as 'response[:3]', or position numbers such as [0, 5]"

    private static func one(_ value: YAMLValue) throws(OptionMismatch) -> Positions {
        let numbers = value.sequence?.compactMap { entry -> Int? in
            if case .int(let number)? = entry.scalar, number >= 0 { number } else { nil }
        }
        if let numbers, !numbers.isEmpty, numbers.count == value.sequence?.count { return .explicit(numbers) }
        if case .int(let number)? = value.scalar, number >= 0 { return .explicit([number]) }
        guard let text = value.text, let positions = try? Positions(text) else {
            throw OptionMismatch("found \(value.inWords)", at: value.location)
        }
        return positions
    }

    static let negligible = Option<Double>.number(
        "negligible", in: 0.0001...1000.0, default: 0.1,
        help: "effects within ± this count as none; an equivalence test says how sure that is")

    /// Whether all pairs choose.
    static let chooseOn = Option.mapping(
        "choose_on", [("fit", false), ("all", true)], default: "fit",
        help:
            "which pairs a choice is made on: 'fit' leaves the others to judge it; 'all' judges it on the same pairs, and the page says so"
    )

    /// The share of prompts that choose; nil for no split.
    static let split = Option<Double?>(
        "split", type: "'none', or {fit: SHARE} with a share between 0 and 1",
        help:
            "the share of prompts, drawn from the notebook's seed, on which later blocks choose; they report on the others",
        defaultText: "{fit: 0.5}", fallback: .some(0.5),
        normal: { share in
            guard let share else { return .scalar(.string("none")) }
            return .map([.init(key: "fit", value: .scalar(.number(share)))])
        },
        read: { (value) throws(OptionMismatch) -> Double? in
            if value.text == "none" { return nil }
            guard let entries = value.mapping else {
                throw OptionMismatch("\(value.inWords) is neither", at: value.location)
            }
            for entry in entries where entry.key != "fit" {
                throw OptionMismatch("'\(entry.key)' is not one of its keys", at: entry.keyLocation)
            }
            guard let written = value["fit"] else { throw OptionMismatch("it has no 'fit'", at: value.location) }
            guard let share = written.scalar?.number, share > 0, share < 1 else {
                throw OptionMismatch("\(written.inWords) is not a share", at: written.location)
            }
            return share
        })

    /// What is said of a layer that the models do not have.
    static func missingLayer(_ layer: Int, of count: Int, option: String) -> ArgumentError {
        ArgumentError(
            option: option, "option '\(option)' names layer \(layer), but the models' layers are 0 to \(count - 1)")
    }
}

extension Arguments {
    /// How many layers the base of a `{models}` block says that it has; nil where only its weights tell.
    func layers(of models: String) -> Int? { (command(models) as? ModelsCommand)?.layers(in: project) }
}
