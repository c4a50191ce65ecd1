/// Runs a bound notebook, block after block in document order.
public struct Evaluator: Sendable {
    /// What happens on the way, for progress lines.
    public enum Event: Sendable, Equatable {
        /// `index` counts the blocks from 0.
        case blockStarted(id: String, command: String, index: Int, count: Int)
        case progress(id: String, Progress)
        /// `failedClaims` is 0 for every block but `{expect}`.
        case blockFinished(id: String, failedClaims: Int)
    }

    /// An evaluator that keeps nothing between runs.
    public init() {}

    /// Runs every block.
    /// - Parameter observer: told of each event, on the thread that it happens on.
    /// - Throws: what stopped a block, at its fence or at the option that the error names.
    public func evaluate(
        _ bound: BoundNotebook, observer: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(Diagnostics) -> Evaluation {
        var results: [String: BlockResult] = [:]
        var parts: [Evaluation.Part] = []
        let count = bound.blocks.count
        for part in bound.parts {
            switch part {
            case .prose(let blocks): parts.append(.prose(blocks))
            case .block(let block):
                observer(.blockStarted(id: block.id, command: block.name, index: results.count, count: count))
                let result = try run(block, of: bound, results, observer)
                results[block.id] = result
                observer(.blockFinished(id: block.id, failedClaims: result.outcome.claims.count { !$0.held }))
                parts.append(
                    .block(
                        EvaluatedBlock(
                            result: result, caption: block.caption, alt: block.alt, show: block.show,
                            source: block.source,
                            isAnonymous: block.isAnonymous)))
            }
        }
        return Evaluation(
            name: bound.source.fileName, title: bound.title, subtitle: bound.subtitle, author: bound.author,
            seed: bound.seed,
            parameters: bound.parameters, parts: parts)
    }

    private func run(
        _ block: BoundBlock, of bound: BoundNotebook, _ results: [String: BlockResult],
        _ observer: @escaping @Sendable (Event) -> Void
    ) throws(Diagnostics) -> BlockResult {
        let id = block.id
        let bindings = Bindings(
            seed: bound.seed, project: bound.project, parameters: bound.parameters,
            results: results.filter { block.references.contains($0.key) },
            commands: Dictionary(
                bound.blocks.filter { block.references.contains($0.id) }.map { ($0.id, $0.command) },
                uniquingKeysWith: { first, _ in first }),
            progress: { observer(.progress(id: id, $0)) })
        let inputs: [Input]
        let outcome: Outcome
        do {
            inputs = try block.command.inputs(bindings)
            outcome = try block.command.run(bindings)
        } catch let error as Diagnostics {
            throw error
        } catch {
            throw failure(error, of: block, bound)
        }
        if let difference = block.command.outputs.difference(from: outcome) {
            var log = ProblemLog(bound.source)
            log.add(
                .internalError, at: block.location,
                "command '\(block.name)' did not hand on what it declared: \(difference)",
                help: "this is a mistake in Patchbook, not in the notebook")
            throw Diagnostics(log.all)
        }
        return BlockResult(
            id: id, command: block.name,
            options: block.options.filter { $0.declaration.effect == .computational }.map {
                (name: $0.declaration.name, value: $0.value)
            }, inputs: inputs,
            key: BlockKey.key(of: block, inputs: inputs, digests: results.mapValues(\.digest), seed: bound.seed),
            digest: BlockKey.digest(of: outcome), outcome: outcome)
    }

    private func failure(_ error: any Error, of block: BoundBlock, _ bound: BoundNotebook) -> Diagnostics {
        var log = ProblemLog(bound.source)
        switch error {
        case let error as ArgumentError:
            log.add(error) { name in
                block.options.first { $0.declaration.name == name }?.location ?? block.location
            }
        case let error as PathError:
            log.add(.outsideProject, at: block.location, error.description, help: error.help)
        default: log.add(.runFailed, at: block.location, "block '\(block.id)': \(error)")
        }
        return Diagnostics(log.all)
    }
}

extension Outputs {
    /// How an outcome differs from what was declared; nil when it does not.
    func difference(from outcome: Outcome) -> String? {
        var found: [String] = []
        let given = outcome.values.map(\.path)
        found += values.filter { !given.contains($0) }.map { "value '\($0)' is missing" }
        found += given.filter { !values.contains($0) }.map { "value '\($0)' was not declared" }
        for (name, columns) in tables.sorted(by: { $0.key < $1.key }) {
            guard let table = outcome.table(name) else {
                found.append("table '\(name)' is missing")
                continue
            }
            if table.columns != columns {
                found.append("table '\(name)' has the columns \(table.columns), not \(columns)")
            }
        }
        found += outcome.tables.filter { tables[$0.name] == nil }.map { "table '\($0.name)' was not declared" }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }
}
