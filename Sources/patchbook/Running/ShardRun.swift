import Foundation
import Markdown
import Notebooks
import Store

extension NotebookRun {
    /// As one of several tasks: computes a share of the notebooks' long work into part files, and writes no page.
    /// - Throws: `Ending.failed` when a block failed.
    func compute(_ share: ShardOptions.Share, of pages: [OutputPlan.Page]) throws {
        guard let arithmetic = pages.first?.session.analysis.document.arithmetic else { return }
        let parts = PartFolder(share.parts, arithmetic: arithmetic)
        let shard = Shard(share.number.number, of: share.number.count, parts: parts)
        for page in pages {
            do {
                let analysis = try page.session.analysis.sound()
                let progress = ProgressLines(isQuiet: options.isQuiet, log: log, point: analysis.point)
                let evaluation = page.session.run(
                    options.policy, keeping: try stores.store(of: analysis.project), shard: shard,
                    resources: options.runOptions.resources
                ) { progress.show($0) }
                let failures = evaluation.blocks.compactMap(\.failure).filter { $0.reason == .failed }
                guard failures.isEmpty else { throw Diagnostics(failures.flatMap(\.problems)) }
                print(
                    "\(page.name): task \(share.number.number) of \(share.number.count) is done; \(Waves(evaluation, analysis).next)"
                )
            } catch {
                fail(error, page.name)
            }
        }
        if let ending { throw ending }
    }
}

/// In how many rounds of tasks a notebook's work can be done: work that needs another's whole result comes in a later round.
struct Waves {
    /// Blocks by wave, from the first.
    let blocks: [[String]]

    init(_ evaluation: Evaluation, _ analysis: Analysis) {
        let references = Dictionary(
            analysis.blocks.map { ($0.id, $0.references) }, uniquingKeysWith: { first, _ in first })
        let shared = Set(analysis.blocks.filter { $0.command.worksInUnits }.map(\.id))
        var wave: [String: Int] = [:]
        var blocks: [[String]] = []
        for block in evaluation.blocks where block.failure != nil {
            let id = block.head.id
            let before = references[id]?.compactMap { wave[$0] }.max()
            guard shared.contains(id) else {
                // What is computed in one piece is ready for the next wave as soon as what it needs is merged.
                wave[id] = before
                continue
            }
            let first = (before ?? -1) + 1
            let last: Int =
                if case .postponed(let work) = block.failure?.reason { first + work.roundsAfter } else { first }
            for number in first...last {
                if blocks.count == number { blocks.append([]) }
                blocks[number].append(id)
            }
            wave[id] = last
        }
        self.blocks = blocks
    }

    /// What is to be done after this one.
    var next: String {
        switch blocks.count {
        case 0: "nothing was left to share out: render it"
        case 1: "when all tasks are, merge the parts and render"
        default:
            "when all tasks are, merge the parts and start the tasks again: \(blocks[1].map { "'\($0)'" }.joined(separator: ", ")) "
                + (blocks[1].count == 1 ? "needs" : "need") + " whole results"
        }
    }
}
