import Foundation
import Interventions
import JSON
import Testing
import Transformers

/// What plain hooks gave for every site and estimand on one pair of models. Fixtures: `scripts/fixtures/estimands.py`.
struct ReferenceEstimands {
    private let document: JSON
    private let models: ModelPair
    private let pairs: [PackedPair]
    /// Nats that a sum of log-probabilities may differ by.
    private let tolerance: Double

    init(_ document: JSON, _ models: ModelPair, tolerance: Double) throws {
        self.document = document
        self.models = models
        self.tolerance = tolerance
        pairs = try Self.pairs(document)
    }

    static func pairs(_ document: JSON) throws -> [PackedPair] {
        try #require(document["pairs"]?.array).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
    }

    private var layers: [Int] { document["layers"]?.array?.compactMap(\.int) ?? Array(0..<models.layers) }

    private func layers(of site: Site) -> [Int] {
        switch site {
        case .embedding: [0]
        case .finalNorm: [models.layers - 1]
        default: layers
        }
    }

    /// The sites that the models have.
    private var sites: [Site] { Site.allCases.filter { models.base.shape(of: $0, layer: 0) != nil } }

    private var positions: [Positions] {
        get throws {
            try #require(document["positions"]?.array).compactMap(\.string).map { try Positions($0) }
        }
    }

    /// Every site at every choice of positions, in both directions.
    func expectSites(_ patches: JSON?) throws {
        var routes: [Route] = []
        var expected: [JSON?] = []
        for site in sites {
            for positions in try positions {
                for direction in Direction.allCases {
                    let found = patches?[site.rawValue]?[positions.name]?[direction.rawValue]?.array
                    for (place, layer) in layers(of: site).enumerated() {
                        routes.append(
                            Route(
                                recipient: direction.recipient, layers: models.layers,
                                edit: Edit(
                                    site: site, layer: layer, positions: positions,
                                    change: .replace(donor: direction.donor))))
                        expected.append(found?[place])
                    }
                }
            }
        }
        try expect(routes, expected)
    }

    /// Every site set to zero at every choice of positions, in the base.
    func expectAblations(_ ablations: JSON?) throws {
        var routes: [Route] = []
        var expected: [JSON?] = []
        for site in sites {
            for positions in try positions {
                for (place, layer) in layers(of: site).enumerated() {
                    let edit = Edit(site: site, layer: layer, positions: positions, change: .setToZero)
                    routes.append(Route(recipient: .base, layers: models.layers, edit: edit))
                    expected.append(ablations?[site.rawValue]?[positions.name]?.array?[place])
                }
            }
        }
        try expect(routes, expected)
    }

    /// Every site set to its mean over the tokens of the chosen texts at every choice of positions, in the base.
    func expectMeans(_ means: JSON?) throws {
        let captures = sites.map { Capture(site: $0, layers: layers(of: $0), positions: .all) }
        var sums: [[Int: (sum: [Double], count: Int)]] = sites.map { _ in [:] }
        try Walk(models, threads: 2).read(captures, over: pairs.map(\.onlyChosen)) { reading in
            var (sum, count) =
                sums[reading.capture][reading.layer] ?? (Array(repeating: 0, count: reading.width), 0)
            for (index, value) in reading.base.enumerated() { sum[index % reading.width] += Double(value) }
            count += reading.rows.count
            sums[reading.capture][reading.layer] = (sum, count)
        }
        var routes: [Route] = []
        var expected: [JSON?] = []
        for (index, site) in sites.enumerated() {
            for positions in try positions {
                for (place, layer) in layers(of: site).enumerated() {
                    let (sum, count) = try #require(sums[index][layer])
                    let mean = sum.map { Float($0 / Double(count)) }
                    let edit = Edit(site: site, layer: layer, positions: positions, change: .set(mean))
                    routes.append(Route(recipient: .base, layers: models.layers, edit: edit))
                    expected.append(means?[site.rawValue]?[positions.name]?.array?[place])
                }
            }
        }
        try expect(routes, expected)
    }

    /// The donor's embedding and first blocks, from none on.
    func expectHybrids(_ hybrids: JSON?) throws {
        for direction in Direction.allCases {
            let expected = try #require(hybrids?[direction.rawValue]?.array)
            #expect(expected.count == models.layers + 1)
            try expect(
                (-1..<models.layers).map { Route(donor: direction.donor, upTo: $0, layers: models.layers) }, expected)
        }
    }

    /// One block exchanged, and all but one.
    func expectBlocks() throws {
        for (name, leavesOneOut) in [("swap", false), ("leave_one_out", true)] {
            let sweep = BlockSweep(leavesOneOut: leavesOneOut, layers: layers, directions: Direction.allCases)
            try expect(
                sweep.routes(layers: models.layers),
                Direction.allCases.flatMap { direction in
                    layers.indices.map { document[name]?[direction.rawValue]?.array?[$0] }
                })
        }
    }

    /// Projections and ablations, on whole sites and on a head.
    func expectChanges() throws {
        let changes = try #require(document["changes"]?.array)
        #expect(changes.count == 9)
        let routes = try changes.map { row in
            let site = try #require(row["site"]?.string.flatMap(Site.init(rawValue:)))
            let heads = row["heads"]?.array?.compactMap(\.int)
            let shape = try #require(models.base.shape(of: site, layer: 0))
            let width = heads.map { $0.count * shape.headWidth } ?? shape.width
            let basis = Basis(
                spanning: [1, 0.7].map { step in (0..<width).map { Float(sin(step * Double($0 + 1)) / 2) } })
            let change: Change =
                switch row["kind"]?.string {
                case "project": .project(donor: .tuned, onto: basis)
                case "remove": .remove(basis)
                default: .setToZero
                }
            return Route(
                recipient: .base, layers: models.layers,
                edit: Edit(
                    site: site, layer: try #require(row["layer"]?.int), positions: .response, heads: heads,
                    change: change))
        }
        try expect(routes, changes.map { $0["results"] })
    }

    /// Mean KL from the tuned model, of the clean runs and of patches of the residual stream.
    func expectDivergences(tolerance: Double) throws {
        let expected = document["divergence"]
        var routes = Source.allCases.map { Route(clean: $0, layers: models.layers) }
        var values: [JSON?] = [expected?["base"]]
        for positions in try positions {
            for direction in Direction.allCases {
                for (place, layer) in layers.enumerated() {
                    routes.append(TinyPair.patch(models, direction.donor, layer, positions))
                    values.append(expected?[direction.rawValue]?[positions.name]?.array?[place])
                }
            }
        }
        let found = try Walk(models, threads: 2).run(routes, over: pairs, measuresDivergence: true).byRoute
        #expect(found[1].allSatisfy { $0.divergence == 0 }, "the tuned model does not diverge from itself")
        for (route, value) in zip([0] + Array(2..<routes.count), values) {
            for pair in pairs.indices {
                let divergence = try #require(found[route][pair].divergence)
                let number = try #require(value?.array?[pair].number)
                #expect(abs(divergence - number) <= tolerance, "route \(route), pair \(pair): \(divergence), \(number)")
            }
        }
        // Asking for KL changes nothing else.
        let plain = try Walk(models, threads: 1).run(routes, over: pairs).byRoute
        #expect(
            zip(found, plain).allSatisfy {
                zip($0, $1).allSatisfy { $0.chosen == $1.chosen && $0.rejected == $1.rejected }
            })
    }

    private func expect(_ routes: [Route], _ expected: [JSON?]) throws {
        let margins = try Walk(models, threads: 2).run(routes, over: pairs)
        for (route, values) in expected.enumerated() {
            for pair in pairs.indices {
                let numbers = try #require(values?.array?[pair].array).compactMap(\.number)
                try #require(numbers.count == 2)
                let found = margins.byRoute[route][pair]
                #expect(abs(found.chosen - numbers[0]) <= tolerance, "\(routes[route].edits), pair \(pair)")
                #expect(abs(found.rejected - numbers[1]) <= tolerance, "\(routes[route].edits), pair \(pair)")
            }
        }
    }
}
