import Experiments
import Interventions
import JSON
import Testing

/// Shares of tuning's change. Fixture: `scripts/fixtures/instruments.py dose`.
@Suite struct DoseExperimentTests {
    @Test(arguments: [
        ("all", DoseResponse.Part.whole), ("6", .layers([6])), ("3, 4, 5", .layers([3, 4, 5])),
    ])
    func `margins at every share agree with transformers`(_ name: String, _ part: DoseResponse.Part) throws {
        let document = try EmbeddedStudy.document("dose")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        let shares = document["shares"]?.array?.compactMap(\.number) ?? []
        let found = try DoseResponse(
            models, pairs, scales: shares, parts: [part], halves: Halves(all: pairs.count),
            negligible: 0.1, in: MemoryContext())
        #expect(found.rows.map(\.scale) == shares)
        for (row, expected) in zip(found.rows, document["margins"]?[name]?.array ?? []) {
            for (one, other) in zip(row.margins, expected.array ?? []) {
                #expect(abs(one - (other.number ?? .nan)) < 2e-3, "\(name) \(row.scale)")
            }
        }
    }

    @Test func `no dose and a whole dose are the two models, bit for bit`() throws {
        let document = try EmbeddedStudy.document("dose")
        let (models, pairs, context) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document), MemoryContext())
        let found = try DoseResponse(
            models, pairs, scales: [0.5], parts: [.whole, .layers(Array(0..<models.layers))],
            halves: Halves(all: pairs.count), negligible: 0.1, in: context)
        let scores = try PairScores(models, pairs, isPerToken: false, in: MemoryContext()).pairs
        for part in found.parts {
            let rows = found.rows(of: part)
            #expect(rows.map(\.scale) == [0, 0.5, 1])
            #expect(rows[0].margins == scores.map(\.base.margin))
            #expect(rows[2].margins == scores.map(\.tuned.margin))
            #expect(rows[2].divergence.mean == 0 && rows[0].divergence.mean > 0)
            #expect(rows.map { $0.departure == nil } == [true, false, true])
        }
        // Tuning changed no embedding and no head, so all layers are the whole model at any share.
        #expect(found.rows[1].margins == found.rows[4].margins)
    }

    @Test func `a whole dose in some layers is a swap of these layers`() throws {
        let document = try EmbeddedStudy.document("dose")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        let found = try DoseResponse(
            models, pairs, scales: [1], parts: [.layers([3, 7])], halves: Halves(all: pairs.count),
            negligible: 0.1, in: MemoryContext())
        let route = Route(recipient: .base, layers: models.layers, donated: [3, 7])
        let swapped = try Walk(models, threads: 2).run([route], over: pairs)
        for (one, other) in zip(found.rows[1].margins, swapped.margins(ofRoute: 0)) { #expect(abs(one - other) < 1e-5) }
    }

    @Test func `a straight response has no departure, and a bent one is found where it bends`() throws {
        let document = try EmbeddedStudy.document("dose")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        let found = try DoseResponse(
            models, pairs, scales: [-1, 0.5, 2], parts: [.whole], halves: Halves(all: pairs.count),
            negligible: 0.1, in: MemoryContext())
        let whole = try #require(found.rows.first { $0.scale == 1 }).effect.mean
        for row in found.rows {
            guard let departure = row.departure else { continue }
            #expect(abs(departure.mean - (row.effect.mean - row.scale * whole)) < 1e-9)
        }
        // Four prompts can show nothing at 5 %.
        #expect(found.straight(.whole) == (lower: -1, upper: 2) && found.isStraightBetween(.whole))
    }

    @Test func `a direction is found on the fit pairs, added to the base, and run on the others`() throws {
        let document = try EmbeddedStudy.document("dose")
        let (models, pairs) = (try EmbeddedStudy.models(), try EmbeddedStudy.pairs(document))
        let halves = Halves(fit: [0, 1], confirm: [2, 3], of: 4)
        let found = try DoseResponse(
            models, pairs, of: .meanDifference(site: .residualPost, positions: .response), scales: [-1, 2],
            parts: [.layers([6])], halves: halves, negligible: 0.1, in: MemoryContext())
        #expect(found.numbers == [2, 3])
        var (sum, count) = ([Double](repeating: 0, count: models.base.shape.width), 0)
        let capture = Capture(site: .residualPost, layers: [6], positions: .response)
        try Walk(models, threads: 2).read([capture], over: Array(pairs[..<2])) { reading in
            for index in reading.base.indices {
                sum[index % reading.width] += Double(reading.tuned[index]) - Double(reading.base[index])
            }
            count += reading.rows.count
        }
        for row in found.rows {
            let vector = sum.map { Float(row.scale * $0 / Double(count)) }
            let edit = Edit(site: .residualPost, layer: 6, positions: .response, change: .add(vector))
            let route = Route(recipient: .base, layers: models.layers, edit: edit)
            let margins = try Walk(models, threads: 2).run([route], over: Array(pairs[2...])).margins(ofRoute: 0)
            for (one, other) in zip(row.margins, margins) { #expect(abs(one - other) < 1e-4) }
        }
        let scores = try PairScores(models, pairs, isPerToken: false, in: MemoryContext()).pairs
        #expect(found.rows.first { $0.scale == 0 }?.margins == scores[2...].map(\.base.margin))
    }
}
