import Markdown
import Notebooks
import Values

/// `{expect}`: what the author claims of the results above, with a reason for each claim.
public struct ExpectCommand: Command {
    /// The name in the fence.
    public static let name = "expect"
    /// One line of help.
    public static let summary = "States claims about values above; a failed claim makes the command exit with 3."
    /// What a page shows of it.
    public static let display = Display.claims

    static let claims = Option.yaml(
        "claims", type: "a list of claims, each with 'claim' and 'because'",
        help:
            "such as {claim: sweep.peak.layer in 5..10, because: the card says so}; compare with < <= > >= == !=, in, between"
    ).naming(.values(keys: ["claim", "because"]))

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
                if let contradiction = entry.claim.contradiction(arguments.kind(ofValue:)) {
                    throw Self.bad("the claim can never hold: \(contradiction)", at: written.location)
                }
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

    private static func entry(_ value: YAMLValue) throws(ArgumentError) -> (Entry, YAMLValue) {
        guard let fields = value.mapping else {
            throw bad("a claim is a mapping with 'claim' and 'because', not \(value.inWords)", at: value.location)
        }
        if let unknown = fields.first(where: { $0.key != "claim" && $0.key != "because" }) {
            throw bad("a claim has no key '\(unknown.key)'; it has 'claim' and 'because'", at: unknown.keyLocation)
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
        return (Entry(text: text, claim: claim, because: because), written)
    }

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
    }

    private static let table = OutputTable<ClaimVerdict>("claims") {
        Output("claim", "the claim as written") { $0.claim }
        Output("found", "the value that it was judged on") { $0.found }
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
        outcome.claims = entries.map { entry in
            var others: [ClaimVerdict.Value] = []
            for path in entry.claim.paths.dropFirst()
            where path != entry.claim.path && !others.contains(where: { $0.path == path }) {
                others.append(ClaimVerdict.Value(path: path, scalar: bindings.value(path) ?? .null))
            }
            return ClaimVerdict(
                claim: entry.text, because: entry.because, found: bindings.value(entry.claim.path) ?? .null,
                others: others, held: entry.claim.holds(bindings.value))
        }
        outcome.set(Self.counts, of: outcome.claims)
        outcome.add(Self.table, outcome.claims)
        return outcome
    }
}
