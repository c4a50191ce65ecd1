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
        let walk = Walk(models, threads: request.threads, memory: request.memory)
        // One short patch first: threads started, weights in the page cache.
        if request.warmsUp {
            _ = try walk.run(routes(of: sweep([models.layers - 1]), models), over: request.shortestPairs)
        }
        let sweep = sweep(Array(0..<models.layers))
        let routes = routes(of: sweep, models)
        var seconds: [Double] = []
        var processorSeconds: [Double] = []
        var last: Margins?
        for _ in 0..<request.repetitions {
            let (start, processorStart) = (clock.now, Foundation.clock())
            last = try walk.run(routes, over: request.pairs)
            seconds.append(start.duration(to: clock.now) / .seconds(1))
            processorSeconds.append(Double(Foundation.clock() - processorStart) / Double(CLOCKS_PER_SEC))
        }
        guard let last else { throw RequestError("'repetitions' is 0, expected 1 or more") }
        return .object([
            .init("load_seconds", .number(loading / .seconds(1))),
            .init("seconds", .array(seconds.map(JSON.number))),
            .init("processor_seconds", .array(processorSeconds.map(JSON.number))),
            .init("operations", .int(try walk.size(of: routes, over: request.pairs).operations.total)),
            .init("base", numbers(last.margins(ofRoute: 0))),
            .init("tuned", numbers(last.margins(ofRoute: 1))),
            .init(
                "cells",
                .array(
                    sweep.places.enumerated().map { index, place in
                        json(place, last.margins(ofRoute: Source.allCases.count + index))
                    })),
        ])
    }

    /// Both clean runs, then one route a place.
    private func routes(of sweep: PatchSweep, _ models: ModelPair) -> [Route] {
        Source.allCases.map { Route(clean: $0, layers: models.layers) } + sweep.routes(layers: models.layers)
    }

    private func load() throws -> ModelPair {
        let base = try Checkpoint(path: request.base)
        let tuned = request.tuned == request.base ? base : try Checkpoint(path: request.tuned)
        return try ModelPair(
            base: Decoder(base), tuned: Decoder(tuned, adapter: request.adapter.map { try Adapter(folder: $0) }))
    }

    private func sweep(_ layers: [Int]) -> PatchSweep {
        PatchSweep(
            positions: [request.positions], layers: layers, directions: request.directions,
            controls: request.controls, seed: 7)
    }

    private func json(_ place: Place, _ margins: [Double]) -> JSON {
        .object([
            .init("direction", .string(place.direction.rawValue)), .init("control", .string(place.control.rawValue)),
            .init("layer", .int(place.layer)), .init("margins", numbers(margins)),
        ])
    }

    private func numbers(_ values: [Double]) -> JSON { .array(values.map(JSON.number)) }
}
