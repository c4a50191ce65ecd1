import Foundation
import Interventions
import JSON
import TestSupport
import Testing
import Transformers

/// Every site, position and direction against plain PyTorch hooks, one forward each. Fixture: `scripts/fixtures/sites.py`.
@Suite struct SiteTests {
    @Test(arguments: Site.allCases)
    func `a patch at any site and positions agrees with plain hooks`(_ site: Site) throws {
        let document = try Self.document()
        let models = try TinyPair.models("tuned")
        let pairs = try Self.pairs(document)
        let names = try #require(document["positions"]?.array).compactMap(\.string)
        var routes: [Route] = []
        var expected: [JSON] = []
        for name in names {
            for direction in Direction.allCases {
                let found = document["patches"]?[site.rawValue]?[name]?[direction.rawValue]?.array
                for (place, margins) in try #require(found).enumerated() {
                    let layer = site == .finalNorm ? models.layers - 1 : place
                    let edit = Edit(
                        site: site, layer: layer, positions: try Positions(name),
                        change: .replace(donor: direction.donor))
                    routes.append(Route(recipient: direction.recipient, layers: models.layers, edit: edit))
                    expected.append(margins)
                }
            }
        }
        let margins = try Walk(models, threads: 2).run(routes, over: pairs)
        for route in routes.indices {
            for pair in pairs.indices {
                TinyPair.expectClose(margins.byRoute[route][pair], expected[route].array?[pair])
            }
        }
    }

    @Test func `every other kind of change agrees with plain hooks, on whole sites and on some heads`() throws {
        let document = try Self.document()
        let models = try TinyPair.models("tuned")
        let pairs = try Self.pairs(document)
        let changes = try #require(document["changes"]?.array)
        #expect(changes.count == 21)
        let routes = try changes.map { row in
            let site = try #require(row["site"]?.string.flatMap(Site.init(rawValue:)))
            let heads = row["heads"]?.array?.compactMap(\.int)
            let shape = try #require(models.base.shape(of: site, layer: 0))
            let width = heads.map { $0.count * shape.headWidth } ?? shape.width
            return Route(
                recipient: .base, layers: models.layers,
                edit: Edit(
                    site: site, layer: try #require(row["layer"]?.int), positions: .response, heads: heads,
                    change: try #require(Self.change(row["kind"]?.string, width))))
        }
        let margins = try Walk(models, threads: 2).run(routes, over: pairs)
        for (route, row) in changes.enumerated() {
            for pair in pairs.indices {
                TinyPair.expectClose(margins.byRoute[route][pair], row["results"]?.array?[pair])
            }
        }
    }

    private static func change(_ kind: String?, _ width: Int) -> Change? {
        func vector(_ step: Double) -> [Float] { (0..<width).map { Float(sin(step * Double($0 + 1)) / 2) } }
        let basis = Basis(spanning: [vector(1), vector(0.7)])
        return switch kind {
        case "interpolate": .mix(donor: .tuned, weight: -0.5)
        case "add_difference": .addDifference(donor: .tuned, from: .otherPair)
        case "project": .project(donor: .tuned, onto: basis)
        case "add": .add(vector(1))
        case "zero": .setToZero
        case "set": .set(vector(1))
        case "remove": .remove(basis)
        default: nil
        }
    }

    private static func document() throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("sites/expected.json")))
    }

    private static func pairs(_ document: JSON) throws -> [PackedPair] {
        try #require(document["pairs"]?.array).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
    }
}
