import Markdown
import Notebooks
import Synchronization
import Testing
import TestSupport

/// Blocks in units and those that speak at length, stopped after every finished part, go on from there and come to the same end.
@Suite struct ResumeTests {
    /// A command with its options, and what stands before it.
    struct Case: Sendable, CustomTestStringConvertible {
        let command: String
        let options: String
        var before = ""
        var text: String {
            before
                + (command == "lasso"
                    ? "```{lasso}\nid: found\n\(options)\n```\n" : EmbeddedNotebook.block(command, options))
        }
        var testDescription: String { "\(command) \(options.replacing("\n", with: ", "))" }
    }

    static let cases = [
        Case(command: "spectrum", options: "layer: 6"),
        Case(command: "spectrum", options: "layer: 3\nchoose_on: all\ncenter: true"),
        Case(
            command: "subspace", options: "spectrum: first\nranks: [1]\nbaselines: [random]",
            before: EmbeddedNotebook.block("spectrum", "layer: 6", id: "first")),
        Case(command: "probe", options: "layers: [3, 7]\nshuffles: 1"),
        Case(command: "probe", options: "layers: [3]\nshuffles: 1\ntarget: chosen\npool: last"),
        Case(command: "logit_lens", options: "layers: [4, 11]"),
        Case(command: "distances", options: "layers: [2, 8]\nmeasure: projection"),
        Case(command: "distances", options: "layers: [2, 8]"),
        Case(command: "patch", options: "layers: [3, 6]\nrank: 2"),
        Case(command: "patch", options: "layers: [3, 6]\ncontrols: [covariance]"),
        Case(
            command: "lasso", options: "x: far\ny: scores\nstability: 70\npermutations: 2",
            before: EmbeddedNotebook.block("distances", "layers: [3, 6]", id: "far")
                + EmbeddedNotebook.block("score", id: "scores")),
    ]

    @Test(arguments: cases)
    func `a block in units continues from its last finished part`(_ example: Case) throws {
        let found = try Self.stopAndGo(example.text)
        #expect(found.stops >= 2)
        #expect(Set(found.computed).count == found.computed.count, "computed twice: \(found.computed)")
        #expect(found.resumed == found.whole)
    }

    @Test(arguments: ["temperature: 0", "temperature: 1.5", "stop: \" the\""])
    func `an answer continues from its last token`(_ option: String) throws {
        let found = try Self.stopAndGo(
            """
            ```{generate}
            id: found
            models: pair
            prompt: "\\n\\nHuman: Now I have to sell the saddle by Monday. How?\\n\\nAssistant:"
            routes: [base, tuned]
            length: 4
            \(option)
            ```

            """)
        #expect(found.stops >= 4)
        #expect(Set(found.computed).count == found.computed.count, "computed twice: \(found.computed)")
        #expect(found.resumed == found.whole)
    }

    /// Runs a notebook whole, and once more with a store that breaks down whenever it has taken one more part.
    private static func stopAndGo(
        _ blocks: String
    ) throws -> (whole: String, resumed: String, stops: Int, computed: [String]) {
        func run(_ keeper: StoppingKeeper?, _ observer: @escaping @Sendable (Session.Event) -> Void) throws -> String {
            ResultsJSON.json(
                of: try EmbeddedNotebook.evaluation(
                    "demo-dpo", limit: 48, split: "{fit: 0.5}", blocks, keeping: keeper, observer: observer)
            ).text()
        }
        let whole = try run(nil) { _ in }
        let keeper = StoppingKeeper()
        let computed = Mutex<[String]>([])
        var stops = 0
        while true {
            keeper.take(1)
            do {
                let resumed = try run(keeper) { event in
                    if case .unit(let id, let name, false) = event { computed.withLock { $0.append("\(id) \(name)") } }
                }
                return (whole, resumed, stops, computed.withLock { $0 })
            } catch let problems as Diagnostics {
                guard problems.description.contains("[store-failed]") else { throw problems }
                stops += 1
            }
        }
    }
}

/// A store in memory that takes a number of parts and then no more.
final class StoppingKeeper: ResultKeeping {
    private struct State {
        var results: [String: KeptResult] = [:]
        var units: [String: [UInt8]] = [:]
        var left = 0
    }

    private let state = Mutex(State())

    /// Takes this many parts from here on.
    func take(_ count: Int) { state.withLock { $0.left = count } }

    func result(_ key: String) -> KeptResult? { state.withLock { $0.results[key] } }
    func digest(ofResult key: String) -> String? { state.withLock { $0.results[key]?.digest } }
    func keep(_ result: KeptResult, as key: String) { state.withLock { $0.results[key] = result } }
    func unit(_ name: String, of key: String) -> [UInt8]? { state.withLock { $0.units["\(key) \(name)"] } }

    func unitNames(of key: String) -> Set<String> {
        state.withLock { state in
            Set(state.units.keys.filter { $0.hasPrefix("\(key) ") }.map { String($0.dropFirst(key.count + 1)) })
        }
    }

    func keepUnit(_ bytes: [UInt8], _ name: String, of key: String) throws {
        try state.withLock { state in
            guard state.left > 0 else { throw StoreError(path: "memory", problem: "takes no more") }
            state.left -= 1
            state.units["\(key) \(name)"] = bytes
        }
    }

    func forgetUnits(of key: String) {
        state.withLock { state in state.units = state.units.filter { !$0.key.hasPrefix(key) } }
    }

    func lastIngredients(of place: BlockPlace) -> [BlockKey.Ingredient]? { nil }
    func note(_ key: BlockKey, of place: BlockPlace) {}
    func digest(ofFile path: String) throws -> String { try PlainFileDigests().digest(ofFile: path) }
}
