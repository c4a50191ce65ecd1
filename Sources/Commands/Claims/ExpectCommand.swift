import Markdown
import Notebooks
import Values

/// `{expect}`: what the author claims of the results above, with a reason for each claim.
public struct ExpectCommand: Command {
    /// The name in the fence.
    public static let name = "expect"
    /// Verdicts name the values that they compare.
    public static let writesIDs = true
    /// One line of help.
    public static let summary = "States claims about values above; a failed claim makes the command exit with 3."
    /// What a page shows of it.
    public static let display = Display.claims

    static let claims = Option.yaml(
        "claims", type: "a list of claims, each with 'claim', 'because' and perhaps 'kind'",
        help:
            "such as {claim: sweep.peak.layer in 5..10, because: the card says so}; compare with < <= > >= == !=, in, between; "
            + "'a - b > 0' is about the paired difference of two estimates; "
            + "'kind' is prediction (the default), identity or exploratory"
    ).naming(.values(keys: ["claim", "kind", "because"]))

    /// What may be asked of it.
    public static var options: [OptionDeclaration] {
        claims
    }
    /// The claims, when the body is a plain list.
    public static let listOption: String? = "claims"

    /// One claim with its reason.
    private struct Entry: Sendable {
        let text: String
        let claim: Claim
        let kind: ClaimKind
        let because: String
    }

    private let entries: [Entry]
    /// The blocks whose values the claims name.
    public let references: [String]
    /// The parameters that the claims name.
    public let parametersRead: [String]

    /// Reads the claims and checks that every value they name exists above.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        let value = try arguments.value(Self.claims)
        var problems = ArgumentProblems()
        guard let list = value.sequence, !list.isEmpty else {
            throw ArgumentError(
                option: "claims",
                "'claims' takes a list of claims, not \(value.sequence == nil ? value.inWords : "an empty one")",
                at: value.location)
        }
        var entries: [Entry] = []
        var references: [String] = []
        for item in list {
            do throws(ArgumentError) {
                let (entry, written) = try Self.entry(item)
                entries.append(entry)
                for path in entry.claim.paths {
                    if let id = try arguments.block(ofValue: path, option: "claims", in: written),
                        !references.contains(id)
                    {
                        references.append(id)
                    }
                }
                if entry.claim.comparesWithItself {
                    throw Self.bad(
                        "both sides of the claim are the same value, '\(entry.claim.path)'", at: written.location)
                }
                if let contradiction = entry.claim.contradiction(arguments.kind(ofValue:)) {
                    throw Self.bad("the claim can never hold: \(contradiction)", at: written.location)
                }
                let unpaired = entry.claim.unpaired(isEstimate: arguments.isEstimate) { path in
                    Self.pairs(of: path, arguments.blocksAbove)
                }
                if let unpaired { throw Self.bad(unpaired, at: written.location, help: Self.differenceHelp) }
            } catch {
                problems.add(error)
            }
        }
        try problems.throwIfAny()
        self.entries = entries
        self.references = references
        parametersRead = entries.flatMap(\.claim.paths).filter { $0.hasPrefix("params.") }.map {
            String($0.dropFirst(7))
        }
    }

    /// The ids of the pairs that the block of a value runs on.
    private static func pairs(of path: String, _ above: [BlockAbove]) -> [String] {
        let block = above.first { path.hasPrefix($0.id + ".") }
        return block?.references.filter { id in above.contains { $0.id == id && $0.command == PairsCommand.name } }
            ?? []
    }

    private static func entry(_ value: YAMLValue) throws(ArgumentError) -> (Entry, YAMLValue) {
        guard let fields = value.mapping else {
            throw bad("a claim is a mapping with 'claim' and 'because', not \(value.inWords)", at: value.location)
        }
        if let unknown = fields.first(where: { !["claim", "kind", "because"].contains($0.key) }) {
            throw bad(
                "a claim has no key '\(unknown.key)'; it has 'claim', 'kind' and 'because'", at: unknown.keyLocation)
        }
        guard let written = value["claim"], let text = written.text, !text.isEmpty else {
            throw bad(
                "a claim needs 'claim', such as 'sweep.peak.layer in 5..10'",
                at: value["claim"]?.location ?? value.location)
        }
        let claim: Claim
        do {
            claim = try ClaimParser.claim(text)
        } catch {
            throw bad("the claim does not parse: \(error.problem)", at: written.location)
        }
        guard let because = value["because"]?.text, !because.isEmpty else {
            throw bad(
                "a claim needs 'because': why the author expects it", at: value["because"]?.location ?? value.location,
                help: "such as 'because: tuning should raise the margin'")
        }
        var kind = ClaimKind.prediction
        if let given = value["kind"] {
            guard let named = given.text.flatMap(ClaimKind.init(rawValue:)) else {
                let kinds = ClaimKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                throw bad(
                    "a claim's 'kind' is one of \(kinds), not \(given.inWords)", at: given.location, help: kindHelp)
            }
            kind = named
        }
        return (Entry(text: text, claim: claim, kind: kind, because: because), written)
    }

    private static let kindHelp =
        "the data may refute a prediction; an identity holds whatever the data; what was chosen after a look at the results is exploratory"
    private static let differenceHelp =
        "a claim about two estimates reads 'path - path op number', and holds where the 95 % interval of their paired difference does"

    private static func bad(
        _ sentence: String, at location: SourceLocation,
        help: String =
            "a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'"
    ) -> ArgumentError {
        ArgumentError(
            option: "claims", sentence, at: location, code: .badClaim, help: help)
    }

    private static let counts = OutputValues<[ClaimVerdict]> {
        Output("held", "how many claims held") { $0.count { $0.held } }
        Output("failed", "how many failed") { $0.count { !$0.held } }
        for kind in ClaimKind.allCases {
            Output("\(kind.rawValue).held", "how many \(kind.noun(2)) held") { $0.count { $0.kind == kind && $0.held } }
            Output("\(kind.rawValue).failed", "how many \(kind.noun(2)) failed") {
                $0.count { $0.kind == kind && !$0.held }
            }
        }
    }

    private static let table = OutputTable<ClaimVerdict>("claims") {
        Output("claim", "the claim as written") { $0.claim }
        Output("kind", "`prediction`, `identity` or `exploratory`") { $0.kind.rawValue }
        Output("found", "the value that it was judged on, or the difference of two") { $0.found }
        Output("lower", "the lower end of the 95 % interval of a difference, over prompts") { $0.interval?.lower }
        Output("upper", "the upper end of the 95 % interval of a difference, over prompts") { $0.interval?.upper }
        Output("held", "whether it held") { $0.held }
        Output("because", "why the author expects it") { $0.because }
    }

    /// Two counts, and the claims as a table.
    public static var outputs: Outputs {
        counts
        table
    }

    /// Judges every claim; a failed one is a result, not an error.
    public func run(_ bindings: Bindings) throws -> Outcome {
        var outcome = Outcome()
        outcome.claims = entries.map { Self.verdict($0, bindings) }
        outcome.set(Self.counts, of: outcome.claims)
        outcome.add(Self.table, outcome.claims)
        return outcome
    }

    private static func verdict(_ entry: Entry, _ bindings: Bindings) -> ClaimVerdict {
        let claim = entry.claim
        var found = bindings.value(claim.path) ?? .null
        var interval: ClaimVerdict.Ends?
        var missing: String?
        var others = claim.paths.filter { $0 != claim.path }
        let held: Bool
        if let subtracted = claim.subtracted {
            let difference = bindings.parts(claim.path).flatMap { first in
                bindings.parts(subtracted).map { EstimateDifference(first, $0, seed: bindings.seed) }
            }
            found = difference?.estimate.scalar ?? .null
            interval = difference?.interval.map { ClaimVerdict.Ends(lower: $0.lower, upper: $0.upper) }
            missing = difference.map(\.missing) ?? "one of the estimates has no value"
            others = claim.paths
            held = interval.map { claim.holds(for: $0, bindings.value) } ?? false
        } else {
            held = claim.holds(bindings.value)
        }
        var seen: Set<String> = []
        return ClaimVerdict(
            claim: entry.text, kind: entry.kind, because: entry.because, found: found, interval: interval,
            missing: missing,
            others: others.filter { seen.insert($0).inserted }.map { path in
                ClaimVerdict.Value(path: path, scalar: bindings.value(path) ?? .null)
            }, held: held)
    }
}
