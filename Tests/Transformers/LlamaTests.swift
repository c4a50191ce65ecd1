import Checkpoints
import JSON
import Numerics
import TestSupport
import Testing
import Transformers

@Suite struct LlamaTests {
    /// Fixtures: `scripts/fixtures/llamas.py`, logits by transformers in f32.
    @Test(arguments: [
        "tied-f32", "grouped-untied-bf16", "llama3-rope-f16", "linear-rope-bf16", "biases-wide-heads-bf16",
        "sharded-bf16", "gguf/model.gguf",
    ])
    func `logits agree with transformers on every variant`(_ variant: String) throws {
        let folder = Fixtures.path("llamas/" + (variant.hasSuffix(".gguf") ? "gguf" : variant))
        let model = try Decoder(Checkpoint(path: Fixtures.path("llamas/" + variant)))
        let tokens = try tokens()
        let expected = try Fixtures.floats(folder + "/logits.f32")
        let found = model.logits(of: tokens, workspace: Workspace(Workers(count: 2)))
        #expect(found.count == expected.count)
        let largest = expected.map(abs).max() ?? 0
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 2e-4 * largest, "largest difference \(difference) of \(largest)")
    }

    @Test func `log-probabilities of a packed tree are those of its sequences`() throws {
        let model = try Decoder(Checkpoint(path: Fixtures.path("llamas/grouped-untied-bf16")))
        let tokens = try tokens()
        let tree = TokenTree(
            trunk: Array(tokens[0..<7]), branches: [Array(tokens[7..<16]), Array(tokens[16..<18])])
        let packed = logProbabilities(of: tree, model)
        for (branch, response) in tree.branches.enumerated() {
            let alone = logProbabilities(of: TokenTree(trunk: tree.trunk, branches: [response]), model)
            #expect(abs(alone[0] - packed[branch]) < 1e-4)
            #expect(abs(byLogits(tree.trunk, response, model) - packed[branch]) < 1e-4)
        }
    }

    @Test func `a later token changes nothing before it`() throws {
        let model = try Decoder(Checkpoint(path: Fixtures.path("llamas/tied-f32")))
        var tokens = try tokens()
        let before = model.logits(of: tokens, workspace: Workspace(Workers(count: 1)))
        tokens[30] = (tokens[30] + 1) % 80
        let after = model.logits(of: tokens, workspace: Workspace(Workers(count: 1)))
        #expect(before[..<(30 * 80)] == after[..<(30 * 80)])
        #expect(before[(30 * 80)...] != after[(30 * 80)...])
    }

    @Test func `parameters are counted as transformers counts them`() throws {
        #expect(try Decoder(Checkpoint(path: Fixtures.path("llamas/tied-f32"))).parameterCount == 24_288)
    }

    private func tokens() throws -> [Int] {
        try JSON.parse(Fixtures.bytes(Fixtures.path("llamas/tokens.json"))).array?.compactMap(\.int) ?? []
    }

    private func logProbabilities(of tree: TokenTree, _ model: Decoder) -> [Double] {
        model.logProbabilities(of: tree, workspace: Workspace(Workers(count: 2)))
    }

    private func byLogits(_ prompt: [Int], _ response: [Int], _ model: Decoder) -> Double {
        let vocabulary = model.shape.vocabulary
        let logits = model.logits(of: prompt + response, workspace: Workspace(Workers(count: 1)))
        return response.enumerated().reduce(0) { sum, item in
            let row = logits[(prompt.count + item.offset - 1) * vocabulary..<(prompt.count + item.offset) * vocabulary]
                .map(Double.init)
            return sum + row[item.element] - LogSumExp.of(row)
        }
    }
}
