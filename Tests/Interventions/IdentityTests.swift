import Interventions
import Numerics
import Random
import TestSupport
import Testing
import Transformers

/// Identities of the method that any models and pairs must show, over routes of every kind.
@Suite struct IdentityTests {
    @Test(arguments: UInt64(0)..<6)
    func `many routes together are what each gives alone, on each response's plain sequence`(_ seed: UInt64) throws {
        let models = try TinyPair.models(seed % 2 == 0 ? "tuned" : "adapter")
        var random = RandomRoutes(seed: seed, models)
        let pairs = random.pairs(3)
        let routes = random.draw(24, alone: true)
        let together = try Walk(models, threads: 2).run(routes, over: pairs)
        for (index, route) in routes.enumerated() {
            for (place, pair) in pairs.enumerated() {
                let found = together.byRoute[index][place]
                let chosen = try Walk(models, threads: 1).run([route], over: [pair.onlyChosen]).byRoute[0][0].chosen
                let rejected = try Walk(models, threads: 1).run([route], over: [pair.onlyRejected]).byRoute[0][0]
                    .rejected
                #expect(abs(found.chosen - chosen) <= 1e-4 * Double(pair.chosenTokens))
                #expect(abs(found.rejected - rejected) <= 1e-4 * Double(pair.rejectedTokens))
            }
        }
    }

    @Test func `threads, memory and a second run change no bit`() throws {
        let models = try TinyPair.models("tuned")
        var random = RandomRoutes(seed: 11, models)
        let pairs = random.pairs(16)
        let routes = random.draw(40)
        let one = try Walk(models, threads: 1).run(routes, over: pairs)
        for threads in 1...8 { #expect(try Walk(models, threads: threads).run(routes, over: pairs) == one) }
        for memory in [1, 200_000, 2_000_000, 1 << 40] {
            #expect(try Walk(models, threads: 2, memory: memory).run(routes, over: pairs) == one)
        }
    }

    @Test func `whichever pairs walk beside a pair, in any order, change none of its bits`() throws {
        let models = try TinyPair.models("adapter")
        var random = RandomRoutes(seed: 12, models)
        let pairs = random.pairs(16, longest: 30)
        let routes = random.draw(16, alone: true)
        let alone = try pairs.map { try Walk(models, threads: 1).run(routes, over: [$0]) }
        var generator = SeededGenerator(seed: 13)
        for count in 1...16 {
            let order = Array(pairs.indices.shuffled(using: &generator).prefix(count))
            let packed = try Walk(models, threads: 2).run(routes, over: order.map { pairs[$0] })
            for (place, pair) in order.enumerated() {
                for route in routes.indices {
                    let (found, expected) = (packed.byRoute[route][place], alone[pair].byRoute[route][0])
                    if Products.rowsAreIndependent {
                        #expect(found == expected)
                    } else {
                        #expect(abs(found.margin - expected.margin) < 1e-4)
                    }
                }
            }
        }
    }

    @Test func `a patch from some response token on changes nothing before it`() throws {
        let models = try TinyPair.models("tuned")
        let pair = try TinyPair.pairs()[2]
        for site in Site.allCases {
            let layer = site == .finalNorm ? 2 : site == .embedding ? 0 : 1
            let edit = Edit(
                site: site, layer: layer, positions: .response(from: 2), change: .mix(donor: .tuned, weight: 3))
            let tokens = try Walk(models, threads: 2).tokens(
                [Route(clean: .base, layers: 3), Route(recipient: .base, layers: 3, edit: edit)], over: [pair])
            // The third token is predicted by the second, which is not edited.
            #expect(tokens[0][0].chosen[...2] == tokens[1][0].chosen[...2])
            #expect(tokens[0][0].chosen[3...] != tokens[1][0].chosen[3...], "\(site)")
        }
    }

    @Test func `every block, the embedding and the head of the other model are the other model`() throws {
        let models = try TinyPair.models("tuned")
        var swapped = Route(recipient: .base, layers: 3, donated: 0..<3)
        swapped.embedding = .tuned
        swapped.head = .tuned
        #expect(swapped == Route(clean: .tuned, layers: 3))
        var unshared = Route(
            recipient: .base, layers: 3,
            edit: Edit(site: .embedding, layer: 0, positions: .all, change: .replace(donor: .tuned, isShared: false)))
        unshared.blocks = [.tuned, .tuned, .tuned]
        unshared.head = .tuned
        let margins = try Walk(models, threads: 2).run([unshared, swapped], over: TinyPair.pairs())
        #expect(margins.byRoute[0] == margins.byRoute[1])
    }

    @Test func `hybrids are all-position patches, and their increments sum to the gain`() throws {
        let models = try TinyPair.models("tuned")
        let hybrids = (-1..<3).map { Route(donor: .tuned, upTo: $0, layers: 3) }
        let patches = (0..<3).map { TinyPair.patch(models, .tuned, $0, .all) }
        let margins = try Walk(models, threads: 2).run(
            Source.allCases.map { Route(clean: $0, layers: 3) } + hybrids + patches, over: TinyPair.pairs())
        for layer in 0..<3 { #expect(margins.byRoute[3 + layer] == margins.byRoute[6 + layer]) }
        for pair in 0..<4 {
            let values = margins.byRoute.map { $0[pair].margin }
            let ends = (values[2] - values[0]) + (values[1] - values[5])
            let increments = (3...5).reduce(0) { $0 + values[$1] - values[$1 - 1] }
            #expect(abs(ends + increments - (values[1] - values[0])) < 1e-9)
        }
    }

    @Test func `groups of pairs that run in any order, by different walks, make up the whole`() throws {
        let models = try TinyPair.models("tuned")
        var random = RandomRoutes(seed: 14, models)
        let pairs = random.pairs(40, longest: 30)
        let routes = random.draw(4)
        let whole = try Walk(models, threads: 2).run(routes, over: pairs)
        let planned = try (1...2).map { try Walk(models, threads: $0).plan(routes, over: pairs) }
        #expect(planned[0].groups.count > 2)
        var parts: [Int: [[ResponseLogProbabilities]]] = [:]
        for group in planned[0].groups.indices.reversed() { parts[group] = try planned[group % 2].run(group: group) }
        #expect(planned[0].margins(of: planned[0].groups.indices.flatMap { parts[$0] ?? [] }) == whole)
    }
}
