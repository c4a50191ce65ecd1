import Checkpoints
import Interventions
import Numerics
import TestSupport
import Testing
import Transformers

/// Two models whose heads differ in number or width, which share each layer's buffers.
@Suite struct HeadLayoutTests {
    private static let layouts = ["tied-f32", "biases-wide-heads-bf16", "grouped-untied-bf16"]

    @Test(arguments: layouts, layouts)
    func `each model computes what it computes alone, and a patch is the model put together of both`(
        _ base: String, _ tuned: String
    ) throws {
        let (base, tuned) = (try Self.model(base), try Self.model(tuned))
        let models = try ModelPair(base: base, tuned: tuned)
        let pairs = try TinyPair.pairs()
        let layer = 1
        let margins = try Walk(models, threads: 2).run(
            Source.allCases.map { Route(clean: $0, layers: models.layers) } + [
                TinyPair.patch(models, .tuned, layer, .all)
            ],
            over: pairs)
        let spliced = Decoder(
            family: "spliced", embedding: tuned.embedding,
            blocks: Array(tuned.blocks[...layer] + base.blocks[(layer + 1)...]), head: base.head, isTied: base.isTied,
            maximumLength: base.shape.maximumLength)
        for (route, model) in [base, tuned, spliced].enumerated() {
            for (place, pair) in pairs.enumerated() {
                let alone = model.logProbabilities(
                    of: TokenTree(trunk: pair.prompt, branches: [pair.chosen, pair.rejected]),
                    workspace: Workspace(Workers(count: 1)))
                let found = margins.byRoute[route][place]
                #expect(abs(found.chosen - alone[0]) < 1e-4 && abs(found.rejected - alone[1]) < 1e-4)
            }
        }
    }

    @Test func `a site that has another shape in the donor is refused by name`() throws {
        let models = try ModelPair(base: Self.model("tied-f32"), tuned: Self.model("biases-wide-heads-bf16"))
        let edit = Edit(site: .heads, layer: 1, positions: .all, change: .replace(donor: .tuned))
        #expect(throws: PatchError.mismatch(.site(.heads), base: 32, tuned: 48)) {
            try Walk(models, threads: 1).run([Route(recipient: .base, layers: 3, edit: edit)], over: TinyPair.pairs())
        }
    }

    @Test(arguments: [Site.key, .value])
    func `the only head of a site is head 0, and patching it is patching the site`(_ site: Site) throws {
        let models = try ModelPair(
            base: Self.model("biases-wide-heads-bf16"), tuned: Self.model("biases-wide-heads-bf16-tuned"))
        let routes = [nil, [0]].map { heads in
            Route(
                recipient: .base, layers: models.layers,
                edit: Edit(site: site, layer: 1, positions: .all, heads: heads, change: .replace(donor: .tuned)))
        }
        let clean = Route(clean: .base, layers: models.layers)
        let margins = try Walk(models, threads: 1).run(routes + [clean], over: TinyPair.pairs()).byRoute
        #expect(margins[0] == margins[1])
        #expect(margins[0] != margins[2])
    }

    private static func model(_ name: String) throws -> Decoder {
        try Decoder(Checkpoint(path: Fixtures.path("llamas/\(name)")))
    }
}
