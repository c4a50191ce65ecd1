import Checkpoints
import Foundation
import Interventions
import JSON
import Transformers

/// `sweep REQUEST.json`: loads a model pair, times layer sweeps over token ids, and prints margins and seconds as JSON.
///
/// The benchmark's way into the engine: no notebook, no tokenizer and no statistics, so what is timed is the walk alone.
@main
struct Sweep {
    static func main() {
        do {
            guard CommandLine.arguments.count == 2, let path = CommandLine.arguments.last else {
                throw RequestError("usage: sweep REQUEST.json")
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            print(try SweepRun(Request(JSON.parse(Array(data)))).result().text())
        } catch {
            FileHandle.standardError.write(Data("sweep: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// Loads, warms up, and times.
struct SweepRun {
    let request: Request
    let clock = ContinuousClock()

    init(_ request: Request) { self.request = request }

    func result() throws -> JSON {
        let start = clock.now
        let models = try load()
        let loading = start.duration(to: clock.now)
        // One short patch first: threads started, weights in the page cache.
        if request.warmsUp {
            _ = try sweep([models.layers - 1]).run(
                models, over: request.shortestPairs, threads: request.threads)
        }
        var seconds: [Double] = []
        var last: LayerSweep.Result?
        for _ in 0..<request.repetitions {
            let start = clock.now
            last = try sweep(Array(0..<models.layers)).run(models, over: request.pairs, threads: request.threads)
            seconds.append(start.duration(to: clock.now) / .seconds(1))
        }
        guard let last else { throw RequestError("'repetitions' is 0, expected 1 or more") }
        return .object([
            .init("load_seconds", .number(loading / .seconds(1))),
            .init("seconds", .array(seconds.map(JSON.number))),
            .init("base", numbers(last.base)),
            .init("tuned", numbers(last.tuned)),
            .init("cells", .array(last.cells.map(json))),
        ])
    }

    private func load() throws -> ModelPair {
        let base = try Checkpoint(path: request.base)
        let tuned = request.tuned == request.base ? base : try Checkpoint(path: request.tuned)
        return try ModelPair(
            base: Llama(base), tuned: Llama(tuned, adapter: request.adapter.map { try Adapter(folder: $0) }))
    }

    private func sweep(_ layers: [Int]) -> LayerSweep {
        LayerSweep(
            site: .residualPost, positions: request.positions, layers: layers, directions: request.directions,
            controls: request.controls, seed: 7)
    }

    private func json(_ cell: LayerSweep.Cell) -> JSON {
        .object([
            .init("direction", .string(cell.direction.rawValue)), .init("control", .string(cell.control.rawValue)),
            .init("layer", .int(cell.layer)), .init("margins", numbers(cell.margins)),
        ])
    }

    private func numbers(_ values: [Double]) -> JSON { .array(values.map(JSON.number)) }
}
