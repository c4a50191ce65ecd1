import Checkpoints
import Experiments
import Interventions
import JSON
import TestSupport
import Testing
import Transformers

/// The embedded pair of models with pairs of a fixture, without any notebook.
enum EmbeddedStudy {
    static func models() throws -> ModelPair {
        let folder = Fixtures.repository + "/notebooks/models/"
        let checkpoint = try Checkpoint(path: folder + "demo")
        return try ModelPair(
            base: Decoder(checkpoint), tuned: Decoder(checkpoint, adapter: Adapter(folder: folder + "demo-dpo")))
    }

    static func document(_ name: String) throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("embedded/\(name).json")))
    }

    static func pairs(_ document: JSON) throws -> [PackedPair] {
        try #require(document["pairs"]?.array).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
    }
}

/// First divergences against plain transformers. Fixture: `scripts/fixtures/instruments.py divergence`.
@Suite struct DivergenceExperimentTests {
    private static func search(_ text: FirstDivergence.Text, _ document: JSON) -> FirstDivergence.Search {
        FirstDivergence.Search(
            text, length: document["length"]?.int ?? 0, ends: Set(document["ends"]?.array?.compactMap(\.int) ?? []))
    }

    @Test func `the first divergence of what both would say is where transformers finds it`() throws {
        let document = try EmbeddedStudy.document("divergence")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        let found = try Self.search(.generated, document).divergences(of: models, over: pairs, in: MemoryContext())
        let prompts = try #require(document["prompts"]?.array)
        let expected = prompts.enumerated().compactMap { place, prompt -> FirstDivergence? in
            guard let tokens = prompt["preferred"]?.array?.compactMap(\.int), tokens.count == 2 else { return nil }
            let agreed = prompt["agreed"]?.array?.compactMap(\.int) ?? []
            return FirstDivergence(
                pair: place, prefix: pairs[place].prompt + agreed, agreed: agreed.count, base: tokens[0],
                tuned: tokens[1])
        }
        #expect(!expected.isEmpty && found == expected)
    }

    @Test func `the first divergence along a given response is where transformers finds it`() throws {
        let document = try EmbeddedStudy.document("divergence")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        var search = Self.search(.chosen, document)
        search = FirstDivergence.Search(.chosen, length: 1024, ends: search.ends)
        let found = try search.divergences(of: models, over: pairs, in: MemoryContext())
        let expected = try #require(document["prompts"]?.array).enumerated().compactMap {
            place, prompt -> FirstDivergence? in
            guard let first = prompt["given"]?.array?.first?.int,
                let tokens = prompt["given"]?.array?.last?.array?.compactMap(\.int)
            else {
                return nil
            }
            return FirstDivergence(
                pair: place, prefix: pairs[place].prompt + pairs[place].chosen.prefix(first), agreed: first,
                base: tokens[0], tuned: tokens[1])
        }
        #expect(!expected.isEmpty && found == expected)
    }

    @Test(arguments: Divergence.Readout.allCases)
    func `the four cells agree with plain hooks`(_ readout: Divergence.Readout) throws {
        let document = try EmbeddedStudy.document("divergence")
        let (models, pairs, context) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document), MemoryContext())
        let places = try Self.search(.generated, document).divergences(of: models, over: pairs, in: context)
        let changes = document["changes"]?.array?.compactMap(\.int) ?? []
        let cells = try Divergence.cells(
            of: models, at: places, of: pairs, layers: changes, readout: readout, in: context)
        #expect(cells.map(\.layer) == changes)
        for (number, place) in places.enumerated() {
            let expected = document["prompts"]?.array?[place.pair]["cells"]?[readout.rawValue]
            for (index, cell) in cells.enumerated() {
                let found = [cell.baseBase, cell.baseTuned, cell.tunedBase, cell.tunedTuned].map { $0[number] }
                let numbers = expected?.array?[index].array?.compactMap(\.number) ?? []
                #expect(numbers.count == 4)
                for (one, other) in zip(found, numbers) { #expect(abs(one - other) < 1e-3, "\(place.pair) \(index)") }
            }
        }
    }

    @Test func `before the first layer and after the last, the cells are the two models, bit for bit`() throws {
        let document = try EmbeddedStudy.document("divergence")
        let (models, pairs, context) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document), MemoryContext())
        let found = try Divergence(
            models, pairs, search: Self.search(.generated, document), layers: Array(0...models.layers), readout: .later,
            halves: Halves(all: pairs.count), negligible: 0.1, in: context)
        let effects = try #require(found.effects)
        let texts = found.places.map {
            PackedPair(id: $0.pair, cluster: $0.pair, prompt: $0.prefix, chosen: [$0.tuned], rejected: [$0.base])
        }
        let clean = try PairScores(models, texts, isPerToken: false, in: MemoryContext()).pairs
        let (first, last) = (try #require(effects.cells.first), try #require(effects.cells.last))
        #expect(first.baseBase == clean.map(\.base.margin) && first.tunedBase == first.baseBase)
        #expect(first.baseTuned == clean.map(\.tuned.margin) && first.tunedTuned == first.baseTuned)
        #expect(last.baseBase == first.baseBase && last.baseTuned == first.baseBase)
        #expect(last.tunedBase == first.tunedTuned && last.tunedTuned == first.tunedTuned)
        #expect(clean.allSatisfy { $0.base.margin <= 0 && $0.tuned.margin >= 0 })
        #expect(effects.cells.count == models.layers + 1 && effects.cleanDifference == 0)
        let again = try Divergence(
            models, pairs, search: Self.search(.generated, document), layers: Array(0...models.layers), readout: .later,
            halves: Halves(all: pairs.count), negligible: 0.1, in: context)
        #expect(again.places == found.places)
        #expect(again.effects?.rows.map(\.statistics.mean) == effects.rows.map(\.statistics.mean))
    }

    @Test(arguments: Divergence.Readout.allCases)
    func `with the base as the tuned model every effect is nothing`(_ readout: Divergence.Readout) throws {
        let document = try EmbeddedStudy.document("divergence")
        let (models, pairs, context) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document), MemoryContext())
        let places = try Self.search(.generated, document).divergences(of: models, over: pairs, in: context)
        let same = try ModelPair(base: models.base, tuned: models.base)
        #expect(try Self.search(.generated, document).divergences(of: same, over: pairs, in: MemoryContext()).isEmpty)
        let cells = try Divergence.cells(
            of: same, at: places, of: pairs, layers: Array(0...models.layers), readout: readout, in: MemoryContext())
        for cell in cells {
            for effect in FourCells.Effect.allCases { #expect(cell.values(effect).allSatisfy { $0 == 0 }) }
        }
    }
}
