import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

/// What a walk hands out on its way: activations, log-probabilities token by token, logits.
@Suite struct ReadingTests {
    @Test func `readings come layer by layer, with what stands at each row`() throws {
        let models = try TinyPair.models("tuned")
        let pairs = try TinyPair.pairs()
        var places: [[Int]] = []
        let captures = [
            Capture(site: .residualPost, layers: [0, 2], positions: .response(to: 1)),
            Capture(site: .heads, layers: [1], positions: .lastPrompt),
        ]
        try Walk(models, threads: 2).read(captures, over: pairs) { reading in
            places.append([reading.layer, reading.capture, reading.pair])
            #expect(reading.base.count == reading.rows.count * reading.width)
            #expect(reading.base != reading.tuned)
            if reading.capture == 1 { #expect(reading.rows[0].isChosen == nil && reading.rows[0].next.count == 2) }
            if reading.capture == 0 {
                #expect(reading.rows.map(\.isChosen) == [true, false])
                #expect(reading.rows[0].position == reading.rows[1].position)
            }
        }
        let expected = [(0, 0), (1, 1), (2, 0)].flatMap { layer, capture in (0..<4).map { [layer, capture, $0] } }
        #expect(places == expected)
    }

    @Test(arguments: Site.allCases)
    func `putting back what was read at a site gives the model that it was read from`(_ site: Site) throws {
        let models = try TinyPair.models("tuned")
        let pair = try TinyPair.pairs()[0]
        let layer = site == .finalNorm ? 2 : site == .embedding ? 0 : 1
        var routes = [Route(clean: .tuned, layers: 3), TinyPair.patch(models, .base, 0, .all)]
        try Walk(models, threads: 2).read([Capture(site: site, layers: [layer], positions: .all)], over: [pair]) {
            found in
            // Both branches have the same positions, so only those of the prompt can be named one by one.
            var given = Route(clean: .tuned, layers: 3)
            var donated = Route(clean: .tuned, layers: 3)
            for (index, row) in found.rows.enumerated() where row.isChosen == nil {
                let values = Array(found.base[index * found.width..<(index + 1) * found.width])
                let place = Positions.explicit([row.position])
                given.edits.append(Edit(site: site, layer: layer, positions: place, change: .set(values)))
                donated.edits.append(
                    Edit(site: site, layer: layer, positions: place, change: .replace(donor: .base)))
            }
            routes += [given, donated]
        }
        let margins = try Walk(models, threads: 2).run(routes, over: [pair])
        TinyPair.expectSame(margins.byRoute[2], margins.byRoute[3])
    }

    @Test func `token log-probabilities sum to the response's, and logits give the same`() throws {
        let models = try TinyPair.models("adapter")
        let pair = try TinyPair.pairs()[0]
        let route = TinyPair.patch(models, .tuned, 1, .prompt)
        let walk = Walk(models, threads: 2)
        let tokens = try walk.tokens([route], over: [pair])[0][0]
        let sums = try walk.run([route], over: [pair]).byRoute[0][0]
        #expect(tokens.chosen.reduce(0, +) == sums.chosen && tokens.rejected.reduce(0, +) == sums.rejected)
        for index in tokens.chosen.indices {
            let logits = try walk.logits(
                of: route, prompt: pair.prompt, continuation: Array(pair.chosen[..<index]))
            let row = logits.map(Double.init)
            #expect(abs(row[pair.chosen[index]] - LogSumExp.of(row) - tokens.chosen[index]) < 1e-5)
        }
    }

    @Test func `the logit lens at the last layer is the model`() throws {
        let models = try TinyPair.models("tuned")
        let pairs = try TinyPair.pairs()
        let tokens = try Walk(models, threads: 2).tokens([Route(clean: .base, layers: 3)], over: pairs)[0]
        let capture = Capture(site: .residualPost, layers: [2], positions: .response)
        try Walk(models, threads: 2).read([capture], over: pairs) { reading in
            let rows = reading.rows.indices.filter {
                reading.rows[$0].isChosen == true && !reading.rows[$0].next.isEmpty
            }
            let states = rows.flatMap { reading.base[$0 * reading.width..<($0 + 1) * reading.width] }
            let found = models.base.head.logProbabilities(
                of: states, tokens: rows.map { reading.rows[$0].next[0] },
                workspace: Workspace(Workers(count: 1)))
            let expected = Array(tokens[reading.pair].chosen.dropFirst())
            #expect(found.count == expected.count)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 })
        }
    }

    @Test func `operations count the cone: a response patch leaves the prompt alone`() throws {
        let models = try TinyPair.models("tuned")
        let pairs = [try TinyPair.pairs()[0]]
        let walk = Walk(models, threads: 1)
        func total(_ routes: [Route]) throws -> OperationCount { try walk.size(of: routes, over: pairs).operations }
        let clean = Source.allCases.map { Route(clean: $0, layers: 3) }
        let both = try total(clean)
        // Width 32, 4 heads and 2 key/value heads of 8, inner width 32: 22 rows, of which 12 predict. Nothing depends on the last
        // row of a response.
        let block = (keys: 2 * 32 * 2 * 16, outputs: 2 * 32 * (2 * 32 + 3 * 32))
        #expect(both.blocks == 2 * (3 * 20 * block.keys + (2 * 20 + 12) * block.outputs))
        #expect(both.head == 2 * 12 * 2 * 32 * 80)
        let patched = try total(clean + [TinyPair.patch(models, .tuned, 0, .response)])
        #expect(patched.blocks - both.blocks == 2 * 11 * block.keys + (11 + 11) * block.outputs)
        #expect(patched.head - both.head == 11 * 2 * 32 * 80)
    }
}
