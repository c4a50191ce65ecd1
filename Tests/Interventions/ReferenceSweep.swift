import Checkpoints
import Interventions
import JSON
import TestSupport
import Testing
import Transformers

/// A sweep over some layers in both directions, compared with what plain hooks gave.
struct ReferenceSweep {
    let base: String
    let adapter: String
    let layers: [Int]
    let positions: Positions

    /// Expects every margin, clean and patched, to agree to `tolerance` nats.
    func expect(_ results: JSON?, over pairs: JSON?, tolerance: Double) throws {
        let checkpoint = try Checkpoint(path: base)
        let models = try ModelPair(
            base: Decoder(checkpoint), tuned: Decoder(checkpoint, adapter: Adapter(folder: adapter)))
        let expected = try #require(results?.array).map { try #require(PatchedMargins($0)) }
        let packed = try #require(pairs?.array).prefix(expected.count).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
        try #require(packed.count == expected.count && !expected.isEmpty)
        var routes = Source.allCases.map { Route(clean: $0, layers: models.layers) }
        for donor in [Source.tuned, .base] {
            routes += layers.map { layer in
                Route(
                    recipient: donor.other, layers: models.layers,
                    edit: Edit(
                        site: .residualPost, layer: layer, positions: positions, change: .replace(donor: donor)))
            }
        }
        let margins = try Walk(models, threads: 2).run(routes, over: packed)
        for (pair, reference) in expected.enumerated() {
            let all = [reference.base, reference.tuned] + reference.tunedToBase + reference.baseToTuned
            try #require(all.count == routes.count)
            for (route, one) in all.enumerated() {
                let difference = abs(margins.byRoute[route][pair].margin - one.margin)
                #expect(difference <= tolerance, "pair \(pair), route \(route) of \(positions.name)")
            }
        }
    }
}
