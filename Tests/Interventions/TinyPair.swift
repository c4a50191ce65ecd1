import Checkpoints
import Interventions
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// The tiny base with its tuned model or adapter, and what plain PyTorch hooks gave for them.
enum TinyPair {
    static func models(_ other: String) throws -> ModelPair {
        let folder = Fixtures.path("llamas/pair/")
        let base = try Checkpoint(path: folder + "base")
        let tuned =
            other == "adapter"
            ? try Decoder(base, adapter: Adapter(folder: folder + "adapter"))
            : try Decoder(Checkpoint(path: folder + "tuned"))
        return try ModelPair(base: Decoder(base), tuned: tuned)
    }

    static func pairs() throws -> [PackedPair] {
        try #require(document()["pairs"]?.array).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
    }

    /// Positions that the fixture has.
    static let positions: [Positions] = [.all, .response, .prompt, .lastPrompt]

    static func expected(_ other: String, _ positions: Positions) throws -> [JSON] {
        try #require(document()[other]?[positions.name]?.array)
    }

    static func patch(_ models: ModelPair, _ donor: Source, _ layer: Int, _ positions: Positions) -> Route {
        Route(
            recipient: donor.other, layers: models.layers,
            edit: Edit(site: .residualPost, layer: layer, positions: positions, change: .replace(donor: donor)))
    }

    /// Clean runs, and every change at every layer and position.
    static func everyKind(_ models: ModelPair) -> [Route] {
        let changes: [Change] = [
            .replace(donor: .tuned), .replace(donor: .base, isShared: false), .replace(donor: .tuned, from: .otherPair),
            .push(donor: .tuned, .uniform, seed: 3),
        ]
        let edits = (0..<models.layers).flatMap { layer in
            positions.flatMap { positions in
                changes.map { Edit(site: .residualPost, layer: layer, positions: positions, change: $0) }
            }
        }
        return Source.allCases.map { Route(clean: $0, layers: models.layers) }
            + edits.map { Route(recipient: .base, layers: models.layers, edit: $0) }
    }

    static func expectClose(_ found: ResponseLogProbabilities, _ expected: JSON?) {
        let values = expected?.array?.compactMap(\.number) ?? []
        guard values.count == 2 else {
            Issue.record("the fixture holds no such value")
            return
        }
        #expect(abs(found.chosen - values[0]) < 2e-4)
        #expect(abs(found.rejected - values[1]) < 2e-4)
    }

    /// Expects the same bits where a row's bits depend on that row alone, and elsewhere the same to 1e-5 nats.
    static func expectSame(_ found: [ResponseLogProbabilities], _ expected: [ResponseLogProbabilities]) {
        if Products.rowsAreIndependent { #expect(found == expected) }
        #expect(found.count == expected.count)
        for (mine, other) in zip(found, expected) {
            #expect(abs(mine.chosen - other.chosen) <= 1e-5 && abs(mine.rejected - other.rejected) <= 1e-5)
        }
    }

    private static func document() throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("llamas/pair/expected.json")))
    }
}
