import JSON
import Values

/// An evaluation as JSON: what a report carries and `render --results` writes. Nothing in it depends on machine, path or clock.
public enum ResultsJSON {
    /// `{"schema": 1, "notebook": "x.md", "blocks": {…}, "provenance": {…}}`
    public static func json(of evaluation: Evaluation) -> JSON {
        let blocks = evaluation.blocks
        return .object([
            JSON.Member("schema", .int(Version.schema)),
            JSON.Member("notebook", .string(evaluation.name)),
            JSON.Member("blocks", .object(blocks.map { JSON.Member($0.head.id, json(of: $0)) })),
            JSON.Member("provenance", provenance(of: evaluation)),
        ])
    }

    private static func json(of block: EvaluatedBlock) -> JSON {
        let result = block.result
        let outcome = result.outcome
        var members = [
            JSON.Member("command", .string(result.command)),
            JSON.Member("options", .object(result.options.map { JSON.Member($0.name, $0.value.json) })),
            JSON.Member("key", .string(result.key)),
            JSON.Member("values", .object(outcome.values.map { JSON.Member($0.path, $0.scalar.json) })),
            JSON.Member("tables", .object(outcome.tables.map { JSON.Member($0.name, $0.table.json) })),
        ]
        if let failure = block.failure {
            members.append(JSON.Member("failure", .array(failure.problems.map { .string($0.message) })))
        }
        if !outcome.figures.isEmpty {
            members.append(
                JSON.Member(
                    "figures",
                    .object(
                        outcome.figures.map {
                            JSON.Member($0.name, FigureData.json(of: $0.data, among: outcome.tables))
                        })))
        }
        if !outcome.claims.isEmpty { members.append(JSON.Member("claims", .array(outcome.claims.map(json(of:))))) }
        if !outcome.checks.isEmpty { members.append(JSON.Member("checks", .array(outcome.checks.map(json(of:))))) }
        return .object(members)
    }

    private static func json(of verdict: ClaimVerdict) -> JSON {
        let others = verdict.others.map { JSON.Member($0.path, $0.scalar.json) }
        return .object(
            [
                JSON.Member("claim", .string(verdict.claim)),
                JSON.Member("kind", .string(verdict.kind.rawValue)),
                JSON.Member("because", .string(verdict.because)),
                JSON.Member("found", verdict.found.json),
            ]
                + (verdict.interval.map {
                    [
                        JSON.Member("lower", Scalar.number($0.lower).json),
                        JSON.Member("upper", Scalar.number($0.upper).json),
                    ]
                } ?? [])
                + (verdict.missing.map { [JSON.Member("missing", .string($0))] } ?? [])
                + (others.isEmpty ? [] : [JSON.Member("others", .object(others))])
                + [JSON.Member("held", .bool(verdict.held))])
    }

    private static func json(of check: Check) -> JSON {
        .object([
            JSON.Member("name", .string(check.name)),
            JSON.Member("found", Scalar.number(check.found).json),
            JSON.Member("tolerance", Scalar.number(check.tolerance).json),
            JSON.Member("unit", .string(check.unit)),
            JSON.Member("held", .bool(check.held)),
        ])
    }

    private static func provenance(of evaluation: Evaluation) -> JSON {
        let inputs = evaluation.blocks.flatMap { block in
            block.result.inputs.map { input in
                JSON.object([
                    JSON.Member("block", .string(block.result.id)),
                    JSON.Member("name", .string(input.name)),
                    JSON.Member("sha256", .string(input.digest)),
                ])
            }
        }
        return .object([
            JSON.Member("patchbook", .string(Version.patchbook)),
            JSON.Member("engine", .int(Version.engine)),
            JSON.Member("arithmetic", .string(evaluation.arithmetic)),
            JSON.Member("seed", evaluation.hasOneSeed ? .int(Int(clamping: evaluation.seed)) : .null),
            JSON.Member(
                "parameters", .object(evaluation.parameters.map { JSON.Member($0.name, $0.value.json) })),
            JSON.Member("inputs", .array(inputs)),
        ])
    }
}
