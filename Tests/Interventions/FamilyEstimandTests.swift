import Checkpoints
import Foundation
import Interventions
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

/// Every family's sites and estimands against plain PyTorch hooks. Fixtures: `scripts/fixtures/families.py`, `estimands.py families`.
@Suite struct FamilyEstimandTests {
    @Test(arguments: FamilyFixture.names)
    func `every site reads as transformers computes it`(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        let models = try Self.models(fixture)
        let sites = try #require(fixture.expected["sites"]?["base"]?.object).map(\.key)
        let captures = try sites.map { name in
            let site = try #require(Site(rawValue: name))
            let layers = fixture.expected["sites"]?["base"]?[name]?["layers"]?.array?.compactMap(\.int) ?? []
            return Capture(site: site, layers: layers, positions: .all)
        }
        let pair = PackedPair(
            id: 0, cluster: 0, prompt: fixture.tokens("prompt"), chosen: fixture.tokens("chosen"), rejected: [])
        var read = 0
        try Walk(models, threads: 2).read(captures, over: [pair]) { reading in
            for source in Source.allCases {
                let model = source == .base ? "base" : "tuned"
                let expected = try fixture.floats("sites", model, sites[reading.capture], "projections")
                let layers = captures[reading.capture].layers
                let place = try #require(layers.count == 1 ? 0 : layers.firstIndex(of: reading.layer))
                let largest = expected.map(abs).max() ?? 0
                for row in reading.rows.indices {
                    let values = reading[source][row * reading.width..<(row + 1) * reading.width]
                    let projection = values.enumerated().reduce(0) {
                        $0 + Double($1.element) * sin(0.7 * Double($1.offset + 1))
                    }
                    let difference = abs(projection - Double(expected[place * reading.rows.count + row]))
                    #expect(
                        difference <= 2e-5 * Double(max(largest, 1)),
                        "\(sites[reading.capture]) of layer \(reading.layer), row \(row), \(model): off by \(difference)"
                    )
                }
                read += 1
            }
        }
        #expect(read == 2 * captures.reduce(0) { $0 + max($1.layers.count, 1) })
    }

    @Test(arguments: FamilyFixture.names.filter { Self.document($0) != nil })
    func `every site, position, direction and estimand agrees with plain hooks`(_ name: String) throws {
        let document = try #require(Self.document(name))
        let models = try Self.models(FamilyFixture(name))
        let reference = try ReferenceEstimands(document, models, tolerance: 5e-4)
        try reference.expectSites(document["patches"])
        try reference.expectBlocks()
        try reference.expectChanges()
        try reference.expectDivergences(tolerance: 1e-4)
        try reference.expectAblations(document["ablations"])
        try reference.expectMeans(document["means"])
        try reference.expectHybrids(document["hybrids"])
    }

    @Test func `a site that a family lacks is an error by name`() throws {
        for (name, site, family) in [("gpt-neox", Site.residualMiddle, "gpt_neox"), ("gpt2", .rotatedKey, "gpt2")] {
            let models = try Self.models(FamilyFixture(name))
            let edit = Edit(site: site, layer: 1, positions: .all, change: .setToZero)
            let route = Route(recipient: .base, layers: models.layers, edit: edit)
            #expect(throws: PatchError.noSuchSite(site, layer: 1, family: family)) {
                try Walk(models, threads: 1).run([route], over: TinyPair.pairs())
            }
        }
    }

    /// A buffer of a few rows sends every product through panels, batches and chunks, as only large models do otherwise.
    @Test(arguments: FamilyFixture.names)
    func `how many weights are decoded at once changes no bit`(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        let models = try Self.models(fixture)
        let pairs = [
            PackedPair(
                id: 0, cluster: 0, prompt: fixture.tokens("prompt"), chosen: fixture.tokens("chosen"),
                rejected: fixture.tokens("rejected"))
        ]
        let routes =
            [Route(clean: .base, layers: models.layers), Route(clean: .tuned, layers: models.layers)]
            + (0..<models.layers).map { layer in TinyPair.patch(models, .tuned, layer, .response) }
        let whole = try Walk(models, threads: 2).run(routes, over: pairs)
        for floats in [64 * models.base.shape.width, 1] {
            #expect(try Walk(models, threads: 2, panelFloats: floats).run(routes, over: pairs) == whole)
        }
    }

    private static func models(_ fixture: FamilyFixture) throws -> ModelPair {
        try ModelPair(
            base: Decoder(Checkpoint(path: fixture.path("base"))),
            tuned: Decoder(Checkpoint(path: fixture.path("tuned"))))
    }

    private static func document(_ name: String) -> JSON? {
        try? JSON.parse(Fixtures.bytes(Fixtures.path("families/\(name)/estimands.json")))
    }
}
